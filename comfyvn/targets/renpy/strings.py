"""Captions, reasons and prompts in other languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from comfyvn.targets.renpy.context import Lines
from comfyvn.targets.renpy.dialogue import language_name
from comfyvn.targets.renpy.text import quoted


def strings_file(language: str, strings: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return `choices.rpy` of a language by its path; nothing if nothing is translated.

    Args:
        language: the language.
        strings: text to translation, of each scene in order.
    """
    found: dict[str, str] = {}
    for each in strings:
        found.update(each)
    if not found:
        return {}
    name = language_name(language)
    lines = Lines()
    with lines.block(f"translate {name} strings:"):
        for old, new in sorted(found.items()):
            lines.add("", f"old {quoted(old)}", f"new {quoted(new)}")
    return {f"game/tl/{name}/choices.rpy": lines.text()}
