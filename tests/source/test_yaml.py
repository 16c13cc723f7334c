"""YAML: the core schema, positions, and no input that breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.yaml import MAX_DEPTH, load_yaml

# YAML 1.2.2, chapter 10.3.2, and what YAML 1.1 read otherwise.
CORE = [
    ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None), ("nUll", "nUll"),
    ("true", True), ("True", True), ("FALSE", False), ("tRue", "tRue"),
    ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("NO", "NO"),
    ("0", 0), ("-19", -19), ("+7", 7), ("007", 7), ("0o17", 15), ("0xfF", 255), ("017", 17),
    ("1_000", "1_000"), ("0b11", "0b11"), ("1:30", "1:30"), ("-0x1", "-0x1"), ("0o8", "0o8"),
    ("0.", 0.0), ("-0.5", -0.5), (".5", 0.5), ("12e03", 12000.0), ("-2E+05", -200000.0),
    ("1e", "1e"), (".", "."), ("1.2.3", "1.2.3"), ("+", "+"), ("e3", "e3"),
    ("2001-01-01", "2001-01-01"), ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
    ("9007199254740992", 2**53), ("'1'", "1"), ('"true"', "true"), ("=", "="), ("<<", "<<"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), CORE)
def test_core_schema(source: str, value: object) -> None:
    out = Diagnostics()
    node = load_yaml(f"key: {source}", "a.yaml", out)
    assert node is not None
    assert out == []
    found = node.plain()["key"]
    assert found == value
    assert type(found) is type(value)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_quoted_text_is_itself(text: str) -> None:
    import json

    out = Diagnostics()
    quoted = json.dumps(text)
    if "\\ud" in quoted:  # JSON writes what lies beyond the first plane as two halves
        quoted = json.dumps(text, ensure_ascii=False)
    node = load_yaml(f"key: {quoted}", "a.yaml", out)
    if node is None:
        assert [item.code for item in out] == ["VN0201"]
    else:
        assert node.plain() == {"key": text}


SOUP = st.lists(
    st.sampled_from(
        [*"[]{}:,-?&*!|>'\"#%@`\n \t\\~", "a", "b: ", "- ", "\n  ", "---\n", "...\n", "<<: ", "é",
         "\ufeff", "\x85", "\u2028", "\x00", "\ud800", "1e999", ".inf", "0x", "? ", "%YAML 1.1\n"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.one_of(SOUP, st.text(max_size=100)))
def test_no_text_breaks_the_reader(text: str) -> None:
    out = Diagnostics()
    node = load_yaml(text, "a.yaml", out)
    assert node is not None or out.has_errors
    lines = text.split("\n")
    for item in out:
        assert item.span.line <= len(lines)
        if item.span.line:
            assert 1 <= item.span.column <= len(lines[item.span.line - 1]) + 1
            assert item.span[3:] > item.span[1:3]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text("abc é-", min_size=1),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcé", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_values_and_their_places(value: object) -> None:
    import json

    text = json.dumps({"top": value}, ensure_ascii=False, indent=1)
    out = Diagnostics()
    node = load_yaml(text, "a.yaml", out)
    assert node is not None
    assert node.plain() == {"top": value}

    def walk(node, value) -> None:
        span = node.span
        lines = text.split("\n")[span.line - 1 : span.end_line]
        lines[-1] = lines[-1][: span.end_column - 1]
        lines[0] = lines[0][span.column - 1 :]
        assert json.loads("\n".join(lines)) == value
        if isinstance(value, dict):
            for key, inner in value.items():
                at = node.keys[key]
                assert at.line == at.end_line
                line = text.split("\n")[at.line - 1]
                assert line[at.column - 1 : at.end_column - 1] == f'"{key}"'
                walk(node.value[key], inner)
        elif isinstance(value, list):
            for inner, part in zip(node.value, value, strict=True):
                walk(inner, part)

    walk(node, {"top": value})


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "VN0202", (3, 1, 3, 2)),
        ("a: &x 1\n", "VN0203", (1, 4, 1, 8)),
        ("a: *x\n", "VN0203", (1, 4, 1, 6)),
        ("a: !!int 1\n", "VN0203", (1, 4, 1, 11)),
        ("a:\n\tb: 1\n", "VN0201", (2, 1, 2, 2)),
        ("é: b: c\n", "VN0201", (1, 5, 1, 6)),
        ("a: .inf\n", "VN0205", (1, 4, 1, 8)),
        ("a: 9007199254740993\n", "VN0205", (1, 4, 1, 20)),
        ("a: 1\n---\nb: 2\n", "VN0206", (2, 1, 2, 4)),
        ("a: x\u2028y\n", "VN0201", (1, 5, 1, 6)),
        ("a: 1\n?\n", "VN0207", (2, 2, 2, 3)),
        ("a: " + "[b: " * 20 + "\n", "VN0204", (1, 65, 1, 66)),
    ],
)
def test_findings_point_at_their_place(text: str, code: str, place: tuple[int, ...]) -> None:
    out = Diagnostics()
    load_yaml(text, "a.yaml", out)
    assert [(item.code, item.span) for item in out] == [(code, Span("a.yaml", *place))]


def test_depth_and_aliases_cannot_exhaust_memory() -> None:
    for text in ("[" * 100_000, "- " * 100_000, "{a: " * 50_000, "a: &a [x]\n" + "b: *a\n" * 9):
        out = Diagnostics()
        assert load_yaml(text, "a.yaml", out) is None
        assert out.has_errors
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert load_yaml(deepest, "a.yaml", Diagnostics()) is not None


def test_lines_count_from_where_the_text_stands() -> None:
    out = Diagnostics()
    node = load_yaml("a: 1\nb: [", "a.md", out, first_line=5)
    assert node is None
    assert out[0].span.line == 6
