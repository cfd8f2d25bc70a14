"""A book of four small documents with its translations in git, and an Amazon Translate in this process."""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config as ClientConfig

from amts_tasks import config as configuration
from amts_tasks.emulator import Emulator
from amts_tasks.steps import Params, Run, whole
from amts_tasks.storage import Storage
from amts_tasks.sync.manifest import Manifest
from amts_tasks.sync.manifest import read as read_manifest

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
"""When every run of these tests is made, unless it says otherwise."""
PAID = ("CreateParallelData", "UpdateParallelData", "StartTextTranslationJob", "TranslateText")

EN = {
    "index.md": """# A Book of Urns

This small book explains how one learns from a few draws what a full urn holds.
""",
    "urn/draws.md": """# Drawing Balls
:label:`sec_draws`

We draw balls from an urn, one after the other, and write down the colour of each ball.

The mean of $n$ draws is close to the true share when $n$ is large, as :numref:`sec_errors` explains.

```{.python .input}
draws = sample(urn, 10)
```

* Every draw is independent of the draws before it.
* The urn stays as it was before the first draw.
""",
    "urn/errors.md": """# Errors of the Mean
:label:`sec_errors`

The standard error tells how far the mean of a sample usually lies from the true mean.

$$s = \\sigma / \\sqrt{n}$$

Four times as many draws make the error half as large.
""",
    "rank/orders.md": """# Orders and Ranks

A rank says how many values are smaller than a given value.

The middle rank belongs to the median, which `numpy.median` computes.

Ranks do not change when all values are doubled.
""",
}
ZH = {
    "index.md": """# 瓮之书

这本小书讲述如何从少量的抽取中了解一个装满的瓮里有什么。
""",
    "urn/draws.md": """# 抽球
:label:`sec_draws`

我们从瓮中一个接一个地抽球，并记下每个球的颜色。

当$n$很大时，$n$次抽取的均值接近真实的比例，如 :numref:`sec_errors`所述。

```{.python .input}
draws = sample(urn, 10)
```

* 每次抽取都与之前的抽取无关。
* 瓮保持第一次抽取之前的样子。
""",
    "urn/errors.md": """# 均值的误差
:label:`sec_errors`

标准误差说明样本的均值通常离真实均值有多远。

$$s = \\sigma / \\sqrt{n}$$

抽取次数变为四倍，误差就减半。
""",
    "rank/orders.md": """# 次序与秩

秩说明有多少个值小于给定的值。

中间的秩属于中位数，由`numpy.median`计算。

当所有的值都加倍时，秩不会改变。
""",
}
ES = {
    "index.md": """# Un libro de urnas

Este pequeño libro explica cómo se aprende de unas pocas extracciones lo que contiene una urna llena.
""",
    "urn/draws.md": """# Extraer bolas
:label:`sec_draws`

Extraemos bolas de una urna, una tras otra, y anotamos el color de cada bola.

La media de $n$ extracciones está cerca de la proporción verdadera cuando $n$ es grande, como dice :numref:`sec_errors`.

```{.python .input}
draws = sample(urn, 10)
```

* Cada extracción es independiente de las extracciones anteriores.
* La urna queda como estaba antes de la primera extracción.
""",
    "urn/errors.md": """# Errores de la media
:label:`sec_errors`

El error estándar dice a qué distancia de la media verdadera suele estar la media de una muestra.

$$s = \\sigma / \\sqrt{n}$$

Cuatro veces más extracciones reducen el error a la mitad.
""",
    "rank/orders.md": """# Órdenes y rangos

Un rango dice cuántos valores son menores que un valor dado.

El rango central pertenece a la mediana, que calcula `numpy.median`.

Los rangos no cambian cuando se duplican todos los valores.
""",
}
CLIENTS: dict[str, tuple[Any, Any]] = {}
"""S3 and Amazon Translate by endpoint."""
OLD, NEW = "write down the colour of each ball", "note the colour of each ball in a table"
"""The change that most tests make to urn/draws.md."""

CONFIG = """\
book:
  name: {name}
  language: en
  place: {{kind: git, location: book.git}}
  follow: {{kind: branch, name: main}}
  documents: ["**/*.md"]
translations:
  zh:
    place: {{kind: git, location: zh.git}}
    follow: {{kind: branch, name: main}}
    layout: origin
    origin: human
  es:
    place: {{kind: git, location: es.git}}
    follow: {{kind: branch, name: main}}
    layout: revision
    source_revision: v1
    origin: human
pairs:
  en-zh:
    held_out: [rank/orders.md]
    budget: {{run: 5, evaluation: 5}}
  zh-en:
    held_out: [rank/orders.md]
    budget: {{run: 0, evaluation: 5}}
  en-es:
    held_out: [rank/orders.md]
    budget: {{run: 5, evaluation: 5}}
aws:
  region: us-east-1
  role_arn: arn:aws:iam::123456789012:role/amts
  poll_seconds: 1
  job_timeout_hours: 1
storage:
  bucket: {name}
languages: {languages}
"""


