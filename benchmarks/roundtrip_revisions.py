"""The round trip over every version of every document of a git repository or bundle.

    python benchmarks/roundtrip_revisions.py repository [engine …]

Each blob is read once, however many revisions have it. The default engines are identity and swapcase.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from amts_tasks import roundtrip
from amts_tasks.text.document import SUFFIXES


def extract(repository: str, folder: Path) -> int:
    """Write every blob that any revision has as a document to the folder; returns how many."""
    mirror = folder / "mirror.git"
    subprocess.run(["git", "clone", "-q", "--mirror", repository, str(mirror)], check=True)
    listed = subprocess.run(
        ["git", "-C", str(mirror), "rev-list", "--objects", "--all"], check=True, capture_output=True, text=True
    ).stdout
    blobs = dict(line.split(" ", 1) for line in listed.splitlines() if Path(line).suffix.lower() in SUFFIXES)
    for digest, path in blobs.items():
        target = folder / "files" / digest[:12] / Path(path).name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = subprocess.run(
            ["git", "-C", str(mirror), "cat-file", "blob", digest], check=True, capture_output=True
        )
        target.write_bytes(content.stdout)
    return len(blobs)


def main() -> int:
    """Extract, run, print; the exit code is 1 where anything was damaged or not identical."""
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        print(f"{extract(sys.argv[1], Path(name))} versions of documents")
        for engine in sys.argv[2:] or ["identity", "swapcase"]:
            found = roundtrip.run([Path(name) / "files"], engine=engine)
            bad += found.damaged + (found.files - found.identical if engine != "hostile" else 0)
            print(
                f"{engine}: {found.files} files, {found.identical} identical, {found.damaged} damaged, "
                f"{found.refused} texts refused, coverage {found.coverage:.4%}"
            )
            for row in found.rows:
                for harm in row.damaged[:3]:
                    print(f"  {row.path}: {harm}")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
