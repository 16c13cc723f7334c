"""Renaming: what is to be written where, so that everything means what it meant."""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote

from comfyvn.lsp.project import Project
from comfyvn.lsp.symbols import Occurrence, Symbol
from comfyvn.source.diagnostics import Edit, Span
from comfyvn.source.scene_name import unusable_scene
from comfyvn.source.slug import slug
from comfyvn.source.speaker import fold

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")
_LOCATION = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*")
_FIXED = re.compile(r"[A-Za-z0-9-]+")
_WORD = re.compile(r"[^\s\"`{}#:,\[\]]+")
_KEPT = "/!$&'*+,;=:@~._-"
"""What a link's path may have besides letters and digits, without percent signs."""
_WORDS = frozenset(["and", "or", "not", "in", "if", "else", "true", "false", "ever"])

_NO_TEXT = frozenset(["yes", "no", "on", "off", "true", "false", "null", "y", "n"])
"""What YAML takes for another thing than text."""

_FOLDERS = {
    "character": "characters", "prop": "props", "theme": "themes", "world": "worlds",
    "timeline": "timelines",
}  # fmt: skip


class RenameError(Exception):
    """Why something cannot be renamed, or not so."""


class Renaming(NamedTuple):
    """Edits of texts, and the files that get other names afterwards."""

    edits: list[Edit]
    moves: list[tuple[str, str]]


def renamable(project: Project, path: str, line: int, column: int) -> tuple[Span, str]:
    """Return what would be renamed at a place, and what it is called now. Raise `RenameError`."""
    found = _at(project, path, line, column)
    text = project.text(path).split("\n")[found.span.line - 1]
    written = text[found.span.column - 1 : found.span.end_column - 1]
    return found.span, found.symbol.name if found.form == "path" else written


def rename(project: Project, path: str, line: int, column: int, new: str) -> Renaming:
    """Return how to give another name to what stands at a place. Raise `RenameError`."""
    found = _at(project, path, line, column)
    new = unicodedata.normalize("NFC", new.strip())
    kind, name = found.symbol
    if not new:
        raise RenameError("a name cannot be empty")
    if found.form == "called":
        return _call_otherwise(project, found, path, new)
    match kind:
        case "scene":
            return move_scenes(project, {name: _checked_scene(project, name, new)})
        case "label":
            return _relabel(project, found, new)
        case "asset":
            raise RenameError("assets are named by their files: rename the file")
    qualified = kind in ("variable", "look", "anchor", "line")
    cut = max(name.rfind(sign) for sign in ".:^") + 1 if qualified else 0
    if kind in _FOLDERS:
        folder = _FOLDERS[kind]
        edits = renamed_file(project, found.symbol, new)
        return Renaming(edits, [(f"{folder}/{name}.yaml", f"{folder}/{new}.yaml")])
    target = Symbol(kind, name[:cut] + new)
    _check(project, target, new)
    edits = _named(project, found.symbol, new)
    if kind == "look":
        _check_cues(project, found.symbol, new, edits)
    return Renaming(edits, [])


def renamed_file(project: Project, symbol: Symbol, new: str) -> list[Edit]:
    """Return the edits where what a file holds, and is named by, gets another id.

    Raises:
        RenameError: it cannot be called so.
    """
    _check(project, Symbol(symbol.kind, new), new)
    edits = _named(project, symbol, new)
    if symbol.kind == "character":
        _check_called(project, symbol.name, new)
        edits += _speakers_by_id(project, symbol.name, new)
    return edits


def move_scenes(project: Project, moved: Mapping[str, str]) -> Renaming:
    """Return what is to be written when scenes get other ids, by their ids now.

    Links from the moved scenes are written anew as well, since they start from their folder.
    """
    edits: list[Edit] = []
    for path in project.paths:
        for symbol, found in project.names(path).items():
            if symbol.kind != "scene":
                continue
            for each in found:
                target = moved.get(symbol.name, symbol.name)
                if each.defines:
                    continue
                if each.form == "name":
                    if target != symbol.name:
                        edits.append(Edit(each.span, target))
                    continue
                base = moved.get(each.base, each.base)
                if (target, base) != (symbol.name, each.base):
                    edits.append(Edit(each.span, link_path(target, base)))
    moves = [(f"scenes/{old}.md", f"scenes/{new}.md") for old, new in moved.items()]
    return Renaming(edits, moves)