@dataclass
class Repo:
    """A bare git repository whose commits have fixed dates."""

    path: Path
    days: int = 0

    def git(self, *arguments: str, stdin: bytes | None = None) -> str:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        command = ["git", f"--git-dir={self.path}", *arguments]
        done = subprocess.run(command, input=stdin, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, (command, done.stderr.decode())
        return done.stdout.decode().rstrip("\n")

    def init(self) -> Repo:
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "--template=")
        return self

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        *,
        branch: str = "main",
        tag: str | None = None,
        when: datetime | None = None,
        merge: str | None = None,
    ) -> str:
        """A commit on a branch, a day after the one before it; None takes a file away; ``merge`` is a second parent."""
        self.days += 1
        date = when or datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=self.days)
        person = f"Writer <writer@example.org> {int(date.timestamp())} +0000\n"
        head = self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")
        lines = [f"commit refs/heads/{branch}\nauthor {person}committer {person}data 7\nChange\n\n".encode()]
        lines += [f"from {head}\n".encode()] if head else []
        lines += [f"merge {self.git('rev-parse', merge)}\n".encode()] if merge else []
        for path, content in files.items():
            if content is None:
                lines.append(f"D {path}\n".encode())
                continue
            data = content.encode() if isinstance(content, str) else content
            lines.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
        lines += [f"reset refs/tags/{tag}\nfrom refs/heads/{branch}\n\n".encode()] if tag else []
        self.git("fast-import", "--quiet", "--date-format=raw", stdin=b"".join(lines))
        return self.git("rev-parse", f"refs/heads/{branch}")

    def read(self, path: str, branch: str = "main") -> str:
        return self.git("cat-file", "blob", f"{branch}:{path}") + "\n"

    def files(self, branch: str = "main") -> list[str]:
        return self.git("ls-tree", "-r", "--name-only", branch).split("\n")

    def changed(self, old: str, new: str) -> list[str]:
        return [line for line in self.git("diff-tree", "-r", "--name-only", old, new).split("\n") if line]


