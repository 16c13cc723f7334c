"""The parser is total: any bytes give a tree or diagnostics, soon."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.scene import parse_scene
from comfyvn.source.text import read_source
from tests.hang_guard import hang_guard

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))
CAST = frozenset({"mei", "kenji", "美咲", "agent: k", "mei lin"})

SCENE = """---
title: "The roof"
tags: [a, b]
time: dusk # late
---

The door *sticks*, the way it **always** does. `pause 1.5` Then ~~not~~. ^door

`show mei at left` `play sfx door`

Mei (worried, whisper): You came. {mei.trust:.1} of {a|b|c}. `if courage > 2` <!-- tr: soft -->
Mei as "???": {n, plural, one {# candle} other {# candles {x}}} \\
and <ruby>漢字<rt>かんじ</rt></ruby> &amp; \\*more\\*
美咲：「こんにちは」

<!-- vo: slow
and low -->
- [I read it twice.](#honest) `once` ^c1
- Kenji: Run!

  Mei: …

  1. One `weight 2`
  2. `play sfx x`

     > Page \\
     > goes on
     >
     > Kenji: yes

* * *

## Honest talk

`call with a=1` [lab](lab%20x.md#b)

![A red kite](<mei kite>)

```stage
show mei # here
camera zoom 2
```

[](#honest-talk) `if x`
"""


def parse(data: bytes) -> Diagnostics:
    out = Diagnostics()
    with hang_guard():
        text = read_source(data, "a.md", out)
        scene = parse_scene(text, "a.md", "a", CAST, out)
    assert scene.sections
    lines = text.split("\n")
    for item in out:
        span = item.span
        assert 1 <= span.line <= len(lines), item
        assert span.column >= 1, item
        assert (span.end_line, span.end_column) > (span.line, span.column), item
        assert item.help or item.code.startswith("VN02"), item
    return out


def flip(data: bytearray, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def cut(data: bytearray, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    del data[start : start + rng.randint(1, 200)]
    return bytes(data)


def duplicate(data: bytearray, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.randint(1, 80)]
    at = rng.randrange(len(data))
    data[at:at] = piece * rng.choice([1, 2, 3, 50])
    return bytes(data)


def signs(data: bytearray, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 20)):
        at = rng.randrange(len(data))
        data[at : at + rng.randint(0, 2)] = rng.choice(
            b"*_~`[](){}<>\\&!#|:.-+=^ \n\t\0\r\"'0"
        ).to_bytes()
    return bytes(data)


def indents(data: bytearray, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(lines))
        lines[at] = (
            rng.choice([b" ", b"  ", b"   ", b"    ", b"> ", b"- ", b"1. ", b"\t"]) + lines[at]
        )
    return b"\n".join(lines)


def shuffled(data: bytearray, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def encoded(data: bytearray, rng: random.Random) -> bytes:
    name = rng.choice(["utf-16", "utf-32", "shift-jis", "utf-8-sig", "latin-1"])
    return data.decode("utf-8").encode(name, "replace")


def binary(data: bytearray, rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(1, 4000))


MUTATIONS: list[Callable[[bytearray, random.Random], bytes]] = [
    flip,
    cut,
    duplicate,
    signs,
    signs,
    indents,
    shuffled,
    encoded,
    binary,
]


@pytest.mark.parametrize("batch", range(4))
def test_mutated_scenes(batch: int) -> None:
    print(f"COMFYVN_SEED={SEED}")
    rng = random.Random(f"{SEED}/{batch}")
    assert not parse(SCENE.encode()).has_errors
    bad = 0
    count = max(50, int(10_000 * SCALE / 4))
    for _ in range(count):
        data = rng.choice(MUTATIONS)(bytearray(SCENE.encode()), rng)
        if rng.random() < 0.2:
            data = data.replace(b"\n", rng.choice([b"\r\n", b"\r"]))
        bad += parse(data).has_errors
    assert bad > count / 3


MANY = 50_000
LINES = 20_000

HOSTILE = {
    "stars": "*a " * MANY,
    "closers": "a* " * MANY,
    "both": "*a" * MANY,
    "mixed": "*a _b **c ~~d " * (MANY // 4),
    "mixed closers": "a* b_ c** d~~ " * (MANY // 4),
    "nested styles": "*" * MANY + "a" + "*" * MANY,
    "strong runs": "**a " * MANY + "b** " * MANY,
    "brackets": "[" * MANY,
    "closing brackets": "]" * MANY,
    "links": "[a](" * MANY,
    "link heads": "[a](b) " * MANY,
    "images": "![" * MANY,
    "parens": "[a](" + "(" * MANY,
    "parens both": "[a](" + "(a)" * MANY,
    "open target": "[a](" + "b" * MANY,
    "escapes in a target": "[a](" + "\\!" * MANY,
    "spaces in a target": "[a](" + "b " * MANY,
    "spaces in a heading": "# a" + " " * MANY + "b",
    "hashes in a heading": "# a" + " #" * MANY + "b",
    "spaces in a table": "a\n-|-" + " " * MANY + "x",
    "spaces in forms": "{n, plural, " + " " * MANY + "x y {a}}",
    "word in forms": "{n, plural, " + "x" * MANY + "}",
    "spaces in a header": "---\na: 'b" + " " * MANY + "c' #\n---\n",
    "spaces behind a name": "\n".join(f"Mei {' ' * 280}x{n}: a" for n in range(200)),
    "angled": "[a](<" * MANY,
    "braces": "{" * MANY,
    "brace pairs": "{}" * MANY,
    "nested braces": "{" * MANY + "}" * MANY,
    "wordings": "{a" + "|b" * MANY + "}",
    "forms": "{n, select, " + "a {x} " * MANY + "other {y}}",
    "nested forms": "{n, plural, other {" * 5_000 + "}}" * 5_000,
    "spaces in braces": "{" + " " * MANY + "}",
    "commas": "{" + "a, " * MANY + "}",
    "format": "{" + ":" * MANY + "}",
    "ticks": "`a" * MANY,
    "tick runs": " ".join("`" * n for n in range(1, 700)),
    "tick runs on lines": "\n\n".join("`" * n + "a" for n in range(1, 400)),
    "tick line": "`a` " * MANY,
    "once": "text " + "`once` " * MANY,
    "html": "<a " * MANY,
    "ruby": "<ruby>" * MANY,
    "ruby pairs": "<ruby>" + "a<rt>b</rt>" * MANY + "</ruby>",
    "comments": "a <!-- " * MANY,
    "comment ends": "a --> " * MANY,
    "good comments": "a <!-- b --> " * MANY,
    "comment tails": "a " + "<!-- b -->" * MANY,
    "comment lines": "<!-- \n" * MANY,
    "comment lines in items": "- <!-- \n" * MANY,
    "entities": "&amp;" * MANY,
    "ampersands": "&a" * MANY,
    "backslashes": "\\" * MANY,
    "joined": "a \\\n" * LINES,
    "joined ticks": "`a \\\n" * LINES,
    "quotes": ">" * 10_000,
    "spaced quotes": "> " * 10_000 + "a",
    "quote lines": "> a\n" * LINES,
    "deep list": "- " * 10_000 + "a",
    "deep numbers": "1. " * 10_000 + "a",
    "rising list": "\n".join("  " * n + "- a" for n in range(400)),
    "items": "- a\n" * LINES,
    "changing items": "- a\n* b\n" * LINES,
    "parted items": "- a\n\n\n" * LINES,
    "comments between items": "- a\n<!-- b -->\n" * (LINES // 2),
    "fences between": "- a\n```\n```\n" * (LINES // 3),
    "many comments after a list": "- a\n" + "<!-- b -->\n" * (LINES // 2) + "- c",
    "fences": "```a\n" * LINES,
    "falling fences": "\n".join("`" * n + "a" for n in range(400, 3, -1)),
    "fences in items": "- ```a\n" * LINES,
    "definitions": "[a]: b\n" * LINES,
    "definition heads": "[a\n" * LINES,
    "headings": "# a\n" * LINES,
    "equal slugs": "# a\n# a-1\n" * (LINES // 2),
    "hashes": "#" * MANY,
    "heading hashes": "# " + "# " * MANY,
    "rules": "- " * MANY,
    "almost rules": "- " * MANY + "a",
    "stars almost a rule": "* " * MANY + "a",
    "underlines": "a\n---\n" * LINES,
    "tables": "|-" * MANY,
    "table rows": "a\n" + "|-" * MANY,
    "colons": "a:" * MANY,
    "speakers": "Mei: " * MANY,
    "names": "Mei & " * 10_000 + "Mei: a",
    "heads": "\n".join(f"Name{n}: a" for n in range(MANY // 5)),
    "cues": "Mei (" + "a, " * MANY + "): b",
    "aliases": 'Mei as "' * MANY,
    "ids": "a " + "^b " * MANY,
    "spaces": " " * 500_000 + "a",
    "inner spaces": "a" + " " * 500_000 + "b",
    "tabs": "\t" * MANY + "a",
    "tabs in lines": "\t- a\n" * LINES,
    "indents": " a\n\n" * LINES,
    "one line": "word " * 400_000,
    "one word": "w" * 2_000_000,
    "wide": "字" * 500_000,
    "combining": "e" + "\u0301" * 100_000,
    "invisible": "a\u200b\n" * LINES,
    "controls": "\0\n" * LINES,
    "bidi": "\u202e" * MANY,
    "header": "---\n" + "a: b\n" * LINES,
    "header keys": "---\n" + "\n".join(f"k{n}: v" for n in range(5_000)) + "\n---\n",
    "header flow": "---\na: " + "[" * MANY + "\n---\n",
    "notes": "<!-- tr: a -->\n" * LINES,
    "stage": "```stage\n" + "show a # b\n" * LINES + "```",
    "stage marks": "```stage\n" + "# " * MANY + "\n```",
    "todo": "TODO: a\n" * LINES,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_scenes(name: str) -> None:
    parse(HOSTILE[name].encode())
