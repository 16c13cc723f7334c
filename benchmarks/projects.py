"""Projects of any size, made from a seed, that compile without a finding."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

WORDS = (
    "rain door light paper window harbour letter winter station voice kettle bridge garden "
    "shadow promise ticket engine stairs lantern river music morning silver quiet corner"
).split()
CAST = ("mei", "kenji", "ada", "tomas")
EXPRESSIONS = ("neutral", "smile", "worried")


def write_project(
    root: Path,
    lines: int,
    words: int,
    scenes: int,
    seed: int = 1,
    vocabulary: Sequence[str] = WORDS,
) -> None:
    """Write a project of about `lines` source lines that are not blank and `words` words.

    Its shape is that of a text-heavy game: two lines of speech to one of narration, a menu and
    some logic every forty lines, scenes of equal length in one timeline.
    """
    rng = random.Random(seed)
    per_scene = -(-lines // scenes)
    # Names, cues and directives are words too.
    each = max(1.0, words / lines - 0.65)
    files = {
        "vn.yaml": "format: 1\nid: large\ntitle: Large\nstart: s0000\ntimeline: main\n",
        "state.yaml": "courage: {type: int, default: 0, range: [0, 1000]}\n",
        "timelines/main.yaml": "chapters:\n  - title: All\n    scenes:\n"
        + "".join(f"      - s{index:04}\n" for index in range(scenes)),
    }
    for name in CAST:
        looks = "".join(f"    {look}: {look}\n" for look in EXPRESSIONS)
        files[f"characters/{name}.yaml"] = (
            f"name: {name.title()}\nstats:\n  trust: {{type: int, default: 0}}\n"
            f"look:\n  expressions:\n{looks}"
        )
    for index in range(scenes):
        last = index == scenes - 1
        files[f"scenes/s{index:04}.md"] = _scene(rng, index, per_scene, each, last, vocabulary)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _scene(
    rng: random.Random,
    index: int,
    lines: int,
    words: float,
    last: bool,
    vocabulary: Sequence[str],
) -> str:
    out = ["---", f"title: Scene {index}", "---", ""]
    written = 3
    while written < lines:
        beat = _sentence(rng, words, vocabulary)
        turn = written % 40
        if turn == 20:
            out += [
                f"- {beat}",
                "",
                "  `set courage += 1`",
                "",
                f"- {_sentence(rng, words, vocabulary)}",
                "",
            ]
            written += 3
        elif turn == 30:
            out += ["`if courage > 3`", "", beat, "", "`end`", ""]
            written += 3
        elif turn % 3:
            name = rng.choice(CAST).title()
            cue = f" ({rng.choice(EXPRESSIONS)})" if turn % 6 == 1 else ""
            out += [f"{name}{cue}: {beat}", ""]
            written += 1
        else:
            out += [beat, ""]
            written += 1
    if last:
        out += ['`ending done "Done"`', ""]
    return "\n".join(out)


def _sentence(rng: random.Random, words: float, vocabulary: Sequence[str]) -> str:
    """Return a sentence of `words` words on average."""
    count = int(words + rng.random() + rng.choice((-1, 0, 1)))
    text = " ".join(rng.choice(vocabulary) for _ in range(max(1, count)))
    return text.capitalize() + "."
