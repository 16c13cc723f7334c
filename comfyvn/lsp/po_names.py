"""The names in a catalogue of translations: in comments, sources and translations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from comfyvn.lsp.scene_names import Cast, SceneNames
from comfyvn.lsp.symbols import Occurrence, Symbol
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.inline import parse_inline
from comfyvn.source.syntax import Scene

_COMMENT = re.compile(r"#:[ \t]+(scenes/(\S+)\.md)(?=[ \t:]|$)")
_STRING = re.compile(r'(?:(msgctxt|msgid|msgstr)[ \t]+)?"((?:[^"\\]|\\.)*)"[ \t]*$')
_UNIT = re.compile(r"\\(.)|(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def po_names(path: str, lines: Sequence[str], cast: Cast) -> list[Occurrence]:
    """Return what a catalogue names: scenes in comments, variables and directives in texts."""
    found: list[Occurrence] = []
    scene = ""
    for text, places in _texts(lines):
        if text.startswith("#:"):
            match = _COMMENT.match(text)
            if match is not None:
                scene = match[2]
                line, column = places[0]
                start, end = match.span(2)
                span = Span.on_line(path, line, column + start, column + end)
                found.append(Occurrence(Symbol("scene", scene), span))
        elif "{" in text or "`" in text:
            found += _in_text(text, places, path, scene, lines, cast)
    return found


def _in_text(
    text: str,
    places: Sequence[tuple[int, int]],
    path: str,
    scene: str,
    lines: Sequence[str],
    cast: Cast,
) -> Iterator[Occurrence]:
    """Yield what a text names; each character of it stands at one of `places`."""
    walk = SceneNames(Scene(scene, path, {}, {}, []), lines, cast)
    walk.text(parse_inline(text.replace("\n", " "), path, 1, 1, Diagnostics()))
    return placed(walk.found, places)


def placed(found: Iterable[Occurrence], places: Sequence[tuple[int, int]]) -> Iterator[Occurrence]:
    """Yield what was found in an unescaped text where it stands in the file.

    `places` are the line and the column of each character; what has an escape within is left out.
    """
    for each in found:
        start, end = each.span.column - 1, each.span.end_column - 2
        if not start <= end < len(places):
            continue
        (line, column), (last, behind) = places[start], places[end]
        if line == last and behind - column == end - start:
            yield each._replace(span=Span.on_line(each.span.path, line, column, behind + 1))


def _texts(lines: Sequence[str]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield comments that tell a place, and the texts of entries, with where each character is."""
    text: list[str] = []
    places: list[tuple[int, int]] = []
    for number, line in enumerate(lines, 1):
        match = _STRING.match(line)
        if match is not None and match[1] is None:
            _take(match, number, text, places)
            continue
        if text:
            yield "".join(text), places
        text, places = [], []
        if match is not None:
            if match[1] != "msgctxt":
                _take(match, number, text, places)
        elif line.startswith("#:"):
            yield line, [(number, 1)]
    if text:
        yield "".join(text), places


def _take(match: re.Match[str], line: int, text: list[str], places: list[tuple[int, int]]) -> None:
    start = match.start(2) + 1
    for unit in _UNIT.finditer(match[2]):
        text.append(_ESCAPES.get(unit[1], unit[1]) if unit[1] else unit[2])
        places.append((line, start + unit.start()))
