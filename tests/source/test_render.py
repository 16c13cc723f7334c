"""What a terminal shows: the span underlined under any characters, and nothing a terminal obeys."""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.nearest import nearest
from comfyvn.source.render import print_diagnostics, render_json, render_sarif


def shown_of(out: Diagnostics, root: Path) -> str:
    """Return what a stream that is no terminal gets."""
    stream = io.StringIO()
    print_diagnostics(out, root, stream=stream)
    return stream.getvalue()


def columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.category(char) in ("Mn", "Me") for char in text)
    return len(text) + wide - marks


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("plain here it is", "here"),
        ("日本語の行 here 。", "here"),
        ("\t\ttabs here", "here"),
        ("e\u0301e\u0301 marks here", "here"),
        ("a 漢字 b", "漢字"),
        ("\u202eturned\u200b here", "here"),
        ("x" * 500 + " here " + "y" * 500, "here"),
    ],
)
def test_the_caret_stands_below_its_span(line: str, part: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"first\n{line}\n", encoding="utf-8")
    out = Diagnostics()
    start = line.index(part) + 1
    out.error("VN0603", "a message", Span.on_line("a.md", 2, start, start + len(part)))
    shown = shown_of(out, tmp_path).split("\n")
    source, under = shown[3], shown[4]
    at = under.index("^")
    before = source[: source.rindex(part)]
    assert columns(before) == at
    assert under.count("^") == columns(part)
    assert len(source) < 200


CHARS = st.text(st.characters(codec="utf-8"), max_size=40)


@given(CHARS, st.integers(-2, 60), st.integers(-2, 60), st.integers(-1, 4), CHARS)
def test_any_span_can_be_shown(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    start: int,
    end: int,
    line: int,
    message: str,
) -> None:
    root = tmp_path_factory.mktemp("r")
    (root / "a.md").write_text(text, encoding="utf-8", newline="")
    out = Diagnostics()
    span = Span("a.md", line, start, line, end)
    out.warning("VN0001", message, span, help=message, related=[Related(span, message)])
    shown = shown_of(out, root)
    obeyed = {char for char in shown if unicodedata.category(char) in ("Cc", "Cf")}
    assert obeyed <= {"\n", "\u200d"}
    assert json.loads(render_json(out))["warnings"] == 1
    json.loads(render_sarif(out))


@pytest.mark.parametrize(
    ("name", "valid", "expected"),
    [
        ("hones", ["tease", "honest"], "honest"),
        ("Honest", ["honest"], "honest"),
        ("shwo", ["scene", "show", "stop"], "show"),
        ("first-rain", ["first_rain"], "first_rain"),
        ("Chloe", ["chloé"], "chloé"),
        ("expr", ["expressions", "outfits"], "expressions"),
        ("zebra", ["show", "hide"], None),
        ("a", ["b"], None),
        ("", ["x"], None),
    ],
)
def test_the_nearest_name(name: str, valid: list[str], expected: str | None) -> None:
    assert nearest(name, valid) == expected
