"""Arithmetic and printing agree between Python and JavaScript on numbers at random."""

from __future__ import annotations

import math
import random
import struct
from typing import Any

import pytest

from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.node import NodeRuntime
from comfyvn.play.runtime import Run
from comfyvn.story.canonical import write_transcript
from comfyvn.story.numbers import LIMIT
from tests.conformance.cases import one_scene
from tests.story.test_runtimes import SCALE, SEED


def number(rng: random.Random) -> float:
    """Return a double within bounds: of any size, with few digits, or in the middle of two."""
    match rng.randrange(5):
        case 0:
            return min(max(_any_double(rng), -LIMIT), LIMIT)
        case 1:
            return rng.randrange(-(10**9), 10**9) / 10 ** rng.randrange(9)
        case 2:
            return rng.randrange(-(2**20), 2**20) / 2 ** rng.randrange(1, 12)
        case 3:
            return float(rng.randrange(-LIMIT, LIMIT + 1))
        case _:
            return rng.choice((0.0, 1.0, -1.0, 0.1, float(LIMIT), -float(LIMIT), 5e-324, 0.5))


def _any_double(rng: random.Random) -> float:
    value: float = struct.unpack("<d", rng.randbytes(8))[0]
    return 0.0 if math.isnan(value) else value


def integer(rng: random.Random) -> int:
    return int(number(rng)) if rng.random() < 0.7 else rng.randrange(-20, 21)


def expression(rng: random.Random) -> list[Any]:
    """Return an operation on numbers or on integers."""
    kind, literal = rng.choice((("n", "num"), ("i", "int")))
    a, b = (
        [literal, number(rng) if kind == "n" else integer(rng)],
        [literal, number(rng) if kind == "n" else integer(rng)],
    )
    operator = rng.choice(("+", "-", "*", "//", "%", "/", "neg", "abs", "min", "max", "round"))
    if operator == "/":
        return ["/", a, b]
    if operator in ("neg", "abs"):
        return [operator, kind, a]
    return ["round", a] if operator == "round" else [operator, kind, a, b]


@pytest.mark.node
def test_results_and_their_digits() -> None:
    rng = random.Random(SEED)
    count = max(1, round(15_000 * SCALE))
    print(f"COMFYVN_SEED={SEED}, {count} operations")
    body = [
        {
            "op": "say",
            "id": f"b{i:07d}",
            "who": [],
            "text": [{"v": 0}, " ", {"v": 0, "digits": rng.randrange(0, 21)}, " ", {"v": 1}],
            "slots": [expression(rng), ["<", "n", expression(rng), expression(rng)]],
        }
        for i in range(count)
    ]
    program = one_scene(body)
    (ours,) = InterpreterRuntime(program).play([Run(0)])
    with NodeRuntime(program) as node:
        (theirs,) = node.transcripts([Run(0)])
    for mine, other in zip(write_transcript(ours).splitlines(), theirs.splitlines(), strict=True):
        assert mine == other
