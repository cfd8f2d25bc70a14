"""A language model behind an OpenAI-compatible chat endpoint (vLLM, llama.cpp, Ollama, a service).

It is shown the closest examples of the parallel data as earlier turns of the talk (Moslem et al., 2023), is asked to
keep the marks that stand for placeholders and tags, and is asked again where it did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rapidfuzz import fuzz, process

from amts_tasks.emulator.engines.engine import EngineError, Example, Masked, Term
from amts_tasks.emulator.engines.marks import PRIVATE, in_pieces, read, whole, write
from amts_tasks.emulator.engines.remote import Remote
from amts_tasks.emulator.languages import LANGUAGES

CLOSE = 50.0
"""Least similarity of an example that is shown, 0-100 (rapidfuzz's token set ratio)."""
LONGER = 6
"""An answer of more than so many times the characters asked, and a hundred, is none."""
_RULES = (
    "Translate each text from {source} to {target}. Answer with the translation alone: no quotes, no remarks. "
    'A text may hold marks such as <x id="0"/> and <g id="0">…</g>: each stands for something that must not be lost. '
    "Put each of them into the translation once, unchanged, where it belongs. Follow the earlier translations in style "
    "and wording."
)
_AGAIN = "Your answer lost, doubled or invented marks. Translate the same text again, with exactly these marks: {marks}"


class ChatEngine:
    """One request a segment, some at a time; answers come back in order."""

    whole = True

    def __init__(
        self, remote: Remote, model: str, *, shots: int = 3, tries: int = 2, workers: int = 4, limit: int = 4000
    ) -> None:
        self._remote, self._model = remote, model
        self._shots, self._tries, self._workers, self._limit = shots, tries, workers, limit
        self.name = f"chat {model}"

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment. What has lost marks after all tries is translated in the pieces between the marks."""
        rules = _RULES.format(source=LANGUAGES.get(source, source), target=LANGUAGES.get(target, target))
        bare = [PRIVATE.sub(" ", example.source) for example in examples]

        def one(segment: Masked) -> str:
            return self._one(segment, rules, examples, bare)

        with ThreadPoolExecutor(self._workers, thread_name_prefix="amts-chat") as pool:
            return list(pool.map(one, segments))

    def _one(self, segment: Masked, rules: str, examples: Sequence[Example], bare: Sequence[str]) -> str:
        talk: list[Mapping[str, str]] = [{"role": "system", "content": rules}]
        for example in self._closest(segment, examples, bare):
            for role, text in (("user", example.source), ("assistant", example.target)):
                talk.append({"role": role, "content": write(Masked(text, example.fixed), "xml")})
        asked = write(segment, "xml")
        turns: list[Mapping[str, str]] = [{"role": "user", "content": asked}]
        for _ in range(self._tries):
            said = self._ask([*talk, *turns], asked)
            answer = read(said, segment, "xml")
            if whole(answer, segment) and len(answer) <= LONGER * len(segment.text) + 100:
                return " ".join(answer.split())
            marks = " ".join(write(Masked(character), "xml") for character in PRIVATE.findall(segment.text)) or "none"
            turns = [
                turns[0],
                {"role": "assistant", "content": said},
                {"role": "user", "content": _AGAIN.format(marks=marks)},
            ]
        return in_pieces([segment], lambda texts: [self._piece(talk, text) for text in texts], "xml")[0]

    def _piece(self, talk: list[Mapping[str, str]], text: str) -> str:
        return " ".join(self._ask([*talk, {"role": "user", "content": text}], text).split())

    def _ask(self, messages: list[Mapping[str, str]], asked: str) -> str:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": messages,
            "temperature": 0,
            "seed": 0,
            "max_tokens": min(self._limit, 4 * len(asked) + 64),
        }
        answer = self._remote.post("/chat/completions", body)
        try:
            content = answer["choices"][0]["message"]["content"]
        except (LookupError, TypeError):
            content = None
        if not isinstance(content, str):
            expected = "choices[0].message.content"
            raise EngineError(f"engine {self.name}: found {str(answer)[:200]!r}; expected {expected}")
        return content.strip()

    def _closest(self, segment: Masked, examples: Sequence[Example], bare: Sequence[str]) -> list[Example]:
        """The examples most like the segment, the closest last, next to what is asked."""
        if not examples or not self._shots:
            return []
        found = process.extract(
            PRIVATE.sub(" ", segment.text), bare, scorer=fuzz.token_set_ratio, limit=self._shots, score_cutoff=CLOSE
        )
        return [examples[place] for _, _, place in sorted(found, key=lambda item: (item[1], -item[2]))]
