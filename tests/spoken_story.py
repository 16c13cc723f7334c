"""A small story in two languages that has a voice for whatever can be said."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from comfyvn.cli.common import compile_at
from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.encode import encode
from comfyvn.source.diagnostics import Diagnostics

FILES = {
    "vn.yaml": """\
        format: 1
        id: pier
        title: The pier
        language: en
        languages: [en, es]
        start: pier
        speech: {make: espeak, narrator: mei}
        """,
    "state.yaml": """\
        brave: {type: bool}
        coins: {type: int, default: 3}
        word: {type: text}
        mood: {type: enum, values: [calm, cross]}
        """,
    "characters/mei.yaml": "name: Mei\npronouns: she\n",
    "characters/kenji.yaml": "name: Kenji\npronouns: he\nvoice: {pitch: 1.5}\n",
    "scenes/pier.md": """\
        The sea is *very* quiet. ^quiet

        Mei: You came. `play sfx bell` I knew it. ^came

        Kenji (whisper): I am {mood, select, calm {calm} other {cross}}, {mei.name}. ^mood

        `voice far_call`

        Kenji: This one is named. ^named

        Mei: Somebody recorded this. ^taken

        Mei: … ^silence

        Kenji: I have {coins, plural, one {# coin} other {# coins}}. ^coins

        - Mei: Light them. ^light

          `set coins += 1`

        Kenji: And now {coins, plural, one {# coin} other {# coins}}. ^richer

        [The loft.](loft.md)
        """,
    "scenes/loft.md": """\
        Rain on the roof. ^rain

        Kenji & Mei: Good night. ^night

        `ending done "Done"`
        """,
}
SPANISH = {
    "quiet": "El mar está muy quieto.",
    "came": "Has venido. `play sfx bell` Lo sabía.",
    "mood": "Estoy {mood, select, calm {tranquilo} other {enfadado}}, {mei.name}.",
    "coins": "Tengo {coins, plural, one {# moneda} other {# monedas}}.",
}
"""Translations by the lines' names; the others stay in English."""


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write texts below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")


def tone(hertz: float, seconds: float = 0.4) -> Clip:
    """Return a tone."""
    time = np.arange(int(24_000 * seconds)) / 24_000
    samples = (0.2 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)
    return Clip(samples[:, None], 24_000)


def write_story(root: Path, *, speech: bool = True) -> dict[str, str]:
    """Write the story with its translation and sounds; return the ids of lines by their names."""
    write(root, FILES)
    if not speech:
        text = (root / "vn.yaml").read_text()
        lines = [line for line in text.splitlines() if not line.startswith("speech:")]
        (root / "vn.yaml").write_text("\n".join(lines) + "\n")
    out = Diagnostics()
    _, _, compiled = compile_at(root, out)
    assert compiled is not None
    assert not out.has_errors, [item.message for item in out]
    ids = named(compiled.program)
    (root / "vn.lock").write_text(compiled.lock.write(), encoding="utf-8")
    entries = [
        f'msgctxt "{ids[name]}"\nmsgid "{source(name)}"\nmsgstr "{text}"\n'
        for name, text in SPANISH.items()
    ]
    head = 'msgid ""\nmsgstr "Language: es\\nContent-Type: text/plain; charset=UTF-8\\n"\n'
    write(root, {"i18n/es.po": "\n".join([head, *entries])})
    for name in ("voice/far_call", f"voice/{ids['taken']}", "sfx/bell"):
        path = root / f"assets/{name}.ogg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(tone(330 + 10 * len(name)), "opus"))
    return ids


def source(name: str) -> str:
    """Return the text of a line as the scene has it."""
    for scene in (FILES["scenes/pier.md"], FILES["scenes/loft.md"]):
        for line in scene.splitlines():
            text, mark, found = line.strip().rpartition(" ^")
            if mark and found == name:
                return text.partition(": ")[2] if text[0].isupper() and ": " in text else text
    raise KeyError(name)


def named(program: Any) -> dict[str, str]:
    """Return the ids of the lines by the names that the scenes give them."""
    found: dict[str, str] = {}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("op") == "say":
                said.append(value["id"])
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    for scene in ("pier", "loft"):
        said: list[str] = []
        walk(program["scenes"][scene])
        marks = [
            line.rpartition(" ^")[2]
            for line in FILES[f"scenes/{scene}.md"].splitlines()
            if " ^" in line
        ]
        found |= dict(zip(marks, said, strict=True))
    return found
