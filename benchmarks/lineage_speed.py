"""How long a first contact looks for the versions of a book with a long history: 6,491 commits, as the real book has.

The bundle's newest book, edited commit by commit (a word in two documents each time) and renamed chapter by chapter on
the way; then what happened to its documents, and the version that a translation of each was made from. Needs
$AMTS_D2L_DATA.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from amts_tasks.books.lineage import lineage
from amts_tasks.books.repository import blobs
from amts_tasks.sync.identity import Identity
from amts_tasks.sync.lineage.inference import infer
from amts_tasks.text import parse

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
_WORD = re.compile(r"\b[a-z]{5,}\b")
_NUMBER = re.compile(r"\b\d+\b")


def history(documents: dict[str, str], commits: int, by: random.Random) -> Iterator[bytes]:
    """The commits for ``git fast-import``; a chapter gets another name every so often."""
    every = max(1, commits // 40)
    for number in range(commits):
        yield f"commit refs/heads/main\ncommitter A <a@example.org> {1_500_000_000 + number * 3600} +0000\n".encode()
        yield b"data 1\nx\n"
        changed = sorted(documents) if number == 0 else by.sample(sorted(documents), 2)
        if number and number % every == 0:
            chapter = by.choice(sorted({path.partition("/")[0] for path in documents if "/" in path}))
            for path in [path for path in documents if path.startswith(f"{chapter}/")]:
                new = path.replace(chapter, f"{chapter.partition('--')[0]}--{number}", 1)
                documents[new] = documents.pop(path)
                changed.append(new)
                yield f"D {path}\n".encode()
        for path in dict.fromkeys(path for path in changed if path in documents):
            pattern, new = (_NUMBER, str(by.randrange(100))) if by.random() < 0.3 else (_WORD, f"word{number}")
            places = [found.span() for found in pattern.finditer(documents[path])]
            if number and places:
                start, end = by.choice(places)
                documents[path] = documents[path][:start] + new + documents[path][end:]
            data = documents[path].encode()
            yield f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--commits", type=int, default=6491)
    options.add_argument("--documents", type=int, default=20, help="documents whose versions are looked for; 0: all")
    chosen = options.parse_args()
    if not (DATA / "replay.bundle").exists():
        print(f"skipped: {DATA / 'replay.bundle'} is not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        bundle, repository = Path(folder, "bundle.git"), Path(folder, "book.git")
        subprocess.run(["git", "clone", "-q", "--bare", DATA / "replay.bundle", bundle], check=True)
        standing = [one for one in lineage(bundle, "HEAD").threads if one.stands]
        raw = blobs(bundle, [one.versions[-1].blob for one in standing])
        documents = {one.stands: raw[one.versions[-1].blob].decode() for one in standing}
        subprocess.run(["git", "init", "-q", "--bare", repository], check=True)
        with subprocess.Popen(["git", "-C", repository, "fast-import", "--quiet"], stdin=subprocess.PIPE) as importing:
            assert importing.stdin is not None
            importing.stdin.writelines(history(documents, chosen.commits, random.Random(1)))
        start = time.perf_counter()
        lines = lineage(repository, "refs/heads/main")
        took = time.perf_counter() - start
        threads = [one for one in lines.threads if one.stands]
        count = sum(len(one.versions) for one in threads)
        renamed = sum(len(one.paths) - 1 for one in threads)
        print(f"{chosen.commits} commits, {len(threads)} documents, {count} versions, {renamed} renames: {took:.1f} s")
        some = threads[:: max(1, len(threads) // chosen.documents)] if chosen.documents else threads
        start, looked, right = time.process_time(), 0, 0
        for thread in some:
            versions = lines.versions(thread.stands)
            raw = blobs(repository, [one.blob for one in versions])
            parsed = [parse(raw[one.blob].decode(), one.path) for one in versions]
            truth = len(parsed) // 2
            found = infer(parsed, parsed[truth], Identity())
            looked += len(parsed)
            right += found.plausible[0] <= truth <= found.plausible[-1]
        took = time.process_time() - start
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        each = 1000 * took / looked
        print(
            f"{len(some)} of them looked for among {looked} versions: {took:.1f} s of a core, {each:.1f} ms a version;"
        )
        print(f"the true one among the plausible ones for {right}; {most:.0f} MB at most")


if __name__ == "__main__":
    main()
