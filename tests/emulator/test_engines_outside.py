"""Engines outside of this process: commands, addresses, recordings; and how one is chosen."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError

from amts_tasks.emulator import Emulator, inline
from amts_tasks.emulator.engines import EngineError, EngineRoom, Example
from amts_tasks.emulator.engines.chat import ChatEngine
from amts_tasks.emulator.engines.choice import choices
from amts_tasks.emulator.engines.command import CommandEngine
from amts_tasks.emulator.engines.engine import Masked
from amts_tasks.emulator.engines.libretranslate import LibreTranslateEngine
from amts_tasks.emulator.engines.marks import PRIVATE, read, through, whole, write
from amts_tasks.emulator.engines.recorded import RecordedEngine
from amts_tasks.emulator.engines.remote import Remote

Answer = Callable[[str, dict[str, Any]], tuple[int, Any]]
MARKED = Masked("See \ue800the \ue000 figure\uec00 & \ue001.", ("`a<b`", "$x$"))


@contextmanager
def stand_in(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that answers posts by a function of path and body; its address, and the bodies it got."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got.append({**body, "_headers": dict(self.headers)})
            status, said = answer(self.path, body)
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def remote(url: str, **settings: Any) -> Remote:
    return Remote("test", url, sleep=lambda seconds: None, **settings)


@pytest.mark.parametrize("style", ["xml", "html", "brackets"])
def test_marks_come_back(style):
    shown = write(MARKED, style)
    assert not PRIVATE.search(shown)
    assert read(shown, MARKED, style) == MARKED.text
    assert whole(MARKED.text, MARKED)


def test_the_content_of_a_placeholder_is_shown_in_html_only():
    assert '<span translate="no" id="x0">`a&lt;b`</span>' in write(MARKED, "html")
    assert write(Masked("a \ue000", ("x",)), "xml") == 'a <x id="0"/>'


def test_what_lost_a_mark_is_asked_for_in_pieces():
    asked: list[list[str]] = []

    def careless(texts: list[str]) -> list[str]:
        asked.append(texts)
        return [text.upper().replace("⟦0⟧", "") for text in texts]

    segments = [Masked("one \ue000 two\ue001", ("a", "b")), Masked("three")]
    assert through(segments, careless, "brackets") == ["ONE \ue000 TWO\ue001", "THREE"]
    assert asked == [["one ⟦0⟧ two⟦1⟧", "three"], ["one", "two"]]


def test_a_command_translates_lines():
    program = "import sys; sys.stdout.writelines(line.upper() for line in sys.stdin)"
    engine = CommandEngine([sys.executable, "-c", program])
    segments = [Masked("one \ue800two\uec00"), Masked("three\ue000.", ("x",))]
    assert engine.translate(segments, "en", "es", (), ()) == ["ONE \ue800TWO\uec00", "THREE\ue000."]
    assert engine.name.startswith("command python")


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("print('one'); print('two')", "found 2 lines; expected 1"),
        ("import sys; sys.exit('out of order')", "exit code 1: out of order"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\n')", "not UTF-8"),
        ("import time; time.sleep(60)", "no answer within 0.5 s"),
    ],
)
def test_a_command_that_fails_says_how(program, why):
    started = time.monotonic()
    with pytest.raises(EngineError, match=why):
        CommandEngine([sys.executable, "-c", program], timeout=0.5 if "sleep" in program else 30).translate(
            [Masked("a")], "en", "es", (), ()
        )
    assert time.monotonic() - started < 30


def test_a_command_that_is_not_there():
    with pytest.raises(EngineError, match="No such file"):
        CommandEngine("/nowhere/marian {source} {target}").translate([Masked("a")], "en", "es", (), ())


def test_libretranslate_in_html():
    def answer(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        assert path == "/translate"
        return 200, {"translatedText": [text.replace("See", "Siehe").replace("figure", "Bild") for text in body["q"]]}

    with stand_in(answer) as (url, got):
        said = LibreTranslateEngine(remote(url), "secret").translate([MARKED], "en", "zh-TW", (), ())
    assert said == ["Siehe \ue800the \ue000 Bild\uec00 & \ue001."]
    assert (got[0]["format"], got[0]["source"], got[0]["target"], got[0]["api_key"]) == ("html", "en", "zt", "secret")


def test_a_server_that_recovers_is_asked_again():
    answers = iter([(503, {"error": "warming up"}), (200, {"translatedText": ["hallo"]})])
    with stand_in(lambda path, body: next(answers)) as (url, got):
        assert LibreTranslateEngine(remote(url)).translate([Masked("hello")], "en", "de", (), ()) == ["hallo"]
    assert len(got) == 2


@pytest.mark.parametrize(
    ("status", "said", "why", "asked"),
    [
        (400, {"error": "zz is not supported"}, "HTTP 400: .*zz is not supported", 1),
        (500, {"error": "no memory"}, "HTTP 500: .*no memory", 3),
        (200, b"<html>", "no JSON", 1),
        (200, {"translatedText": ["one", "two"]}, "expected translatedText with 1 texts", 1),
    ],
)
def test_a_server_that_fails_says_how(status, said, why, asked):
    with (
        stand_in(lambda path, body: (status, said)) as (url, got),
        pytest.raises(EngineError, match=why),
    ):
        LibreTranslateEngine(remote(url)).translate([Masked("a")], "en", "de", (), ())
    assert len(got) == asked


def test_a_server_that_is_silent_or_absent_is_no_hang():
    release = threading.Event()

    def silent(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        release.wait(20)
        return 200, {}

    with stand_in(silent) as (url, _):
        with pytest.raises(EngineError, match=r"(?i)timed? ?out"):
            remote(url, timeout=0.2, tries=1).post("/translate", {})
        release.set()
    with pytest.raises(EngineError, match="refused"):
        remote(url, tries=2).post("/translate", {})


def chat_answer(content: str) -> dict[str, Any]:
    return {"choices": [{"message": {"role": "assistant", "content": content}}]}


def test_chat_is_shown_the_closest_examples():
    examples = [
        Example("The learning rate \ue000 is small.", "学习率\ue000很小。", ("$a$",)),
        Example("A quite different sentence.", "完全不同的句子。"),
        Example("The learning rate is large.", "学习率很大。"),
    ]
    with stand_in(lambda path, body: (200, chat_answer('学习率<x id="0"/>太小。'))) as (url, got):
        engine = ChatEngine(remote(f"{url}/v1", headers={"Authorization": "Bearer k"}), "tiny", shots=2)
        said = engine.translate([Masked("The learning rate \ue000 is too small.", ("$b$",))], "en", "zh", examples, ())
    assert said == ["学习率\ue000太小。"]
    talk = [(turn["role"], turn["content"]) for turn in got[0]["messages"]]
    assert talk[0][0] == "system"
    assert "from English to Chinese" in talk[0][1]
    assert talk[1:] == [
        ("user", "The learning rate is large."),
        ("assistant", "学习率很大。"),
        ("user", 'The learning rate <x id="0"/> is small.'),
        ("assistant", '学习率<x id="0"/>很小。'),
        ("user", 'The learning rate <x id="0"/> is too small.'),
    ]
    assert (got[0]["temperature"], got[0]["model"]) == (0, "tiny")
    assert got[0]["_headers"]["Authorization"] == "Bearer k"


def test_chat_that_loses_a_mark_is_asked_again_then_in_pieces():
    answers = iter(["看图。", '看 <x id="0"/> <x id="0"/>。', "看", "吧"])
    with stand_in(lambda path, body: (200, chat_answer(next(answers)))) as (url, got):
        engine = ChatEngine(remote(url), "tiny", workers=1)
        assert engine.translate([Masked("See \ue000 now", ("`f`",))], "en", "zh", (), ()) == ["看 \ue000 吧"]
    assert len(got) == 4
    assert 'with exactly these marks: <x id="0"/>' in got[1]["messages"][-1]["content"]


def test_chat_answers_stay_in_order_and_endless_ones_are_none():
    def answer(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        text = body["messages"][-1]["content"]
        return 200, chat_answer("la " * 500 if text == "loop" and len(body["messages"]) == 2 else text.upper())

    with stand_in(answer) as (url, _):
        words = [Masked(f"word {number}") for number in range(12)]
        said = ChatEngine(remote(url), "tiny").translate([*words, Masked("loop")], "en", "es", (), ())
    assert said[:12] == [f"WORD {number}" for number in range(12)]
    assert len(said[12]) < 200


def test_chat_without_an_answer_is_an_error():
    with (
        stand_in(lambda path, body: (200, {"choices": []})) as (url, _),
        pytest.raises(EngineError, match="expected choices"),
    ):
        ChatEngine(remote(url), "tiny").translate([Masked("a")], "en", "es", (), ())


def test_recorded_translations_are_played_again(tmp_path):
    rows = [
        {
            "source": 'See <span translate="no">$a$</span>. Then go.',
            "target": '看<span translate="no">$a$</span>。走。',
        },
        {"source": "Words", "target": "词"},
    ]
    (tmp_path / "en-zh.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "en-es.csv").write_text('en,es\n"One, two",Uno\n', encoding="utf-8")
    engine = RecordedEngine(tmp_path)
    asked = inline.parse('See <span translate="no">$b$</span>. Then go.')
    assert engine.translate([asked.masked, Masked("Words")], "en", "zh", (), ()) == ["看\ue000。走。", "词"]
    assert engine.translate([Masked("One, two")], "en", "es", (), ()) == ["Uno"]
    with pytest.raises(EngineError, match="no translation from en to zh of 'Other'; record it"):
        engine.translate([Masked("Other")], "en", "zh", (), ())
    with pytest.raises(EngineError, match=r"has no en-fr\.jsonl"):
        engine.translate([Masked("Other")], "en", "fr", (), ())
    (tmp_path / "en-de.tsv").write_text("en\tfr\na\tb\n", encoding="utf-8")
    with pytest.raises(EngineError, match=r"en-de\.tsv:2: KeyError: 'de'"):
        engine.translate([Masked("a")], "en", "de", (), ())


def test_an_engine_that_fails_fails_the_job_and_the_call_with_a_sentence(at, clock):
    with Emulator(engine=f"command:{sys.executable} -c 1/0", job_seconds=60, clock=clock) as emulator:
        desk = at(emulator)
        desk.put("in/a.html", "<html><p>One sentence.</p></html>")
        job = desk.start(TargetLanguageCodes=["es"])
        clock.advance(61)
        found = desk.job(job)
        assert found["JobStatus"] == "FAILED"
        assert "exit code 1" in found["Message"]
        with pytest.raises(ClientError, match=r"InternalServerException.*exit code 1"):
            desk.translate.translate_text(Text="Hello.", SourceLanguageCode="en", TargetLanguageCode="es")
        desk.close()


def test_a_job_names_its_engine_and_uses_its_parallel_data_as_examples(at, clock):
    def answer(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        shown = [turn["content"] for turn in body["messages"] if turn["role"] == "assistant"]
        return 200, chat_answer(f"seen {len(shown)}")

    with stand_in(answer) as (url, _), Emulator(engine=f"en-zh=chat:{url}#m,echo", clock=clock) as emulator:
        desk = at(emulator)
        desk.import_rows("book", "en,zh\nThe house is big.,房子很大。\n")
        desk.put("in/a.html", "<html><p>The house is very big.</p><p>The house is big.</p></html>")
        job = desk.start(ParallelDataNames=["book"])
        emulator.wait()
        found = desk.job(job)
        assert "engine: chat m." in found["Message"]
        text = next(desk.text(key) for key in desk.keys("out/") if key.endswith("zh.a.html"))
        assert text == "<html><p>seen 1</p><p>房子很大。</p></html>"
        desk.close()


def test_engines_by_pair():
    found = choices("en-zh=statistical,en-es=command:tr a-z A-Z,echo")
    assert {pair: one.kind for pair, one in found.items()} == {"en-zh": "statistical", "en-es": "command", "*": "echo"}
    assert found["en-es"].settings == {"command": "tr a-z A-Z"}
    assert choices("en-zh-TW=echo")["*"].kind == "auto"
    chat = choices("chat:http://127.0.0.1:8000/v1#qwen")["*"]
    assert chat.settings == {"url": "http://127.0.0.1:8000/v1", "model": "qwen"}
    room = EngineRoom("en-es=echo,statistical")
    assert room.customised("en", "es").name == "echo"
    assert room.customised("en", "zh").name == "statistical"


def test_engines_by_file(tmp_path, monkeypatch):
    monkeypatch.setenv("CHAT_KEY", "k")
    path = tmp_path / "engines.yaml"
    path.write_text(
        "default: echo\n"
        "pairs:\n"
        "  en-zh: {engine: chat, url: 'http://127.0.0.1:1/v1', model: m, key: $CHAT_KEY, examples: 0}\n"
        "  en-es: statistical\n",
        encoding="utf-8",
    )
    found = choices(str(path))
    assert found["en-zh"].settings["key"] == "k"
    room = EngineRoom(str(path))
    assert (room.baseline("en", "zh").name, room.baseline("en", "fr").name) == ("chat m", "echo")
    assert room.customised("en", "zh").whole


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("magic", "found engine 'magic'; expected one of: auto, statistical, .*recorded:FOLDER"),
        ("command:", "found engine 'command:'"),
        ("echo:x", "found engine 'echo:x'"),
        ("chat:http://127.0.0.1:1/v1", "model is missing, such as chat:http"),
        ("en-es=echo,en-es=auto", "two engines for en-es"),
        ("recorded:/nowhere/at/all", "is no folder"),
        ("libretranslate:127.0.0.1:5000", "expected http://"),
    ],
)
def test_a_choice_that_cannot_be_read(text, why):
    with pytest.raises(ValueError, match=why):
        EngineRoom(text)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("- echo", "expected a mapping with 'default' and 'pairs'"),
        ("pairs: {english: echo}", "found 'english'; expected pairs such as en-zh"),
        ("default: {engine: chat, url: u, model: m, speed: 1}", "found setting 'speed'; expected one of: url, model"),
        (
            "default: {engine: chat, url: u, model: m, timeout: soon}",
            "timeout: found 'soon'; expected a number above 0",
        ),
        ("default: {engine: chat, url: u, model: m, key: $NO_SUCH_KEY}", "the environment has no .NO_SUCH_KEY"),
        ("default: {engine: magic}", "expected 'engine', one of: auto"),
        ("default: [", "engines.yaml"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, content, why):
    path = tmp_path / "engines.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=why):
        choices(str(path))
