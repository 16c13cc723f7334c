"""What an editor says of what stands at a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from comfyvn.lsp.describe import describe
from comfyvn.lsp.functions import FUNCTIONS
from comfyvn.lsp.project import Project
from comfyvn.lsp.spots import spot
from comfyvn.lsp.symbols import Occurrence
from comfyvn.lsp.yaml_context import load_schema, schema_at, schema_of, where
from comfyvn.plan.recordings import recorded, recordings
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.syntax import Item, Line
from comfyvn.story.directives import DIRECTIVES, MODIFIERS

_WORD = re.compile(r"[A-Za-z_]\w*")
_KEY = re.compile(r"\s*(?:-\s+)*([A-Za-z_][\w/]*)\s*:")


class Hover(NamedTuple):
    """Markdown, and what it is about."""

    text: str
    span: Span


def hover(project: Project, path: str, line: int, column: int) -> Hover | None:
    """Return what is known of a place that counts from 1; None if that is nothing."""
    lines = project.text(path).split("\n")
    if not 0 < line <= len(lines):
        return None
    found = project.at(path, line, column)
    about = describe(project, found.symbol) if found is not None else ""
    span = (
        found.span if found is not None else Span.on_line(path, line, 1, len(lines[line - 1]) + 1)
    )
    if project.scene_of(path) is not None:
        if found is None or found.form == "called" or found.symbol.kind == "line":
            word = _word(project, path, lines, line, column) if found is None else None
            if word is not None:
                return word
            told = found
            if found is not None and found.symbol.kind == "line":
                # Where a line is asked for, it is told of, and not the one that asks.
                told = next(project.definitions(found.symbol), found)
            at = (told.span.path, told.span.line) if told is not None else (path, line)
            about = "\n\n---\n\n".join(each for each in (about, _beat(project, *at)) if each)
    elif path.endswith(".yaml"):
        key = _key(path, lines, line, column)
        if key is not None:
            about = "\n\n".join(each for each in (key.text, about) if each)
            span = key.span
    return Hover(about, span) if about else None


def _word(project: Project, path: str, lines: list[str], line: int, column: int) -> Hover | None:
    """Return what a directive, a modifier or a function means."""
    text = lines[line - 1]
    word = next((m for m in _WORD.finditer(text) if m.start() < column <= m.end() + 1), None)
    if word is None:
        return None
    span = Span.on_line(path, line, word.start() + 1, word.end() + 1)
    at = spot(lines, line, word.start() + 1)
    if at.what == "directive" and not at.text.strip():
        tables = (MODIFIERS, DIRECTIVES) if at.trails else (DIRECTIVES, MODIFIERS)
        for table in tables:
            if each := table.get(word[0]):
                return Hover(
                    f"```\n{each.form}\n```\n\n{each.doc}\n\n```\n{each.example}\n```", span
                )
    is_call = text[word.end() :].startswith("(")
    if is_call and at.what in ("directive", "value") and word[0] in FUNCTIONS:
        form, doc = FUNCTIONS[word[0]]
        return Hover(f"```\n{form}\n```\n\n{doc}", span)
    if at.what == "header":
        return _key(path, lines, line, column, first=1, schema="scene")
    return None


def _key(
    path: str, lines: list[str], line: int, column: int, first: int = 0, schema: str | None = None
) -> Hover | None:
    """Return what a key of a YAML source, or of front matter, means."""
    match = _KEY.match(lines[line - 1])
    name = schema or schema_of(path)
    root = load_schema(name) if name else None
    if match is None or root is None or not match.start(1) < column <= match.end(1) + 1:
        return None
    at = where(lines[first:], line - first, match.start(1) + 1)
    found = schema_at(root, (*at.steps, match[1]))
    said = (found or {}).get("description")
    if not said:
        return None
    return Hover(
        f"**{match[1]}**: {said}", Span.on_line(path, line, match.start(1) + 1, match.end(1) + 1)
    )


def _beat(project: Project, path: str, line: int) -> str:
    """Return what is known of the line of a story that stands in a line of a file."""
    reading = project.reading(path)
    if reading is None:
        return ""
    node = next(
        (
            each
            for each, at in zip(reading.found.nodes, reading.found.places, strict=True)
            if at.line == line and isinstance(each, Line | Item)
        ),
        None,
    )
    ids = project.ids.get(path, {}).get(line, [])
    return "\n\n".join(_about(project, node, ids)) if node is not None or ids else ""


def _about(project: Project, node: Line | Item | None, ids: list[str]) -> Iterator[str]:
    if ids:
        yield "Id " + ", ".join(f"`{id}`" for id in ids)
    if node is None:
        return
    if node.speaker is not None:
        cast = project.loaded.characters
        who = [
            id
            for id, each in cast.items()
            if {id, each.name.casefold(), *(a.casefold() for a in each.aliases)}
            & set(node.speaker.names)
        ]
        names = " and ".join(cast[id].name for id in who) or "???"
        shown = f", shown as {node.speaker.alias}" if node.speaker.alias else ""
        yield f"Spoken by {names}{shown}"
    yield from _voice(project, ids, node.speaker is not None)
    yield from dict.fromkeys(_ways(project, ids))


def _ways(project: Project, ids: list[str]) -> Iterator[str]:
    """Yield how a line is come to, if that is known."""
    routes = project.routes
    if routes is None:
        return
    for id in ids:
        if id in routes.impossible:
            yield "No path comes here."
        elif route := routes.told.get(id):
            yield f"A way here: {route}"


def _voice(project: Project, ids: list[str], spoken: bool) -> Iterator[str]:
    """Yield where the voice of a line comes from."""
    settings = project.loaded.project
    languages = settings.languages or [settings.language]
    known = recorded(
        recordings(project.assets), list(languages), project.loaded.characters, Diagnostics()
    )
    for language in languages:
        for id in ids:
            if path := known.get(language, {}).get(id):
                yield f"Recorded ({language}): [{path}]({(project.root / path).as_uri()})"
    speech = settings.speech
    if speech is not None and not any(ids and id in known.get(languages[0], {}) for id in ids):
        if spoken or speech.narrator:
            yield f"Voice: spoken by {speech.languages.get(languages[0], speech.make)}"
        else:
            yield "Voice: silent, since `speech` names no narrator"


def is_definition(each: Occurrence) -> bool:
    """Whether an occurrence is where an editor goes for its symbol."""
    return each.defines and each.form != "called"
