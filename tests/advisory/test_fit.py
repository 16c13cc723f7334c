"""Lines and choices beside the boxes of the targets."""

from __future__ import annotations

import os
import re

import pytest
from advisory.scenes import marked, passages
from hypothesis import given, settings
from hypothesis import strategies as st

from comfyvn.advisory.fit import BOXES, FONTS, Fit, Letters, check_fit, longest, rows, surely_fits
from comfyvn.advisory.passages import masked
from comfyvn.data import data_folder
from comfyvn.source.diagnostics import Diagnostic, Diagnostics

EXAMPLES = int(1000 * float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1")))
BOTH = Fit(("renpy", "web"), "serif", 3, 1)


def advice(text: str, fit: Fit = BOTH) -> list[Diagnostic]:
    out = Diagnostics()
    check_fit(passages(text), fit, out)
    return out


def test_the_boxes_are_those_of_the_templates() -> None:
    screens = (data_folder("templates/renpy/game") / "screens.rpy").read_text("utf-8")
    say = screens[screens.index("screen say_box") : screens.index("screen ctc")]
    width = int(re.search(r"xsize \(1760 if narrow else (\d+)\)", say)[1])  # type: ignore[index]
    around = re.search(r"padding \(\(.*?\) if narrow else \((\d+), \d+, (\d+), \d+\)\)", say)
    size = int(re.search(r'whisper" else (\d+), True', say)[1])  # type: ignore[index]
    assert around
    assert BOXES["renpy"].line == (width - int(around[1]) - int(around[2])) / size
    choice = screens[screens.index("screen choice") : screens.index("style choice_number")]
    inner = int(re.search(r"xsize \(1240 if .*? else (\d+)\)", choice)[1])  # type: ignore[index]
    letters = int(re.search(r"size vn.size\((\d+), True\)", choice)[1])  # type: ignore[index]
    assert BOXES["renpy"].choice == inner / letters
    style = (data_folder("templates/web") / "style.css").read_text("utf-8")
    assert "width: min(100% - 2 * var(--edge-x), 62rem)" in style
    assert "padding: 1.5rem 4.4rem 1.6rem 2.4rem" in style
    assert "#text { font: 400 calc(1.3rem * var(--text-scale))" in style
    assert "#text p { max-width: 44em" in style
    assert "width: min(100% - 2 * var(--edge-x), 46rem)" in style
    assert "gap: 1.1rem; padding: .76rem 1.5rem" in style
    assert "font: 400 calc(1.14rem * (.5 + .5 * var(--text-scale)))" in style
    reason = int(re.findall(r"size vn.size\((\d+), True\)", choice)[1])
    assert BOXES["renpy"].reason == inner / reason
    assert ".reason { display: block; font: italic 400 .84em" in style
    assert "width: .62em; height: .62em; margin-inline-end: .5em" in style


def test_lines_and_choices_are_reported_where_they_do_not_fit() -> None:
    text = f"Mei: {'rain ' * 40}end\n\n- {'rain ' * 14}end\n\n- Short.\n"
    found = advice(text)
    assert [each.code for each in found] == ["VN1720", "VN1721"]
    assert marked(text, found[0]) == f"{'rain ' * 40}end"
    assert "on Ren'Py, of 3" in found[0].message
    assert advice(text, BOTH._replace(rows=6, choice_rows=2)) == []
    assert [each.code for each in advice(text, BOTH._replace(targets=("web",), rows=4))] == []
    assert advice(text, BOTH._replace(targets=())) == []


def test_reasons_of_locked_choices_are_reported_where_they_do_not_fit() -> None:
    reason = f"{'rain ' * 14}end"
    text = f'- Go. `if false` `locked "{reason}"`\n\n- Stay. `if false` `locked "Rain."`\n'
    found = advice(text)
    assert [(each.code, marked(text, each)) for each in found] == [("VN1721", reason)]
    assert "this reason of a choice takes 2 rows" in found[0].message
    assert advice(text, BOTH._replace(choice_rows=2)) == []


@pytest.mark.parametrize("family", ["serif", "sans", "readable"])
def test_rows_are_counted_between_words(family: str) -> None:
    letters = Letters({"serif": "literata.ttf", "sans": "inter.ttf"}.get(family, "atkinson.ttf"))
    word = letters.width("rain") / 1000
    space = letters.width(" ") / 1000
    assert rows("rain rain", 2 * word + space + 0.001, letters) == 1
    assert rows("rain rain", 2 * word + space - 0.01, letters) == 2
    assert rows("rain\nrain", 50, letters) == 2
    assert rows("雨" * 45, 30, letters) == 2
    assert letters.width("e\u0301") == letters.width("e")
    assert letters.width("illi") < letters.width("mwwm")


def test_the_longest_of_what_may_be_shown_counts() -> None:
    assert longest(masked("a {x|yyyy|zz} b {1|22} c")) == "a yyyy b 22 c"
    assert (
        longest(masked("{n, plural, one {# rain} other {# storms}} fall")) == "nnnnnn storms fall"
    )
    assert longest(masked("*a* {b} `pause 1`")).startswith("a nnnnnn")


LETTERS = {family: Letters(name) for family, name in FONTS.items()}


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.sampled_from(sorted(FONTS)),
    st.lists(st.text("hnuaeimwW…—.I", min_size=1, max_size=14), max_size=40),
    st.sampled_from(" \n "),
    st.integers(1, 6),
)
def test_what_surely_fits_fits(family: str, words: list[str], joint: str, most: int) -> None:
    text = " ".join(words[:20]) + joint + " ".join(words[20:])
    for box in BOXES.values():
        if surely_fits(text, box.line, most):
            assert rows(text, box.line, LETTERS[family]) <= most


def test_a_line_of_some_length_is_not_measured() -> None:
    assert surely_fits("the rain falls in the window " * 7, BOXES["renpy"].line, 6)
    assert not surely_fits("the rain falls in the window " * 20, BOXES["renpy"].line, 6)
