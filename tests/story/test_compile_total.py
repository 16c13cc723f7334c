"""Any text compiles or is reported; what compiles has the types it claims, and plays."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest
from compiling import AFTER, PROJECT, compile_files, compile_scene
from hypothesis import given, settings
from hypothesis import strategies as st

from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.runtime import Run
from comfyvn.story.compiler.expressions import Lowering
from comfyvn.story.evaluate import evaluate
from comfyvn.story.resolve import Problem
from comfyvn.story.types import ERROR, Type, VariableFacts

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))

MOODS, BAG = ("calm", "angry", "sad"), ("key", "lamp", "rope")
FACTS = {
    "courage": Type("int", (), 0, 5),
    "coins": Type("int"),
    "ratio": Type("number"),
    "brave": Type("bool"),
    "player": Type("text"),
    "mood": Type("enum", MOODS),
    "bag": Type("set", BAG),
    "stop": Type("label", ("start#kitchen", "lab#")),
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "courage": st.integers(0, 5),
    "coins": st.integers(-(2**53), 2**53),
    "ratio": st.floats(-(2.0**53), 2.0**53).map(lambda each: each or 0.0),
    "brave": st.booleans(),
    "player": st.text(max_size=5),
    "mood": st.sampled_from(MOODS),
    "bag": st.lists(st.sampled_from(BAG), unique=True),
    "stop": st.sampled_from(FACTS["stop"].values),
}


class Scope:
    """The variables of the tests, and every place."""

    here = False

    def variable(self, name: str) -> VariableFacts | None:
        type = FACTS.get(name)
        return None if type is None else VariableFacts(name, type, "run", None)

    def near_variable(self, name: str) -> str | None:
        return None

    def place(self, target: str) -> str | Problem:
        return "start#kitchen" if target == "#kitchen" else Problem("VN0602", "no such heading")

    def counted(self, function: str, target: str) -> str | Problem:
        return "lkitchen" if target == "#kitchen" else Problem("VN0602", "no such heading")


class World:
    """Values of the variables, and a generator."""

    def __init__(self, values: dict[str, Any], seed: int) -> None:
        self.values = values
        self.rng = random.Random(seed)

    def variable(self, name: str) -> Any:
        return self.values[name]

    def draw(self, stream: str) -> float:
        assert stream == "story"
        return self.rng.random()

    def times(self, id: str, ever: bool) -> int:
        return 2

    def title(self, place: str) -> str:
        return place


operands = st.sampled_from(
    [
        *FACTS,
        "0",
        "3",
        "9007199254740992",
        "0.5",
        "true",
        '"x"',
        '"sad"',
        '"key"',
        '["key"]',
        "[]",
        '["key", "sad"]',
        '"#kitchen"',
        'visited("#kitchen")',
        'times("#kitchen", ever)',
        'roll("2d6-3")',
    ]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = [*"+ - * / // % == != < <= > >= in and or".split(), "not in"]
    return (
        st.builds("({} {} {})".format, inner, st.sampled_from(binary), inner)
        | st.builds("({} {})".format, st.sampled_from(["not", "-"]), inner)
        | st.builds("({} if {} else {})".format, inner, inner, inner)
        | st.builds("{}({})".format, st.sampled_from("abs round len chance pick".split()), inner)
        | st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner)
    )


sources = st.recursive(operands, grown, max_leaves=6)


@given(sources, st.fixed_dictionaries(VALUES), st.integers(0, 2**32))
@settings(max_examples=int(2000 * SCALE), deadline=None)
def test_an_expression_has_the_type_it_claims(
    source: str, values: dict[str, Any], seed: int
) -> None:
    reports: list[tuple[Any, ...]] = []
    lowering = Lowering(Scope(), lambda *report: reports.append(report))
    typed = lowering.printed(source)
    errors = [report for report in reports if report[0] == "error"]
    if typed is None:
        assert errors
        return
    assert not errors
    assert typed.type is not ERROR
    for _, _, _, start, end, _ in reports:
        assert 0 <= start < end <= len(source)
    json.dumps(typed.expr)
    value = evaluate(typed.expr, World(values, seed))
    match typed.type.kind:
        case "bool":
            assert isinstance(value, bool)
        case "int":
            assert isinstance(value, int)
            assert abs(value) <= 2**53
        case "number":
            assert not isinstance(value, bool)
            assert abs(value) <= 2**53
        case "text":
            assert isinstance(value, str)
        case "enum":
            assert value in typed.type.values or value == ""
        case "set":
            assert set(value) <= set(typed.type.values)
        case "label":
            assert value in typed.type.values


@given(st.text(max_size=30))
@settings(max_examples=int(1000 * SCALE), deadline=None)
def test_any_text_is_lowered_or_reported(source: str) -> None:
    reports: list[tuple[Any, ...]] = []
    lowering = Lowering(Scope(), lambda *report: reports.append(report))
    assert (lowering.condition(source) is None) == any(each[0] == "error" for each in reports)


PIECES = [
    "Rain.", "Mei (worried): *Hi*, {mei.name}. `pause 1` {a|b}", "Mei & Kenji: We. `once`",
    "{coins, plural, one {# coin} other {# coins}} and {mood}. `if brave`", "Hi. ^hi",
    "`show mei smile at left with dissolve`", "`hide mei`", "`set coins += 1` `set brave`",
    '`set bag += "key"` `set mood = pick(bag)`', "`set stop = \"#kitchen\"`", "`jump stop`",
    "`call with stakes=coins into brave` [](lab.md)", "`call` [](#kitchen)", "`return`",
    '`input player "Name, {mei.name}?" default "Ana"`', '`notify "{coins}"` `unlock a`',
    "`if coins > 2`", "`elif brave`", "`else`", "`end`", "[](#kitchen)", "[](#kitchen) `if brave`",
    "- A\n\n  `set coins -= 1`\n\n- Kenji: B `if brave` `locked \"No.\"`\n- [C](#kitchen) `once`",
    "- [](#rest) `else`\n- D `if chance(0.5)`", "1. A `weight 2`\n1. [](#kitchen)\n1. Mei: C.",
    "1. A `shuffle`\n1. B `once`", "> A page.\n>\n> Mei: Of two.", "![A photo](photo)", "---",
    "`scene roof at night`", "`scene hall with wipe_left over 1`", "`camera zoom 2`",
    "## A heading", "`ending early`", "`play music storm fade 2` `stop`", "<!-- a note -->",
]  # fmt: skip
WORDS = [word for piece in PIECES for word in piece.split(" ")]


@pytest.mark.parametrize("batch", range(4))
def test_any_scene_compiles_or_is_reported_and_plays(batch: int) -> None:
    rng = random.Random(SEED + batch)
    print(f"COMFYVN_SEED={SEED}")
    played = 0
    for _ in range(int(1000 * SCALE) // 4):
        parts = [rng.choice(PIECES) for _ in range(rng.randint(1, 9))]
        if rng.random() < 0.3:
            words = rng.choice(parts).split(" ")
            words.insert(rng.randrange(len(words) + 1), rng.choice(WORDS))
            parts.append(" ".join(words))
        text = "\n\n".join(parts) + AFTER
        compiled, out = compile_files({"scenes/start.md": text})
        assert compiled is not None
        program = json.loads(json.dumps(compiled.program))
        lines = text.split("\n")
        for item in out:
            assert item.span.path in ("scenes/start.md", *PROJECT), (text, item)
            if item.span.path == "scenes/start.md":
                assert 1 <= item.span.line <= len(lines), (text, item)
                assert 1 <= item.span.column < item.span.end_column, (text, item)
        if out.has_errors:
            continue
        played += 1
        runs = [Run(rng.randrange(2**32), tuple(rng.choices(range(5), k=12)) * 3) for _ in "ab"]
        for records in InterpreterRuntime(program).play(runs):
            assert records[-1]["t"] in ("ending", "waiting", "stuck"), (text, records[-1])
    assert played


def test_a_large_scene_compiles_to_as_many_ops() -> None:
    scene, out = compile_scene("Rain.\n\n" * 5000 + AFTER)
    assert not out
    assert len(scene["sections"][0]["body"]) == 5000


def test_nearest_names_are_looked_for_only_so_long() -> None:
    headings = "\n\n".join(f"## Heading {number}\n\nHi.\n\n[](#rest)" for number in range(300))
    links = "\n\n".join(f"[](#heading-{number}x) `if brave`" for number in range(300))
    _, out = compile_scene(f"{links}\n\n[](#rest)\n\n{headings}{AFTER}")
    broken = [item for item in out if item.code == "VN0602"]
    assert len(broken) == 300
    assert broken[0].help == "did you mean `#heading-0`?"
    assert broken[-1].help == "write the heading first"