@dataclass
class Small:
    """The book, its translations, its configuration, and the service, as a test handles them."""

    folder: Path
    name: str
    emulator: Emulator
    said: list[str] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    runs: int = 0
    loaded: tuple[str, configuration.Config] | None = None

    def __post_init__(self) -> None:
        self.book = Repo(self.folder / "book.git").init()
        self.zh = Repo(self.folder / "zh.git", days=2).init()
        self.es = Repo(self.folder / "es.git", days=2).init()
        self.book.commit(EN, tag="v1")
        self.zh.commit(ZH | {path.replace(".md", "_origin.md"): text for path, text in EN.items()})
        self.es.commit(ES)
        self.path = self.folder / "config" / "amts.yaml"
        self.path.parent.mkdir()
        languages = os.path.relpath(ROOT / "config" / "languages", self.path.parent)
        text = CONFIG.format(name=self.name, languages=languages).replace("location: ", "location: ../")
        self.path.write_text(text, encoding="utf-8")
        options: dict[str, Any] = {
            "endpoint_url": self.emulator.url,
            "region_name": "us-east-1",
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
            "config": ClientConfig(retries={"mode": "standard", "total_max_attempts": 1}),
        }
        # Making a client takes longer than most calls.
        if self.emulator.url not in CLIENTS:
            CLIENTS[self.emulator.url] = boto3.client("s3", **options), boto3.client("translate", **options)
        self.s3, self.translate = CLIENTS[self.emulator.url]
        self.s3.create_bucket(Bucket=self.name)
        self.storage = Storage(self.s3, self.name)
        self._seen = len(self.emulator.calls())

    def close(self) -> None:
        self.emulator.service.faults.clear()

    def edit(self, *changes: tuple[str, str]) -> None:
        """Changes the configuration file."""
        text = self.path.read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, (old, text.count(old))
            text = text.replace(old, new)
        self.path.write_text(text, encoding="utf-8")

    def revise(self, path: str = "urn/draws.md", old: str = OLD, new: str = NEW) -> str:
        """A commit to the book in which some words of a document change."""
        text = self.book.read(path)
        assert text.count(old) == 1
        return self.book.commit({path: text.replace(old, new)})

    def given(self, pair: str = "en-zh", *, now: datetime = NOW, owner: str = "test", **params: Any) -> Run:
        """A run that nothing was done in yet."""
        text = self.path.read_text("utf-8")
        if self.loaded is None or self.loaded[0] != text:
            self.loaded = (text, configuration.load(self.path))
        return Run(
            config=self.loaded[1],
            pair=pair,
            instant=now,
            params=Params(**params),
            owner=owner,
            s3=self.s3,
            translate=self.translate,
            say=self.said.append,
            show=lambda step, text: self.shown.update({step: text}),
            clock=lambda: now,
            sleep=lambda seconds: self.emulator.clock.advance(60) and None,
        )

    def run(self, pair: str = "en-zh", **options: Any) -> Any:
        """A whole run; what its steps returned, or None where nothing was to be done."""
        self.said.clear()
        self.runs += 1
        options.setdefault("owner", f"run {self.runs}")
        value = whole.run(self.given(pair, **options)).value
        return None if value.get("changed") is False else value

    def until(self, name: str, run: Run) -> dict[str, Any]:
        """The results of the steps up to, and with, one of them; the lease is held on."""
        from amts_tasks.steps import step

        results: dict[str, Any] = {"resolve": step("resolve")(run)}
        for other, function in whole.STEPS.items():
            if name == "resolve":
                break
            results[other] = function(run, results)
            if other == name:
                break
        return results

    def settle(self, run: Run) -> None:
        """Frees the lease of a run that was left in the middle."""
        from amts_tasks.steps import step

        step("release")(run)

    def calls(self, *operations: str) -> list[dict[str, Any]]:
        """The calls that reached the service since the last time they were forgotten."""
        made = self.emulator.calls()[self._seen :]
        return [call for call in made if not operations or call["operation"] in operations]

    def forget(self) -> None:
        self._seen = len(self.emulator.calls())

    def paid(self) -> list[str]:
        """The operations that cost money or change something, as they were called."""
        return [call["operation"] for call in self.calls(*PAID)]

    def order(self, operation: str, fault: str, **options: Any) -> None:
        self.emulator.service.faults.order([{"operation": operation, "fault": fault, **options}])

    @property
    def repo(self) -> Repo:
        """The repository that the Chinese branches are published to."""
        return self.published("zh")

    def published(self, language: str) -> Repo:
        return Repo(self.folder / ".amts" / "repos" / f"{self.name}-{language}.git")

    def branches(self, language: str = "zh") -> dict[str, str]:
        repo = self.published(language)
        if not repo.path.exists():
            return {}
        listed = repo.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads/amts")
        return dict(line.split(" ") for line in listed.split("\n") if line)

    def merge(self, *branches: str, language: str = "zh", edit: Callable[[str], str] | None = None) -> None:
        """Merges published branches into the translation's main, as a maintainer does; ``edit`` changes documents."""
        theirs = {"zh": self.zh, "es": self.es}[language]
        for branch in branches:
            theirs.git("fetch", "--quiet", str(self.published(language).path), f"+refs/heads/{branch}:refs/heads/taken")
            files: dict[str, str | bytes | None] = {}
            start = theirs.git("merge-base", "main", "taken")
            for path in theirs.changed(start, "taken"):
                if path not in theirs.files("taken"):
                    files[path] = None
                    continue
                text = theirs.read(path, "taken")
                files[path] = edit(text) if edit and not path.endswith("_origin.md") else text
            theirs.commit(files, merge="taken")
            theirs.git("update-ref", "-d", "refs/heads/taken")

    def manifest(self, pair: str = "en-zh") -> Manifest:
        return read_manifest(self.storage.get(f"{self.name}/{pair}/manifest.json"))

    def learnt(self, pair: str = "en-zh") -> str:
        """The parallel data in use."""
        record = self.storage.get_json(f"{self.name}/{pair}/parallel-data/imported.json")
        return self.storage.get(f"{self.name}/{pair}/parallel-data/{record['digest']}.csv").decode()

    def lease(self, pair: str = "en-zh") -> bool:
        """Whether somebody holds the pair's lease."""
        return self.storage.find(f"{self.name}/{pair}/lease.json") is not None

    def artefacts(self) -> dict[str, bytes]:
        """Everything in storage, by key."""
        return {key: self.storage.get(key) for key in self.storage.list("")}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Jobs and imports take a minute by its clock, which runs take for sleeping; answers are other letters."""
    state = tmp_path_factory.mktemp("emulator")
    with Emulator(state, import_seconds=60, job_seconds=60, engine="pseudo") as running:
        yield running
        for client in CLIENTS.pop(running.url, ()):
            client.close()


@pytest.fixture
def small(tmp_path: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Small]:
    """A book of its own for each test, so that one emulator serves them all."""
    monkeypatch.delenv("AMTS_STATE", raising=False)
    # What its service answers means nothing, so meaning must not decide what belongs together.
    monkeypatch.setattr("amts_tasks.steps.align.vectors_for", lambda source, target: None)
    made = Small(tmp_path, f"b{zlib.crc32(str(tmp_path).encode())}", emulator)
    yield made
    made.close()


@pytest.fixture
def another(
    tmp_path_factory: pytest.TempPathFactory, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Small]:
    """Makes small books, for a test that wants one of its own for each example."""
    monkeypatch.delenv("AMTS_STATE", raising=False)
    monkeypatch.setattr("amts_tasks.steps.align.vectors_for", lambda source, target: None)

    def made() -> Small:
        folder = tmp_path_factory.mktemp("small")
        return Small(folder, f"b{zlib.crc32(str(folder).encode())}", emulator)

    return made
