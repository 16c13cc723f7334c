"""Which texts a line can have, and how each is said."""

from __future__ import annotations

from typing import Any

import pytest

from comfyvn.plan.line_texts import MOST, Domain, Reading, members_of, readings
from comfyvn.story.plurals import rules

VARIABLES = {
    "brave": Domain([False, True]),
    "mood": Domain(["calm", "cross", "sad"]),
    "dice": Domain(list(range(1, 4))),
    "many": Domain(list(range(1, 60))),
    "coins": Domain([3], False),
    "word": Domain(["sea"], False),
    "mei.name": Domain(["Mei"]),
    members_of("bag"): Domain(["key", "rope"]),
}
ENGLISH = rules("en")


def texts(text: list[Any], *slots: Any) -> list[str]:
    return [reading.said for reading in readings(text, slots, VARIABLES, ENGLISH).texts]


def lacking(text: list[Any], *slots: Any) -> str:
    return readings(text, slots, VARIABLES, ENGLISH).lacking


def var(name: str) -> list[str]:
    return ["var", name]


def test_a_plain_text_is_one() -> None:
    found = readings(["The ", {"em": ["sea"]}, {"fx": []}, "\n is  wet."], (), {}, ENGLISH)
    assert found.fixed
    assert found.texts == [Reading("The sea\n is  wet.", "The sea is wet.", "The sea\n is  wet.")]


def test_readings_are_said_and_what_is_struck_is_not() -> None:
    text = [{"ruby": ["東京"], "rt": "とうきょう"}, " ", {"del": ["hates"]}, {"strong": ["likes"]}]
    (reading,) = readings(text, (), {}, ENGLISH).texts
    assert reading.shown == "東京 (とうきょう) hateslikes"
    assert reading.said == "とうきょう likes"


def test_the_start_ends_at_an_effect_that_parts_the_text() -> None:
    pause, bell = {"fx": [{"op": "pause"}]}, {"fx": [{"op": "play"}]}
    (reading,) = readings(["One", pause, " two", bell, " three"], (), {}, ENGLISH).texts
    assert (reading.start, reading.shown) == ("One two", "One two three")


@pytest.mark.parametrize("text", [["…"], [], ["— !"], [{"del": ["gone"]}]])
def test_what_has_no_words_is_not_said(text: list[Any]) -> None:
    assert readings(text, (), {}, ENGLISH).texts == []


def test_forms_are_listed() -> None:
    select = {"select": 0, "forms": {"calm": ["calm"], "other": ["cross"]}}
    assert texts(["I am ", select], var("mood")) == ["I am calm", "I am cross"]
    wording = {"wording": 0, "of": [["a"], ["b"], ["c"]]}
    assert texts([wording, " jar"], ["wording"]) == ["a jar", "b jar", "c jar"]
    assert texts(["It is ", {"v": 0}], var("brave")) == ["It is false", "It is true"]
    assert texts(["The ", {"v": 0}], ["pick", var("bag")]) == ["The key", "The rope"]
    assert texts([{"v": 0}], ["roll", 2, 2, 1]) == ["3", "4", "5"]


def test_slots_that_hang_on_one_variable_go_together() -> None:
    plural = {"plural": 0, "forms": {"one": [{"v": 0}, " coin"], "other": [{"v": 0}, " coins"]}}
    rest = ["-", "i", ["int", 3], var("dice")]
    assert texts([plural, ", ", {"v": 1}, " left"], var("dice"), rest) == [
        "1 coin, 2 left",
        "2 coins, 1 left",
        "3 coins, 0 left",
    ]


def test_what_no_form_prints_needs_no_values() -> None:
    plural = {"plural": 0, "forms": {"one": ["a coin"], "other": ["coins"]}}
    assert texts([plural], var("coins")) == ["a coin", "coins"]
    assert lacking([plural], var("coins")) == ""
    seen = {"select": 0, "forms": {"true": ["again"], "other": ["at last"]}}
    assert texts([seen], ["visited", "b1", False]) == ["again", "at last"]


def test_what_cannot_be_listed_is_said_as_it_is_at_the_start() -> None:
    assert texts(["I have ", {"v": 0}], var("coins")) == ["I have 3"]
    assert lacking(["I have ", {"v": 0}], var("coins")) == "values"
    assert texts([{"v": 0}, "!"], var("word")) == ["sea!"]
    assert (texts(["Hey, ", {"v": 0}], var("mei.name")), lacking([{"v": 0}], var("mei.name"))) == (
        ["Hey, Mei"],
        "",
    )
    assert lacking([{"v": 0}], ["times", "b1", False]) == "values"
    assert texts(["x", {"v": 0}], ["times", "b1", False]) == []


def test_a_line_of_too_many_texts_is_silent() -> None:
    three = [{"v": 0}, {"v": 1}]
    assert len(texts([{"v": 0}, {"v": 1}, "a"], var("mood"), var("brave"))) == 6
    assert lacking(three, var("mood"), var("dice")) == "many"
    assert texts(three, var("mood"), var("dice")) == []
    assert lacking([{"v": 0}], var("many")) == "many"
    forms = {"plural": 0, "forms": {"one": ["one"], "other": ["more"]}}
    assert texts([forms], var("many")) == ["one", "more"]
    assert 2 <= MOST <= 8


def test_a_translation_may_have_other_numbers_of_wordings() -> None:
    two = {"wording": 0, "of": [["a"], ["b"]]}
    assert texts([two, {"wording": 0, "of": [["x"], ["y"], ["z"]]}], ["wording"]) == [
        "ax",
        "ay",
        "by",
        "bz",
    ]
