"""Random translations of a compiled project, as catalogues."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from tests.generate.texts import PIECES, escape

PLURALS = {
    "fr": "{n, plural, one {# un} many {# de} other {# plusieurs}}",
    "ar": "{n, plural, zero {none} one {#} two {both} few {some} many {lots #} other {other}}",
}
_PARTS = (
    "{n}",
    "{n + 1}",
    "{x:.2}",
    "*{word}*",
    "{mood, select, calm {calme} other {{n}}}",
    "<ruby>漢<rt>かん</rt></ruby>",
)


def translate(rng: random.Random, program: dict[str, Any]) -> dict[str, str]:
    """Return `i18n/` files in which about half of the texts are translated."""
    texts = list(_texts(program))
    return {
        f"i18n/{language}.po": "".join(
            [f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n']
            + [_entry(rng, language, id, slots) for id, slots in texts if rng.random() < 0.5]
        )
        for language in PLURALS
    }


def _entry(rng: random.Random, language: str, id: str, slots: list[Any]) -> str:
    words = [escape(rng, rng.choice(PIECES)) for _ in range(rng.randint(1, 3))]
    words += [part for part in (*_PARTS, PLURALS[language]) if rng.random() < 0.15]
    words += ["{ici|là-bas|ailleurs}" for slot in slots if slot == ["wording"]]
    rng.shuffle(words)
    if words[0][0] not in "\\{*<":
        words[0] = f"«{words[0]}"
    text = " ".join(words).replace("\\", "\\\\").replace('"', '\\"')
    return f'\nmsgctxt "{id}"\nmsgid ""\nmsgstr "{text}"\n'


def _texts(program: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    for scene in program["scenes"].values():
        for section in scene["sections"]:
            yield from _in_body(section["body"])


def _in_body(body: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    for op in body:
        if op["op"] in ("say", "input") and not op["id"].endswith("_s"):
            yield op["id"], op.get("slots", [])
        for part in op.get("choices", op.get("items", op.get("branches", ()))):
            if part.get("text"):
                yield part["id"], part.get("slots", [])
            if "locked" in part:
                yield f"{part['id']}_locked", part.get("locked_slots", [])
            yield from _in_body(part["body"])
        yield from _in_body(op.get("body", []))
