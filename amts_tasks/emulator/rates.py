"""Requests a second, as the service quotas page gives them for an account and Region; asked only with a switch."""

from __future__ import annotations

from collections import deque

A_SECOND = {
    "CreateParallelData": 5,
    "UpdateParallelData": 5,
    "DeleteParallelData": 5,
    "GetParallelData": 10,
    "ListParallelData": 10,
    "StartTextTranslationJob": 5,
    "StopTextTranslationJob": 5,
    "DescribeTextTranslationJob": 10,
    "ListTextTranslationJobs": 10,
    "ImportTerminology": 5,
    "DeleteTerminology": 5,
    "GetTerminology": 10,
    "ListTerminologies": 10,
}
"""Operation → requests a second; the others have none that is documented (developer guide, December 2022)."""


class Rates:
    """The calls of the last second, by Region and operation; changed under the service's lock."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], deque[float]] = {}

    def take(self, region: str, operation: str, now: float) -> bool:
        """Whether the call fits; a refused one does not count."""
        most = A_SECOND.get(operation)
        if most is None:
            return True
        seen = self._seen.setdefault((region, operation), deque())
        while seen and not now - 1 < seen[0] <= now:
            seen.popleft()
        if len(seen) >= most:
            return False
        seen.append(now)
        return True
