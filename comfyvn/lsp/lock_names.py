"""The names in `vn.lock`: fixed names, what the texts that it remembers name, and pinned takes.

When they are renamed there as well, nothing looks as if it had been reworded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comfyvn.lsp.asset_names import asset_names
from comfyvn.lsp.po_names import placed
from comfyvn.lsp.scene_names import Cast, SceneNames
from comfyvn.lsp.symbols import Occurrence, Symbol
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.diagnostics import Span as Place
from comfyvn.source.inline import parse_inline
from comfyvn.source.lock_pins import MARK
from comfyvn.source.syntax import At, Scene, Span

PATH = "vn.lock"
_FIELDS = 8
_PIN_FIELDS = 3
_DIRECTIVES = "kne"
"""The kinds of what is remembered by the source of a directive."""
_UNIT = re.compile(r"\\(.)|(.)", re.DOTALL)


def lock_names(
    lines: Sequence[str], word: str, cast: Cast, params: Mapping[str, Mapping[str, Any]]
) -> Iterator[Occurrence]:
    """Yield what the records with a word in them name.

    Args:
        lines: of the file.
        word: what the lines must have, since there may be tens of thousands of them.
        cast: what texts are understood by.
        params: the parameters of each scene.
    """
    for number, line in enumerate(lines, 1):
        if word not in line:
            continue
        fields = line.split("\t")
        if fields[0] == MARK and len(fields) == _PIN_FIELDS:
            kind, _, made = fields[1].partition(" ")
            start = len(MARK) + len(kind) + 3
            pin = Place.on_line(PATH, number, start, start + len(made))
            yield from asset_names(kind, made, pin, cast)
        if len(fields) != _FIELDS:
            continue
        scene, id, name, text = fields[0], fields[2], fields[6], fields[7]
        column = len(line) - len(text) + 1
        if name:
            at = Place.on_line(PATH, number, column - 1 - len(name), column - 1)
            yield Occurrence(Symbol("line", f"{scene}#^{name}"), at)
        plain, places = _plain(text, number, column)
        header = {"params": dict(params.get(scene, {}))}
        walk = SceneNames(Scene(scene, PATH, header, {}, []), lines, cast)
        if id[:1] in _DIRECTIVES:
            walk.directive(Span(plain, At(1, 1, len(plain) + 1)), None)
        else:
            walk.text(parse_inline(plain.replace("\n", " "), PATH, 1, 1, Diagnostics()))
        yield from placed(walk.found, places)


def _plain(text: str, line: int, column: int) -> tuple[str, list[tuple[int, int]]]:
    """Return a field without its escapes, and where each character stands."""
    plain, places = [], []
    for unit in _UNIT.finditer(text):
        plain.append({"n": "\n", "t": "\t"}.get(unit[1], unit[1]) if unit[1] else unit[2])
        places.append((line, column + unit.start()))
    return "".join(plain), places
