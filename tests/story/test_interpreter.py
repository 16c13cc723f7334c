"""What the shared vectors cannot say: errors, persistent state, plural operands, the schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from comfyvn.story.canonical import canonical
from comfyvn.story.interpreter import AnswerError, Story, keep, nothing
from comfyvn.story.numbers import LIMIT, divide_numbers, fixed, print_number
from comfyvn.story.program import Program
from comfyvn.story.render import category
from tests.conformance.cases import all_cases, one_scene
from tests.generate.build import make


def test_programs_are_as_their_types_say(tmp_path: Any) -> None:
    adapter = TypeAdapter(Program)
    for case in all_cases():
        adapter.validate_python(case.program)
    for seed in range(10):
        adapter.validate_python(make(seed, tmp_path / str(seed)).program)


def test_a_choice_that_is_not_offered_is_refused() -> None:
    choices = [
        {"id": "cyes0000", "text": ["Yes"], "body": []},
        {"id": "cno00000", "text": ["No"], "if": ["bool", False], "locked": ["why"], "body": []},
    ]
    story = Story(one_scene([{"op": "menu", "id": "mmenu000", "choices": choices}]))
    step = story.start(1, nothing())
    for answer in (None, "cno00000", "cother00"):
        with pytest.raises(AnswerError):
            story.advance(step.state, answer, nothing())
    over = story.advance(step.state, "cyes0000", nothing())
    assert over.state["waiting"] is None
    with pytest.raises(AnswerError):
        story.advance(over.state, None, nothing())


def test_persistent_state_outlives_a_game_and_a_step_does_not_write_it() -> None:
    variables = {"best": {"type": "int", "default": 2, "high": 4, "scope": "persistent"}}
    add = {"op": "set", "var": "best", "how": "+=", "value": ["int", 1]}
    end = {"op": "ending", "id": "eend0000", "name": "end", "title": "End"}
    story = Story(one_scene([add, {"op": "unlock", "name": "sea"}, end], variables=variables))
    persistent = nothing()
    for value in (3, 4, 4):
        before = canonical(persistent)
        step = story.start(1, persistent)
        assert canonical(persistent) == before
        keep(persistent, step.changes)
        assert persistent["vars"] == {"best": value}
    assert persistent["endings"] == ["end"]
    assert persistent["unlocks"] == ["sea"]
    assert persistent["counts"]["sstart00"] == 3


@pytest.mark.parametrize(
    ("x", "condition", "holds"),
    [
        (-1.5, ["==", ["var", "n"], ["num", 1.5]], True),
        (1.5, ["==", ["var", "i"], ["int", 1]], True),
        (1.25, ["==", ["var", "v"], ["int", 2]], True),
        (1.25, ["==", ["var", "f"], ["int", 25]], True),
        (3, ["==", ["var", "v"], ["int", 0]], True),
        (3.0, ["==", ["var", "v"], ["int", 0]], True),
        (0.0000001, ["==", ["var", "t"], ["int", 1]], True),
        (5e-324, ["==", ["var", "f"], ["int", 5]], True),
        (2, ["==", ["var", "e"], ["int", 1]], False),
    ],
)
def test_plural_operands(x: float, condition: list[Any], holds: bool) -> None:
    assert category(x, [("one", condition)]) == ("one" if holds else "other")


numbers = st.floats(-LIMIT, LIMIT, allow_nan=False)


@given(numbers)
def test_a_number_prints_as_digits_that_read_back(x: float) -> None:
    text = print_number(x)
    assert float(text) == x
    assert set(text) <= set("-.0123456789")
    assert json.loads(canonical(x)) == x


@given(numbers, st.integers(0, 20))
def test_fixed_digits_are_the_nearest(x: float, digits: int) -> None:
    text = fixed(x, digits)
    assert len(text.partition(".")[2]) == digits
    assert abs(float(text) - x) <= 10.0**-digits
    assert not text.startswith("-") or float(text) != 0


@given(numbers, numbers)
def test_division_is_total(a: float, b: float) -> None:
    for value in divide_numbers(a, b):
        assert -LIMIT <= value <= LIMIT
        assert print_number(value) not in ("-0", "nan", "inf")
