"""The round trip over the documentation of projects that are not ours, in the versions named here.

    python benchmarks/roundtrip_projects.py [--folder DIR] [--engine NAME]... [--only NAME]...

Source distributions come from the package index that pip is set to (``--index`` names another one), packages of npm by
``npm pack`` where npm is installed. Nothing of them is run: of each archive the Markdown files are read. With
``--folder`` they are kept there, a folder a project, for a second run or for ``hostile_damage.py``. Test cases of
Markdown parsers, which are broken on purpose, are counted apart. The exit code is 1 where a document was damaged, did
not come back as it was, or less than 99 % of the prose was shown to the translator.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from urllib.request import Request, urlopen

from amts_tasks import roundtrip
from amts_tasks.roundtrip import ENGINES, Row

PYPI = """
awkward==2.14.0 black==26.10.1 boost-histogram==1.8.1 briefcase==0.4.7 cibuildwheel==4.3.5 coffea==2026.9.0 dvc==3.67.1
fastapi==0.165.0 feast==0.67.0 flax==0.12.12 furo==2025.12.19 hatch==1.18.2 hist==2.12.1 ibis-framework==12.0.0
jupyter-book==2.1.7 jupyter-server==2.21.1 jupyterlab==4.6.6 jupytext==1.19.6 kedro==1.7.0 litellm==1.108.11
markdown==3.11.3 markdown-it-py==4.3.0 marimo==0.25.2 mdit-py-plugins==0.7.0 mkdocs==1.6.1 mkdocs-macros-plugin==1.5.0
mkdocstrings==1.0.8 mkdocstrings-python==2.0.11 mlflow==3.18.0 mypy==2.4.1 napari==0.9.2 nbconvert==7.17.2
nbformat==5.11.1 nikola==8.3.3 nox==2026.10.20 pandera==0.35.0 panel==1.10.0 pdm==2.29.4 pelican==4.12.0 poetry==2.5.1
prefect==3.9.1 pydantic==2.14.3 pydata-sphinx-theme==0.24.0 pymc==6.4.0 pymdown-extensions==13.1 pyodide-build==0.39.2
ruff==0.17.6 scikit-build-core==1.1.2 sphinx-autodoc2==0.5.0 sphinx-book-theme==1.4.0 sphinx-exercise==1.2.1
sphinx-immaterial==0.12.5 sphinx-thebe==0.3.1 sphinx-tippy==0.4.3 sqlmodel==0.0.50 starlette==1.10.0 streamlit==1.67.0
typer==0.29.2 uproot==5.7.7 uv==0.13.9 vector==1.9.0 voila==0.5.13 xarray==2026.9.0 zarr==3.1.6 zenml==0.98.0
"""
"""MyST, Sphinx, Jupyter Book, MkDocs with the extensions of pymdownx, Pelican, Nikola, and plain CommonMark."""
NPM = """
next@16.4.6 npm@12.2.0 react-router@8.5.1 fastify@5.12.8 gitbook@3.2.3 docusaurus@1.9.0 playwright-core@1.65.1
pino@10.4.0 nx@24.0.6 ember-cli@7.3.0 katex@0.19.1 vitepress@1.6.4 mermaid@12.3.0
"""
"""MDX, Docusaurus, VitePress, GitBook, GitHub's Markdown and Liquid."""
SUFFIXES = (".md", ".mdx", ".markdown")
CASES = frozenset(("test", "tests", "fixtures", "__tests__"))
"""Folders of cases for parsers."""
LEAST = 0.99
FILES = re.compile(r'<a\b[^>]*?href="([^"]+)"[^>]*>\s*([^<]+?)\s*</a>')


def index_address() -> str:
    """The package index that pip uses here."""
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    python = shutil.which("python3", path=os.defpath) or "python3"
    for command in (
        [python, "-m", "pip", "config", "get", "global.index-url"],
        [python, "-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"],
    ):
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        if found.returncode == 0 and found.stdout.strip():
            return found.stdout.strip()
    raise SystemExit("no package index: found no pip; give the address of one with --index")


