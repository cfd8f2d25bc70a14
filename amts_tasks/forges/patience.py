"""How long a forge is waited for, and what is said where it refuses.

A forge limits how much it is asked, and says when it answers again. What is short is waited for; what is long is left
to the next run, for a worker is not to be held for an hour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from amts_tasks.errors import ForgeError

T = TypeVar("T")

MOST_SECONDS = 300.0
"""What one step waits for a forge in all."""
UNKNOWN_SECONDS = 60.0
"""What is waited where a forge does not say for how long: what GitHub asks for after a secondary limit."""
_TRIES = 3
"""How often a question is put to a forge that is in trouble."""
_FIRST_SECONDS = 5.0
"""What is waited before the second try; the third comes after five times that."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a forge did not answer."""

    text: str
    """Where, what it said, what to do."""
    seconds: float | None = None
    """When it can be asked again, where it limits how much it is asked."""
    trouble: bool = False
    """Whether it is the forge's or the network's own trouble, which may be over soon."""


@dataclass(slots=True)
class Patience:
    """What is left of it in one step, by clocks that are given."""

    sleep: Callable[[float], None]
    clock: Callable[[], datetime]
    say: Callable[[str], None] = lambda line: None
    left: float = field(default=MOST_SECONDS)
    _given_up: str = ""

    def ask(
        self,
        question: Callable[[], T],
        refusal: Callable[[Exception], Refusal],
        errors: tuple[type[Exception], ...],
        *,
        again: bool = True,
    ) -> T:
        """What a question gives, asked again after a limit, and after trouble where it may be put twice (``again``).

        ForgeError in the refusal's words where it is of no use, or would take longer than is left. From then on nothing
        is asked any more where a limit was the reason: who goes on asking is shut out.
        """
        tries = 0
        while True:
            if self._given_up:
                raise ForgeError(self._given_up)
            try:
                return question()
            except errors as error:
                why = refusal(error)
            tries += 1
            seconds = self._pause(why, tries, again)
            if seconds is None or seconds > self.left:
                if why.seconds is not None:
                    self._given_up = why.text
                raise ForgeError(why.text)
            self.say(f"{why.text}: waiting for {seconds:.0f} s")
            self.sleep(seconds)
            self.left -= seconds

    def _pause(self, why: Refusal, tries: int, again: bool) -> float | None:
        if why.seconds is not None:
            # Longer each time: a limit that is met again at once has not told the truth.
            return max(why.seconds, 2.0 ** (tries - 1))
        if why.trouble and again and tries < _TRIES:
            return float(_FIRST_SECONDS * 5.0 ** (tries - 1))
        return None


def limit_of(headers: Mapping[str, str], now: datetime, *, remaining: str, reset: str) -> float | None:
    """The seconds until a forge answers again, by `Retry-After`, or where none is ``remaining`` by the time of
    ``reset``, in seconds since 1970; None where the headers say nothing of it. The names are small letters."""
    after, left, then = (headers.get(name, "").strip() for name in ("retry-after", remaining, reset))
    if after.isdigit():
        return float(after)
    if left == "0" and then.isdigit():
        # A second more: it is not said when in that second.
        return max((datetime.fromtimestamp(int(then), UTC) - now).total_seconds(), 0.0) + 1.0
    return None


def limited(name: str, project: str, seconds: float, now: datetime) -> Refusal:
    """A forge has been asked too much."""
    then = datetime.fromtimestamp(now.timestamp() + seconds, UTC)
    return Refusal(
        f"{name}, {project}: asked more than it allows; it answers again at {then:%H:%M:%S} UTC, and the next run "
        "asks again",
        seconds,
    )


def unreachable(name: str, project: str, error: Exception, seconds: int) -> Refusal:
    """A forge that gave no answer."""
    kind = type(error).__name__
    how = f"no answer within {seconds} s" if "Timeout" in kind else "cannot be reached"
    return Refusal(
        f"{name}, {project}: {how} ({kind}); the next run asks again. If it stays so: check push.base_url and the "
        "network",
        trouble=True,
    )


def refused(name: str, project: str, status: int, said: str, rights: str, token: str) -> Refusal:
    """A forge that answered with an error; ``token`` is where its token comes from, ``rights`` what that must allow."""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", said)).strip()[:200] or "no reason given"
    what = f"{name}, {project}: answered {status}: {words}"
    if status == 401:
        todo = f"the token is not valid, or not any more: make a new one, and put it into {token}"
    elif status == 403:
        todo = (
            f"the token may not do this: it needs {rights} for {project}, and the organisation's consent where it asks"
        )
    elif status == 404:
        todo = (
            f"there is no {project}, or the token may not see it: check push.project, push.fork and the token's rights"
        )
    elif status in {409, 422}:
        todo = "check push.base, and on the forge the branch and its requests"
    elif status >= 500:
        return Refusal(f"{what}; that is its own trouble, and the next run asks again", trouble=True)
    else:
        todo = "check push.project, push.base_url and the token's rights"
    return Refusal(f"{what}; {todo}")
