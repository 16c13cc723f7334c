"""Reading bytes, slugs, and front matter."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.frontmatter import read_header
from comfyvn.source.report import Report
from comfyvn.source.slug import Slugs, slug
from comfyvn.source.syntax import At
from comfyvn.source.text import read_source
from comfyvn.source.yaml import load_yaml


def read(data: bytes) -> tuple[str, list[str]]:
    out = Diagnostics()
    text = read_source(data, "a.md", out)
    return text, [f"{item.code} {item.span.line}:{item.span.column}" for item in out]


@pytest.mark.parametrize(
    ("data", "text", "found"),
    [
        (b"", "", []),
        (b"\xef\xbb\xbfa\r\nb\rc\n", "a\nb\nc\n", []),
        (b"a\nb\xffc\xfe", "a\nb\ufffdc\ufffd", ["VN0101 2:2"]),
        ("hé".encode("latin-1"), "h\ufffd", ["VN0101 1:2"]),
        ("a".encode("utf-16"), "", ["VN0101 1:1"]),
        (b"a\0b\n\x1b", "a\ufffdb\n\ufffd", ["VN0102 1:2", "VN0102 2:1"]),
        ("a\u2028b".encode(), "a\ufffdb", ["VN0102 1:2"]),
        ("a\u202eb".encode(), "a\u202eb", ["VN0103 1:2"]),
        ("x\na\u200bb\ufeff".encode(), "x\na\u200bb\ufeff", ["VN0104 2:2"]),
        ("a\u200db".encode(), "a\u200db", ["VN0104 1:2"]),
        ("👩\u200d🚀 می\u200cخواهم".encode(), "👩\u200d🚀 می\u200cخواهم", []),
        ("cafe\u0301\ne\u0301".encode(), "cafe\u0301\ne\u0301", ["VN0105 1:4"]),
    ],
)
def test_read_source(data: bytes, text: str, found: list[str]) -> None:
    assert read(data) == (text, found)


@given(st.binary(max_size=200))
def test_reading_never_fails_and_keeps_lines(data: bytes) -> None:
    text, found = read(data)
    assert "\r" not in text
    assert "\0" not in text
    lines = text.split("\n")
    for item in found:
        line, column = map(int, item.split()[1].split(":"))
        assert line <= len(lines) or item.startswith("VN0101")
        assert column >= 1


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Honest", "honest"),
        (" The roof, after the bell ", "the-roof-after-the-bell"),
        ("a  b", "a--b"),
        ("snake_case-x 2", "snake_case-x-2"),
        ("CAFE\u0301", "café"),
        ("屋上で、雨", "屋上で雨"),
        ("नमस्ते", "नमस्ते"),
        ("İ", "i\u0307"),
        ("½ ②", "½-②"),
        ("!?", ""),
        ("a\u00a0b", "ab"),
    ],
)
def test_slug(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor
    assert unicodedata.is_normalized("NFC", anchor)


def test_equal_slugs_are_numbered() -> None:
    slugs = Slugs()
    given_anchors = [slugs.add(heading) for heading in ("A", "a", "A-1", "a", "a-1", "b")]
    assert given_anchors == [
        ("a", "a"),
        ("a-1", "a"),
        ("a-1-1", "a-1"),
        ("a-2", "a"),
        ("a-1-2", "a-1"),
        ("b", "b"),
    ]


@given(st.lists(st.sampled_from(["a", "a-1", "a-1-1", "b", "a-2"]), max_size=30))
def test_anchors_are_unique(headings: list[str]) -> None:
    slugs = Slugs()
    anchors = [slugs.add(heading)[0] for heading in headings]
    assert len(set(anchors)) == len(anchors)


SCALARS = st.one_of(
    st.sampled_from(
        "true True TRUE tRue false null Null ~ yes no on off 0 1 -1 +1 007 1_000 0x1f 0o17 1.5 -1 "
        "1. .5 1e3 .inf .nan 2020-01-01 12:30 a a:b a#b 'a' 'a''b' \"a\" [] [a] [a,b] [true,1] x,y "
        "school/roof a\\b é あ 100% @a `a` &a *a !a |a >a %a - -a ? ?a : :a # #a".split()
    ),
    st.sampled_from(
        [
            "",
            " ",
            "a # b",
            "a #b",
            "a b",
            "a: b",
            "a :b",
            "'a' # b",
            '"a\\n"',
            "[ a , b c ]",
            "{}",
            "{a: b}",
            "[a: b]",
            "[[a]]",
            "['a']",
            "[a,]",
            "[,]",
            "a:",
            "- a",
            "'a",
            '"',
            "a ",
            "a\tb",
        ]
    ),
    st.text(st.sampled_from("ab1:#-'\"[],{} .\\é"), max_size=6),
)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "title", "x_1"]), SCALARS), max_size=4))
def test_header_scanner_agrees_with_yaml(facts: list[tuple[str, str]]) -> None:
    lines = [f"{key}: {value}" if value else f"{key}:" for key, value in facts]
    source = ["---", *lines, "---", "text"]
    out, other = Diagnostics(), Diagnostics()
    header, places, first = read_header(source, Report("a.md", out))
    node = load_yaml("\n".join(lines) + "\n", "a.md", other, first_line=2)
    assert first == len(source) - 1
    assert list(out) == list(other)
    expected = node.plain() if node is not None and node.value is not None else {}
    if isinstance(expected, dict):
        assert header == expected
        assert [type(value) for value in header.values()] == [
            type(value) for value in expected.values()
        ]
        assert set(places.keys) == set(header)
        assert set(places.values) >= {key for key, value in header.items() if value is not None}
    for key, at in places.keys.items():
        assert source[at.line - 1][at.column - 1 : at.end_column - 1] == key
    for key, at in places.values.items():
        written = source[at.line - 1][at.column - 1 : at.end_column - 1]
        assert written.strip() == written
        if (alone := load_yaml(f"value: {written}", "a.md", Diagnostics())) is not None:
            # Else the quotes are closed on a later line.
            assert alone.plain()["value"] == header[key]


def test_nested_facts_and_places() -> None:
    lines = ["---", "title: a", "params:", "  x: {type: int}", "tags:", "  - b", "---"]
    out = Diagnostics()
    header, places, first = read_header(lines, Report("a.md", out))
    assert not out
    assert header == {"title": "a", "params": {"x": {"type": "int"}}, "tags": ["b"]}
    assert (places.keys["params"].line, places.keys["tags"].line, first) == (3, 5, 7)
    assert (places.values["title"], places.values["tags"].line) == (At(2, 8, 9), 6)
