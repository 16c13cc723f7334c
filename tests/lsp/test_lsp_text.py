"""Open documents: edits and positions in the units of the client."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.lsp.text import Change, Document, Encoding, Place
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.text import read_source

CODECS: dict[Encoding, tuple[str, int]] = {
    "utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4),
}  # fmt: skip
LETTERS = st.sampled_from(
    ["a", "é", "雨", "🎹", "\u2028", "\x0c", "\n", "\r", "\r\n", " ", "e\u0301"]
)
TEXTS = st.lists(LETTERS, max_size=30).map("".join)


def rows(text: str) -> list[tuple[int, str]]:
    """Return where each line begins in code points, and the line."""
    starts = [0, *(match.end() for match in re.finditer("\r\n|\r|\n", text))]
    return [(start, re.split("[\r\n]", text[start:], maxsplit=1)[0]) for start in starts]


@st.composite
def histories(draw: Any) -> tuple[Encoding, str, list[tuple[Place, Place, str]], list[str]]:
    """Draw a text, and edits in units of a client with the texts that they lead to."""
    encoding: Encoding = draw(st.sampled_from([*CODECS]))
    codec, size = CODECS[encoding]
    text = first = draw(TEXTS)
    edits, texts = [], []

    def place() -> tuple[int, Place]:
        row = draw(st.integers(0, len(rows(text)) - 1))
        start, line = rows(text)[row]
        column = draw(st.integers(0, len(line)))
        return start + column, Place(row, len(line[:column].encode(codec)) // size)

    for _ in range(draw(st.integers(1, 5))):
        (low, start), (high, end) = sorted([place(), place()])
        new = draw(TEXTS)
        text = text[:low] + new + text[high:]
        edits.append((start, end, new))
        texts.append(text)
    return encoding, first, edits, texts


@given(histories())
def test_edits_lead_to_the_text_of_the_client(
    history: tuple[Encoding, str, list[tuple[Place, Place, str]], list[str]],
) -> None:
    encoding, first, edits, texts = history
    document = Document(first, encoding)
    for (start, end, new), wanted in zip(edits, texts, strict=True):
        document.change([Change(start, end, new)])
        assert document.text == wanted
    whole = Document(first, encoding)
    whole.change([Change(*edit) for edit in edits])
    assert whole.text == texts[-1]


@given(TEXTS, st.sampled_from([*CODECS]))
def test_places_are_there_and_back_again(text: str, encoding: Encoding) -> None:
    document = Document(text, encoding)
    for row, (_, line) in enumerate(rows(text)):
        for column in range(1, len(line) + 2):
            place = document.place(row + 1, column)
            assert document.at(place) == (row + 1, column)
            codec, size = CODECS[encoding]
            assert place.character == len(line[: column - 1].encode(codec)) // size


@given(TEXTS)
def test_lines_are_those_of_the_compiler(text: str) -> None:
    document = Document(text)
    read = read_source(text.encode(), "scenes/a.md", Diagnostics()).split("\n")
    assert document.count == len(read)
    assert [len(document.line(i)) for i in range(document.count)] == [len(line) for line in read]


@pytest.mark.parametrize(
    ("encoding", "character"), [("utf-8", 5), ("utf-16", 3), ("utf-32", 2), ("utf-16", 99)]
)
def test_an_emoji_takes_the_units_of_the_encoding(encoding: Encoding, character: int) -> None:
    document = Document("x🎹", encoding)
    assert document.offset(Place(0, character)) == 2
    assert document.offset(Place(7, 0)) == 2


def test_a_place_within_a_character_is_before_it() -> None:
    assert Document("🎹!").at(Place(0, 1)) == (1, 1)
