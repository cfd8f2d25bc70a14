"""The engines by themselves."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.emulator import inline
from amts_tasks.emulator.engines import ENGINE_NAMES, EngineRoom, Example, NoEngineError, apertium, dictionary
from amts_tasks.emulator.engines.apertium import ApertiumEngine
from amts_tasks.emulator.engines.echo import EchoEngine
from amts_tasks.emulator.engines.engine import Masked
from amts_tasks.emulator.engines.language_model import END, FIRST, UNKNOWN, LanguageModel
from amts_tasks.emulator.engines.pieces import Pieces
from amts_tasks.emulator.engines.statistical import Model, StatisticalEngine
from amts_tasks.emulator.engines.suffixes import MARK, Suffixes, joined
from amts_tasks.emulator.engines.surface import Surface
from amts_tasks.lexicon import cut

NOUNS = {"cat": "gato", "dog": "perro", "tree": "arbol", "house": "casa", "river": "rio"}
VERBS = {"sees": "ve", "likes": "quiere", "finds": "halla"}


def toy_pairs(count: int = 80) -> list[tuple[str, str]]:
    """Sentences of a little language whose word for word translation is known."""
    choice = random.Random(7)
    pairs = []
    for _ in range(count):
        (a, x), (v, w), (b, y) = (choice.choice(sorted(table.items())) for table in (NOUNS, VERBS, NOUNS))
        pairs.append((f"The {a} {v} the {b} in $q$.", f"El {x} {w} el {y} en $q$."))
    return pairs


def examples() -> list[Example]:
    return [Example(a.replace("$q$", "\ue000"), b.replace("$q$", "\ue000"), ("$q$",)) for a, b in toy_pairs()]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(examples(), "en", "es")


def translated(model: Model, inner: str) -> str:
    segment = inline.parse(inner)
    return inline.put_back(model.translate(segment.masked, lambda word: ()), segment)


def test_it_learns_words_order_case_and_spaces(model):
    assert translated(model, "The tree finds the dog.") == "El arbol halla el perro."
    assert translated(model, "the river likes the river.") == "el rio quiere el rio."


def test_tags_stay_around_their_words_and_spans_come_back(model):
    said = translated(model, 'The <b>tree</b> finds <a id="1">the <i>dog</i></a> in <span translate="no">$z$</span>.')
    assert said == 'El <b>arbol</b> halla <a id="1">el <i>perro</i></a> en <span translate="no">$z$</span>.'


def test_numbers_stay_whatever_the_examples_did_with_them():
    """Translators who set numbers as formulas teach it to leave them out."""
    rows = [
        Example(f"the {a} has {n} legs", f"el {b} tiene \ue000 patas", (f"${n}$",))
        for a, b in NOUNS.items()
        for n in (25, 0.5)
    ]
    model = Model(rows, "en", "es")
    assert translated(model, "the dog has 25 legs") == "el perro tiene 25 patas"
    assert translated(model, "the tree has 0.5 legs") == "el arbol tiene 0.5 patas"


def test_a_tag_moves_with_its_words():
    pairs = [
        (f"a {colour} {thing}", f"un {cosa} {color}")
        for colour, color in (("red", "rojo"), ("big", "grande"), ("old", "viejo"))
        for thing, cosa in (("car", "coche"), ("dog", "perro"), ("book", "libro"), ("tree", "arbol"))
    ]
    words = [("red", "rojo"), ("big", "grande"), ("old", "viejo"), ("car", "coche"), ("dog", "perro")]
    model = Model([Example(*pair) for pair in (*pairs, *words)], "en", "es")
    said = translated(model, "a <b>red</b> <i>car</i>")
    assert said == "un <i>coche</i> <b>rojo</b>"


def test_a_compound_is_cut_into_words_the_data_knows():
    pieces = Pieces([["随机", "噪声"]] * 4 + [["随机噪声", "另一端"]])
    assert pieces.cut("随机噪声") == ("随机", "噪声")
    assert pieces.cut("另一端") == ("另一端",)
    assert pieces.cut("随机漫步") == ("随机漫步",)
    assert pieces.cut("随机过程", lambda piece: piece == "过程") == ("随机", "过程")
    assert pieces.cut("random") == ("random",)


def test_unknown_words_come_from_the_fallback_or_stay(model):
    assert model.translate(Masked("The Zebra likes the cat."), lambda word: ()) == "El Zebra quiere el gato."
    assert "cebra" in model.translate(Masked("The zebra likes the cat."), lambda word: ("cebra",))


WORDS = st.lists(
    st.sampled_from([*NOUNS, *VERBS, "the", "unknown", ".", ",", "(", "\ue000", "\ue001", "\ue800", "\uec00"]),
    max_size=15,
)


@given(WORDS)
@settings(max_examples=60, deadline=None)
def test_no_span_or_tag_is_lost_or_doubled(model, words):
    text = " ".join(words)
    answer = model.translate(Masked(text, ("$a$", "`b`")), lambda word: ())
    private = "\ue000\ue001\ue800\uec00"
    assert sorted(c for c in answer if c in private) == sorted(c for c in text if c in private)


def test_the_same_for_any_hash_seed():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_engines import *;"
        "said = Model(examples(), 'en', 'es').translate(Masked('The dog of a house (or tree).'), lambda word: ());"
        "print(said)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent)],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(said) == 1


def test_a_language_model_sums_to_one():
    a, b, c = FIRST, FIRST + 1, FIRST + 2
    model = LanguageModel([[a, b], [a, c, a], [a, b, c, c, a, b], [b]], order=3)
    for said in ((), (a,), (a, b), (c, c)):
        state = model.start
        for word in said:
            state = model.score(state, word)[1]
        total = sum(math.exp(model.score(state, word)[0]) for word in (a, b, c, END, UNKNOWN))
        assert total == pytest.approx(1.0, abs=1e-6)
    assert model.score(model.start, a)[0] > model.score(model.start, c)[0]


def test_one_state_for_what_goes_on_alike():
    a, b, c = FIRST, FIRST + 1, FIRST + 2
    model = LanguageModel([[a, b, c], [c, a]], order=4)
    after_unknown = model.score(model.nothing, UNKNOWN)[1]
    assert after_unknown == model.nothing, "nothing is known after an unknown word"
    assert model.score(after_unknown, a)[1] == model.score(model.score(model.nothing, UNKNOWN)[1], a)[1]


@pytest.mark.parametrize(
    ("language", "rows", "words", "text"),
    [
        (
            "en",
            ["In the U.S. we say yes (or no).", "Is it? It is."],
            ["he", "said", ",", "yes", "(", "no", ")", "."],
            "He said, yes (no).",
        ),
        ("zh", ["在GPU上，我们用“词元”。", "我们 用"], ["在", "GPU", "上", "，", "我们"], "在GPU上，我们"),
    ],
)
def test_surface(language, rows, words, text):
    surface = Surface([cut(row, language) for row in rows], language)
    assert surface.write(words, capitalised=True) == text


def test_rooms_and_names():
    assert EngineRoom("echo").baseline("en", "vi").translate([Masked("a")], "en", "vi", (), ()) == ["a"]
    assert EngineRoom("auto").customised("en", "vi").name == "statistical"
    assert EngineRoom("statistical").customised("en", "zh").name == "statistical"
    with pytest.raises(NoEngineError, match="no baseline engine for en to vi"):
        EngineRoom("auto").baseline("en", "vi")
    with pytest.raises(ValueError, match="expected one of"):
        EngineRoom("magic")
    assert ENGINE_NAMES[0] == "auto"


@pytest.mark.skipif(not dictionary.installed(), reason="CC-CEDICT (extra cedict) is not installed")
def test_dictionary():
    room = EngineRoom("auto")
    said = room.baseline("en", "zh").translate(
        [Masked("The computer \ue000, \ue800books\uec00.", ("$x$",))], "en", "zh", (), ()
    )
    assert regex.fullmatch("电脑\ue000，\ue800\\p{Han}+\uec00。", said[0])
    said = room.baseline("zh", "en").translate([Masked("我们学习\ue000。", ("$x$",))], "zh", "en", (), ())
    assert said == ["We learn \ue000."]


def test_a_whole_engine_takes_what_the_parallel_data_does_not_know(monkeypatch):
    room = EngineRoom("auto")
    monkeypatch.setattr(room, "baseline", lambda source, target: EchoEngine())
    engine = room.customised("en", "es")
    assert engine.name == "statistical with echo"
    segments = [Masked("The cat sees the dog."), Masked("Quite other words.")]
    assert engine.translate(segments, "en", "es", examples(), ()) == ["El gato ve el perro.", "Quite other words."]


def test_without_a_dictionary_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(dictionary, "installed", lambda: False)
    with pytest.raises(NoEngineError, match="amts\\[cedict\\]"):
        EngineRoom("auto").baseline("en", "zh")


def test_apertium_pipes_live_on(tmp_path):
    (tmp_path / "modes").mkdir()
    script = tmp_path / "upper.py"
    script.write_text(
        "import sys\n"
        "while (byte := sys.stdin.buffer.read(1)):\n"
        "    sys.stdout.buffer.write(byte.upper() if byte != b'\\0' else byte)\n"
        "    sys.stdout.buffer.flush()\n"
    )
    shell = tmp_path / "upper"
    shell.write_text(f"#!/bin/sh\nexec {sys.executable} {script}\n")
    shell.chmod(0o755)
    (tmp_path / "modes" / "eng-spa.mode").write_text(f"{shell} $1 | {shell} $2 data.bin")
    engine = ApertiumEngine(tmp_path)
    segments = [Masked("one [\ue000] two."), Masked("three")]
    assert engine.translate(segments, "en", "es", (), ()) == ["ONE [\ue000] TWO.", "THREE"]
    engine.close()
    assert apertium.commands("lt-proc a.bin | apertium-tagger -g $2 b.prob|lt-proc $1 c.bin") == [
        ["lt-proc", "-z", "a.bin"],
        ["apertium-tagger", "-z", "-g", "b.prob"],
        ["lt-proc", "-z", "-n", "c.bin"],
    ]


@pytest.mark.skipif(not apertium.installed("en", "es"), reason="Apertium (apertium-eng-spa) is not installed")
def test_apertium_itself():
    engine = ApertiumEngine()
    said = engine.translate([Masked("The house is big."), Masked("This is \ue800important\uec00.")], "en", "es", (), ())
    engine.close()
    assert said[0] == "La casa es grande."
    assert "\ue800importante\uec00" in said[1]


def test_endings_are_learnt_cut_and_joined():
    stems = [
        "kedi",
        "köpek",
        "ağaç",
        "nehir",
        "masa",
        "duvar",
        "kapı",
        "ev",
        "araba",
        "kitap",
        "defter",
        "kalem",
        "deniz",
    ]
    texts = [[stem, stem + "lar"] for stem in stems]
    endings = Suffixes(texts, "tr")
    assert endings.cut("denizlar") == ("deniz", MARK + "lar")
    assert endings.cut("Denizlar") == ("Deniz", MARK + "lar")
    assert endings.cut("denizde") == ("denizde",), "no ending of the data"
    assert endings.cut("lar") == ("lar",)
    assert joined(["Deniz", MARK + "lar", "ve", MARK + "x", ".", MARK + "y"]) == ["Denizlar", "", "vex", "", ".", "y"]


def test_far_words_change_places_where_the_verb_does():
    verbs = {"reads": "okur", "sees": "görür", "writes": "yazar", "takes": "alır"}
    things = {
        "books": "kitapları",
        "letters": "mektupları",
        "houses": "evleri",
        "trees": "ağaçları",
        "maps": "haritaları",
    }
    who = {"ali": "Ali", "ayşe": "Ayşe", "deniz": "Deniz", "ece": "Ece"}
    rows = [Example(w, t) for table in (verbs, things) for w, t in table.items()]
    rows += [
        Example(f"{a} {v} {b}", f"{x} {y} {w}")
        for a, x in who.items()
        for v, w in verbs.items()
        for b, y in things.items()
        if (v, b) != ("reads", "maps")
    ]
    model = Model(rows, "en", "tr")
    assert model.weights.search.gap > 0
    assert model.translate(Masked("ece reads maps"), lambda word: ()) == "ece haritaları okur"


def test_models_are_kept_by_content_and_few():
    engine = StatisticalEngine(lambda source, target: lambda word: ())
    rows = examples()
    model = engine.model(rows, "en", "es")
    assert engine.model(list(rows), "en", "es") is model
    for number in range(engine.kept):
        engine.model(rows[: 10 + number], "en", "es")
    assert engine.model(rows, "en", "es") is not model


def test_a_sentence_begins_after_a_stop_but_not_after_i_e():
    surface = Surface([cut("In short, it is so. It is.", "en")], "en")
    assert surface.write(["so", "be", ".", "it", "is"], capitalised=True) == "So be. It is"
    assert surface.write(["\ue000:numref:", "is", "so"], capitalised=True) == "\ue000:numref: is so"
    assert surface.write(["so", ",", "i", ".", "e", ".", ",", "it"], capitalised=True).endswith("e., it")