def link_path(target: str, base: str) -> str:
    """Return the path of a link from one scene to another, as it is written."""
    path = posixpath.relpath(f"{target}.md", posixpath.dirname(base) or ".")
    # Markdown takes letters of all scripts as they are.
    return quote(path, safe=_KEPT) if re.search(r"[\s()<>%\\#]", path) else path


def _at(project: Project, path: str, line: int, column: int) -> Occurrence:
    found = project.at(path, line, column)
    if found is None:
        raise RenameError("nothing here has a name of its own")
    if found.symbol.kind == "asset":
        raise RenameError("assets are named by their files: rename the file")
    if found.symbol.kind == "variable":
        stat = found.symbol.name.rpartition(".")
        if stat[1] and stat[2] in ("name", "gender") and not _declared(project, found.symbol):
            raise RenameError("every character has this variable, and it keeps its name")
    elif found.form == "called" and not _called(project, found):
        raise RenameError("this name means several characters")
    return found


def _named(project: Project, symbol: Symbol, new: str) -> list[Edit]:
    """Return the edits of all places where a name is written as it is, those of the lock too."""
    word = re.split("[.:^]", symbol.name)[-1]
    remembered = (each for each in project.remembered(word) if each.symbol == symbol)
    return [
        Edit(each.span, new)
        for each in (*project.occurrences(symbol), *remembered)
        if each.form == "name"
    ]


def _declared(project: Project, symbol: Symbol) -> bool:
    return any(True for _ in project.definitions(symbol))


def _check(project: Project, target: Symbol, new: str) -> None:
    """Refuse a name that cannot be, or is taken."""
    kind = target.kind
    if kind in ("variable", "look", "character", "prop", "theme", "anchor", "world", "timeline"):
        if not _IDENTIFIER.fullmatch(new) or (kind == "variable" and new in _WORDS):
            raise RenameError(f"`{new}` cannot be a name: small letters, digits and `_`")
    elif kind == "location":
        if not _LOCATION.fullmatch(new):
            raise RenameError(f"`{new}` cannot be a location: small letters, digits, `_` and `/`")
    elif kind == "line":
        if not _FIXED.fullmatch(new):
            raise RenameError(f"`{new}` cannot be a fixed name: letters, digits and `-`")
    elif not _WORD.fullmatch(new):
        raise RenameError(f"`{new}` cannot be a name: write one word")
    if _declared(project, target):
        raise RenameError(f"there is a {kind} `{new}` already")
    if kind == "variable" and "." not in target.name:
        _check_hidden(project, target, new)
    if kind == "look":
        who = target.name.split(".")[0]
        look = project.loaded.characters[who].look
        if any(new in listed for listed in (look.expressions, look.poses, look.outfits)):
            raise RenameError(f"`{who}` has a look `{new}` already")


def _check_hidden(project: Project, target: Symbol, new: str) -> None:
    """Refuse a name of a variable or a parameter by which one would hide the other."""
    declared = {each.symbol.name for each in project.symbols() if each.symbol.kind == "variable"}
    if ":" in target.name:
        if new in declared:
            raise RenameError(f"there is a variable `{new}`, which this would hide")
    elif hiding := min((each for each in declared if each.endswith(f":{new}")), default=None):
        raise RenameError(f"`{hiding.partition(':')[0]}` has a parameter `{new}`, which hides it")


def _check_cues(project: Project, symbol: Symbol, new: str, edits: Collection[Edit]) -> None:
    """Refuse to rename a look in a cue that is others', too, who have no look of the new name."""
    spans = {each.span for each in edits}
    for path in {span.path for span in spans}:
        for other, found in project.names(path).items():
            if other.kind != "look" or other == symbol or spans.isdisjoint(e.span for e in found):
                continue
            who = other.name.partition(".")[0]
            look = project.loaded.characters[who].look
            if not any(new in listed for listed in (look.expressions, look.poses, look.outfits)):
                raise RenameError(f"a cue has it of `{who}`, too, who has no look `{new}`")


def _check_called(project: Project, id: str, new: str) -> None:
    """Refuse for a character what another one is called."""
    for other, each in project.loaded.characters.items():
        if other != id and fold(new) in {fold(name) for name in (other, each.name, *each.aliases)}:
            raise RenameError(f"`{other}` is called `{new}` already")