def source_archive(index: str, name: str, version: str) -> bytes:
    """The source distribution of a version; SystemExit where the index has it not, or other bytes than it says."""
    page = urljoin(index.rstrip("/") + "/", f"{name}/")
    with urlopen(Request(page, headers={"Accept": "text/html"}), timeout=60) as answer:  # noqa: S310 - the user's index
        listed = answer.read().decode()
    wanted = re.compile(rf"{re.sub('[-_.]+', '[-_.]+', name)}-{re.escape(version)}\.tar\.gz", re.IGNORECASE)
    for link, file in FILES.findall(listed):
        if wanted.fullmatch(file):
            address, digest = urldefrag(urljoin(page, unescape(link)))
            with urlopen(address, timeout=300) as answer:  # noqa: S310 - as above
                content: bytes = answer.read()
            if digest.startswith("sha256=") and hashlib.sha256(content).hexdigest() != digest[7:]:
                raise SystemExit(f"{file}: its digest is not the one that the index tells; try again")
            return content
    raise SystemExit(f"{name}: the index has no source distribution of {version}")


def npm_archive(name: str) -> bytes | None:
    """The archive of a package of npm; None where there is no npm."""
    if shutil.which("npm") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True, capture_output=True, timeout=300)
        (archive,) = Path(folder).glob("*.tgz")
        return archive.read_bytes()


def unpack(content: bytes, folder: Path) -> None:
    """The Markdown of an archive below a folder."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            inside = Path(*Path(member.name).parts[1:])
            stream = archive.extractfile(member) if member.isfile() and inside.suffix.lower() in SUFFIXES else None
            if stream is None or inside.is_absolute() or ".." in inside.parts:
                continue
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(stream.read())
    (folder / ".whole").touch()


def projects(folder: Path, only: list[str], index: str | None) -> list[Path]:
    """A folder for each project, with its Markdown; what is there already is not fetched again."""
    found = []
    for entry in [*PYPI.split(), *NPM.split()]:
        name, _, version = entry.partition("==") if "==" in entry else entry.rpartition("@")
        if only and name not in only:
            continue
        place = folder / f"{name}-{version}"
        if not (place / ".whole").exists():
            if "==" in entry:
                index = index or index_address()
                content: bytes | None = source_archive(index, name, version)
            else:
                content = npm_archive(entry)
            if content is None:
                print(f"{entry}: left out, npm is not installed", file=sys.stderr)
                continue
            print(f"{entry}: {len(content) / 1e6:.1f} MB", file=sys.stderr, flush=True)
            unpack(content, place)
        found.append(place)
    return found


def told(name: str, rows: list[Row], engine: str) -> tuple[str, bool]:
    """A line of the table, and whether all of it is as it should be."""
    letters, shown = sum(row.letters for row in rows), sum(row.shown for row in rows)
    identical, damaged = sum(row.identical for row in rows), sum(bool(row.damaged) for row in rows)
    texts, refused = sum(row.texts for row in rows), sum(len(row.refused) for row in rows)
    coverage = shown / letters if letters else 1.0
    share = refused / texts if texts else 0.0
    line = f"{name:32}{len(rows):7}{identical:11}{damaged:9}{texts:9}{share:9.2%}{coverage:10.2%}"
    return line, not damaged and coverage >= LEAST and (engine == "hostile" or identical == len(rows))


def main() -> int:
    """Fetch, run, print a table for each engine."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, help="where the projects' documents are kept")
    options.add_argument("--engine", action="append", choices=list(ENGINES))
    options.add_argument("--only", action="append", default=[], metavar="NAME")
    options.add_argument("--index", help="the address of a package index")
    given = options.parse_args()
    whole = True
    with tempfile.TemporaryDirectory() as scratch:
        places = projects(given.folder or Path(scratch), given.only, given.index)
        for engine in given.engine or ("identity", "swapcase"):
            print(f"\n{engine:32}  files  identical  damaged    texts  refused  coverage")
            documents: list[Row] = []
            cases: list[Row] = []
            harms: list[str] = []
            for place in places:
                rows = roundtrip.run([place], engine=engine).rows
                own = [row for row in rows if not CASES & set(Path(row.path).parts[:-1])]
                documents += own
                cases += [row for row in rows if row not in own]
                harms += [f"  {place.name}/{row.path}: {row.damaged[:3]}" for row in rows if row.damaged]
                if own:
                    print(told(place.name, own, engine)[0], flush=True)
            line, right = told("documents", documents, engine)
            print(line, told("cases of tests", cases, engine)[0], *harms, sep="\n")
            whole = whole and right
    return int(not whole)


if __name__ == "__main__":
    sys.exit(main())
