"""Images that the source changed under the same name: is the translation's an old one of the source's, or its own?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from urllib.parse import quote

from amts_tasks.sync.whole.needs import needs
from amts_tasks.text import parse


class Standing(StrEnum):
    """What a translation's image is to the source's of that name."""

    same = "same"
    old = "old"
    """An earlier version of the source's: it follows the source."""
    own = "own"
    """The translators': it was never the source's, or they went back to it from the source's newest."""


def standing(ours: str, source: Sequence[str], before: Collection[str] = ()) -> Standing:
    """The standing of the image ``ours``.

    All are ids of contents: ``source`` are the versions of the source's, oldest first, ``before`` those that the
    translation had since the source's newest was made. Who had the newest and has an older one today went back to it,
    and is left alone.
    """
    if not source or ours == source[-1]:
        return Standing.same if source else Standing.own
    return Standing.old if ours in source[:-1] and source[-1] not in before else Standing.own


def shown_by(images: Collection[str], documents: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """The documents (path and text) that show each of the images (paths from the book's root), in the order given."""
    wanted = {image: {name, quote(name)} for image in images for name in [image.rpartition("/")[2]]}
    found: dict[str, list[str]] = {}
    for path, text in documents:
        # Most documents show none of them, and parsing takes its time.
        if not any(name in text for names in wanted.values() for name in names):
            continue
        here = {need.name for need in needs(parse(text, path)) if need.role == "image"}
        for image in sorted(here & wanted.keys()):
            found.setdefault(image, []).append(path)
    return {image: tuple(paths) for image, paths in sorted(found.items())}