def _checked_scene(project: Project, old: str, new: str) -> str:
    new = new.removesuffix(".md").removeprefix("scenes/")
    if problem := unusable_scene(new):
        raise RenameError(problem)
    if new != old and any(new.casefold() == each.casefold() != old.casefold()
                          for each in project.scenes):  # fmt: skip
        raise RenameError(f"there is a scene `{new}` already")
    return new


# Labels


def _relabel(project: Project, found: Occurrence, new: str) -> Renaming:
    scene, _, old = found.symbol.name.partition("#")
    heading = next(project.definitions(found.symbol), None)
    if heading is None:
        raise RenameError(f"there is no heading `#{old}`")
    if re.search(r"[`{}^\[\]\n]|(^|\s)#+$", new):
        raise RenameError("a heading has no code, no values, no links and no fixed name")
    made = slug(new)
    if not made:
        raise RenameError("a heading needs a letter or a digit")
    if made != old and _declared(project, Symbol("label", f"{scene}#{made}")):
        raise RenameError(f"there is a heading `#{made}` in this scene already")
    title = new
    if found.form == "slug":
        # What is typed over a link's target is a slug; the heading is to be read by people.
        line = project.text(heading.span.path).split("\n")[heading.span.line - 1]
        was = line[heading.span.column - 1 : heading.span.end_column - 1]
        title = new.replace("-", " ") if slug(new.replace("-", " ")) == made else new
        title = title[:1].upper() + title[1:] if was[:1].isupper() else title
    edits = [
        Edit(each.span, title if each.defines else made)
        for each in project.occurrences(found.symbol)
    ]
    return Renaming(edits, [])


# Characters


def _called(project: Project, found: Occurrence) -> bool:
    text = project.text(found.span.path).split("\n")[found.span.line - 1]
    written = fold(text[found.span.column - 1 : found.span.end_column - 1])
    meant = [
        id
        for id, each in project.loaded.characters.items()
        if written in {fold(name) for name in (id, each.name, *each.aliases)}
    ]
    return len(meant) == 1


def _call_otherwise(project: Project, found: Occurrence, path: str, new: str) -> Renaming:
    """Rename what a character is called: its name, an alias, or the id where that is written."""
    id = found.symbol.name
    character = project.loaded.characters[id]
    written = fold(_written(project, found))
    names = {fold(name) for name in (character.name, *character.aliases)}
    if written not in names:
        return _rename_id(project, id, new)
    if re.search(r"[:：()（）\"“”&＆`{}\\\[\]<>*\n]", new):
        raise RenameError("a name has no signs that mean something in a scene")
    if re.match(r"[-+#]|[0-9]+[.)](\s|$)", new):
        raise RenameError("a line that begins so is no spoken one")
    _check_called(project, id, new)
    edits = [
        Edit(each.span, _quoted(new, project, each) if each.defines else new)
        for each in project.occurrences(found.symbol)
        if each.form == "called" and fold(_written(project, each)) == written
    ]
    return Renaming(edits, [])


def _rename_id(project: Project, id: str, new: str) -> Renaming:
    edits = renamed_file(project, Symbol("character", id), new)
    return Renaming(edits, [(f"characters/{id}.yaml", f"characters/{new}.yaml")])


def _speakers_by_id(project: Project, id: str, new: str) -> Iterator[Edit]:
    """Yield the lines that are spoken by a character's id, which is no name of theirs."""
    character = project.loaded.characters.get(id)
    names = {fold(each) for each in (character.name, *character.aliases)} if character else set()
    for each in project.occurrences(Symbol("character", id)):
        written = fold(_written(project, each))
        if each.form == "called" and not each.defines and written == id and written not in names:
            yield Edit(each.span, new)


def _written(project: Project, each: Occurrence) -> str:
    line = project.text(each.span.path).split("\n")[each.span.line - 1]
    return line[each.span.column - 1 : each.span.end_column - 1]


def _quoted(text: str, project: Project, each: Occurrence) -> str:
    """Return a text as it stands in YAML; within quotes that are there it stays plain."""
    line = project.text(each.span.path).split("\n")[each.span.line - 1]
    before = line[: each.span.column - 1][-1:]
    if before in "\"'" and before:
        return text.replace('"', '\\"') if before == '"' else text.replace("'", "''")
    # Anything that some reader of YAML takes for something else.
    plain = re.fullmatch(r"[^\W\d_][^#,:\[\]{}'\"&*!|>%@`\\]*", text)
    if plain and text.casefold() not in _NO_TEXT:
        return text
    return json.dumps(text, ensure_ascii=False)
