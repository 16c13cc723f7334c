"""Patterns: what they stand for, against a slow reading of their definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comfyvn.engine.pattern import matches, overlap, select

NAMES = st.text("ab/.", max_size=8)
PATTERNS = st.text("ab/.*", max_size=7)


def slowly(pattern: str, name: str, wide: bool) -> bool:
    """Return whether `pattern` stands for `name`, by trying every length for its first star."""
    if not pattern:
        return not name
    if pattern[0] != "*":
        return name[:1] == pattern[0] and slowly(pattern[1:], name[1:], wide)
    stars = len(pattern) - len(pattern.lstrip("*"))
    rest = pattern[stars:]
    if stars == 2 and rest.startswith("/") and not wide:
        starts = [0, *(i + 1 for i, char in enumerate(name) if char == "/")]
        return any(slowly(rest[1:], name[i:], wide) for i in starts)
    ends = range(len(name) + 1)
    if stars == 1 and not wide:
        ends = range(name.find("/") + 1 or len(name) + 1)
    return any(slowly(rest, name[i:], wide) for i in ends)


@given(PATTERNS.filter(lambda p: "***" not in p), NAMES, st.booleans())
def test_matches_what_the_definition_says(pattern: str, name: str, wide: bool) -> None:
    at = "@" if wide else ""
    assert matches(at + pattern, at + name) == slowly(pattern, name, wide)


@given(PATTERNS, st.lists(NAMES, unique=True), st.booleans())
def test_select_is_matches_over_a_list(pattern: str, names: list[str], wide: bool) -> None:
    at = "@" if wide else ""
    given = sorted(at + name for name in names)
    assert select(at + pattern, given) == [n for n in given if matches(at + pattern, n)]


@given(PATTERNS, PATTERNS, NAMES)
def test_patterns_that_stand_for_one_name_overlap(one: str, other: str, name: str) -> None:
    if matches(one, name) and matches(other, name):
        assert overlap(one, other)


def test_overlap_tells_folders_apart() -> None:
    assert not overlap("build/web/*.json", "build/web/story/*.json")
    assert overlap("build/web/**/*.json", "build/web/story/*.json")
    assert not overlap("@part/*", "@places/*")
    assert not overlap("build/a-*.json", "build/a-*.txt")
    assert overlap("build/*-b.json", "build/a-*.json")
    assert matches("art/**/*.svg", "art/a.svg")
    assert matches("@part/*", "@part/chapter/one")
    assert not matches("characters/*.yaml", "characters/old/mei.yaml")
