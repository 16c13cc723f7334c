"""The shape of a scene: what is empty, endless, or offers a choice that is none."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Related, Span
from comfyvn.source.inline import flat
from comfyvn.source.syntax import Block, Item, Menu, Page, Pick, Scene
from comfyvn.story.compiler.flow import walk

MOST_WORDS = 12_000
"""Words after which a scene is long: an hour of reading, and one file to scroll through."""
MOST_CHOICES = 9
"""Choices that a menu has keys for, on every target."""

Places = Mapping[str, tuple[int, int]]


def check_structure(
    scene: Scene,
    part: Mapping[str, Any],
    places: Places,
    named: Collection[str],
    words: int,
    out: Diagnostics,
) -> None:
    """Report what is odd about the shape of a scene.

    Args:
        scene: its tree.
        part: what it is in the Program.
        places: the line and column of each id.
        named: the ids with a fixed name, which others may ask for.
        words: how many words its texts have.
        out: where findings go.
    """
    if not any(section.body for section in scene.sections):
        out.warning(
            "VN1730",
            "this scene is empty",
            Span.whole_file(scene.path),
            help="write it, or delete the file and what leads to it",
        )
        return
    if words > MOST_WORDS:
        out.warning(
            "VN1731",
            f"this scene has {words:,} words",
            Span.whole_file(scene.path),
            help="split it at a heading: a link leads to the other file",
        )
    for menu in _menus(block for section in scene.sections for block in section.body):
        _check_menu(scene.path, menu, out)
    for section in part.get("sections", ()):
        for op in walk(section["body"]):
            if op["op"] == "menu":
                _check_choices(scene.path, op, places, named, out)


def _menus(blocks: Iterator[Block] | Sequence[Block]) -> Iterator[Menu]:
    for block in blocks:
        if isinstance(block, Menu):
            yield block
        if isinstance(block, (Menu, Pick)):
            for item in block.items:
                yield from _menus(item.body)
        elif isinstance(block, Page):
            yield from _menus(block.body)


def _span(path: str, item: Item) -> Span:
    return Span.on_line(path, *item.at)


def _check_menu(path: str, menu: Menu, out: Diagnostics) -> None:
    if len(menu.items) > MOST_CHOICES:
        out.warning(
            "VN1732",
            f"this menu has {len(menu.items)} choices, and keys for {MOST_CHOICES}",
            _span(path, menu.items[MOST_CHOICES]),
            help="let some lead to a menu of their own",
        )
    firsts: dict[str, Item] = {}
    for item in menu.items:
        shown = " ".join(flat(item.text).casefold().split())
        if not shown or any(not isinstance(each, str) for each in item.text):
            continue
        first = firsts.setdefault(shown, item)
        if first is not item and not (first.modifiers and item.modifiers):
            out.warning(
                "VN1733",
                f"two choices of this menu read `{_short(item.source)}`",
                _span(path, item),
                help="word one of them otherwise, or put `if` behind both",
                related=[Related(_span(path, first), "the other one")],
            )


def _short(text: str) -> str:
    return (text if len(text) <= 40 else text[:39] + "…").replace("`", "'")


def _check_choices(
    path: str,
    menu: Mapping[str, Any],
    places: Places,
    named: Collection[str],
    out: Diagnostics,
) -> None:
    """Report a menu in which it makes no difference what is chosen."""
    choices = menu["choices"]
    if len(choices) < 2 or any(
        "if" in each or "timeout" in each or each["id"] in named for each in choices
    ):
        return
    bodies = {json.dumps(_without_ids(each["body"])) for each in choices}
    if len(bodies) > 1 or choices[0]["id"] not in places:
        return
    line, column = places[choices[0]["id"]]
    out.append(
        Diagnostic(
            "VN1734",
            "note",
            "all choices of this menu do the same",
            Span.on_line(path, line, column, column + 1),
            "let one of them differ by a line at least, or leave the menu out",
        )
    )


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(each) for key, each in value.items() if key != "id"}
    return [_without_ids(each) for each in value] if isinstance(value, list) else value
