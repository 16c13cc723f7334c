"""The names in the name of an asset: whom a sprite is of, with which looks, where a place is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from comfyvn.lsp.scene_names import Cast
from comfyvn.lsp.symbols import Kind, Occurrence, Symbol
from comfyvn.source.diagnostics import Span

ASSET_KINDS = frozenset(
    ["background", "sprite", "prop", "image", "picture", "music", "ambience", "sfx", "voice"]
)
_WORD = re.compile(r"\S+")


def asset_names(kind: str, text: str, at: Span, cast: Cast) -> Iterator[Occurrence]:
    """Yield what the name of an asset is made of.

    Args:
        kind: one of `ASSET_KINDS`.
        text: the name without it, `kit grin` of `sprite kit grin`.
        at: where the name is written, on one line.
        cast: what its words are understood by.
    """
    words = [
        (word[0], at._replace(column=start, end_column=start + len(word[0])))
        for word in _WORD.finditer(text)
        if (start := at.column + word.start())
    ]
    if not words:
        return
    (subject, place), traits = words[0], words[1:]
    match kind:
        case "sprite":
            yield Occurrence(Symbol("character", subject), place)
            kinds = cast.looks.get(subject, {})
            for look, place in traits:
                if look in kinds:
                    yield Occurrence(Symbol("look", f"{subject}.{kinds[look]}.{look}"), place)
        case "background":
            yield Occurrence(Symbol("location", subject), place)
            for trait, place in traits:
                what: Kind = "time" if trait in cast.times else "weather"
                yield Occurrence(Symbol(what, trait), place)
        case "prop":
            yield Occurrence(Symbol("prop", subject), place)
        case _:
            yield Occurrence(Symbol("asset", f"{kind} {subject}"), place)
