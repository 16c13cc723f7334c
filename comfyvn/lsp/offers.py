"""What is offered at a place of any source, in the words of the protocol."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from lsprotocol import types

from comfyvn.lsp.describe import describe, type_of
from comfyvn.lsp.functions import FUNCTIONS
from comfyvn.lsp.project import Project
from comfyvn.lsp.rename import link_path
from comfyvn.lsp.symbols import Kind, Symbol
from comfyvn.plan.library import PICTURE_ENDINGS, SOUND_ENDINGS
from comfyvn.story.resolve import resolved_scene, split_target

_Kind = types.CompletionItemKind
_KINDS: dict[str, types.CompletionItemKind] = {
    "character": _Kind.Class, "look": _Kind.EnumMember, "variable": _Kind.Variable,
    "scene": _Kind.File, "label": _Kind.Reference, "line": _Kind.Reference,
    "location": _Kind.Module, "time": _Kind.Value, "weather": _Kind.Value, "prop": _Kind.Struct,
    "anchor": _Kind.Field, "theme": _Kind.Color, "asset": _Kind.File, "ending": _Kind.Event,
    "unlock": _Kind.Event, "world": _Kind.Module, "timeline": _Kind.Enum,
    "directive": _Kind.Keyword, "function": _Kind.Function,
    "key": _Kind.Property, "value": _Kind.Value, "word": _Kind.Keyword,
}  # fmt: skip

_WORDS = ("and", "or", "not", "in", "if", "else", "true", "false")
_QUOTE = re.compile(r'(?P<call>visited|times|seen|chose)?\s*(?P<open>\(?)\s*"(?P<text>[^"]*)$')
_COMPARED = re.compile(r'([\w.]+)\s*(?:==|!=|=|\+=|-=|\b(?:not\s+)?in\b)\s*(?:\[[^\]]*)?"[^"]*$')


class Offers:
    """What may be written at a place that counts from 1; `items` has it by name."""

    def __init__(
        self, project: Project, path: str, lines: list[str], line: int, column: int
    ) -> None:
        self.project, self.path, self.lines = project, path, lines
        self.line, self.column = line, column
        self.base = project.scene_of(path) or ""
        self.items: dict[str, types.CompletionItem] = {}
        self.end = column

    # Offers

    def offer(
        self,
        kind: str,
        names: Iterable[str],
        typed: str,
        *,
        detail: Callable[[str], str] | None = None,
        text: Callable[[str], str] | None = None,
        doc: Callable[[str], str] | None = None,
        rank: int = 5,
    ) -> None:
        """Offer names in the place of what is typed so far."""
        document = self.project.document(self.path)
        start = document.place(self.line, self.column - len(typed))
        end = document.place(self.line, self.end)
        span = types.Range(types.Position(*start), types.Position(*end))
        for name in names:
            if name in self.items:
                continue
            written = text(name) if text else name
            self.items[name] = types.CompletionItem(
                label=name,
                kind=_KINDS[kind],
                detail=detail(name) if detail else None,
                documentation=doc(name) if doc else None,
                filter_text=written,
                sort_text=f"{rank}{len(self.items):05d}",
                text_edit=types.TextEdit(span, written),
            )

    def symbols(self, kind: Kind, typed: str, prefix: str = "", rank: int = 5) -> None:
        """Offer the declared names of a kind."""
        cut = len(prefix)
        names = sorted(
            {
                each.symbol.name[cut:]
                for each in self.project.symbols()
                if each.symbol.kind == kind and each.symbol.name.startswith(prefix)
            }
        )
        self.offer(
            kind,
            names,
            typed,
            rank=rank,
            doc=lambda n: describe(self.project, Symbol(kind, prefix + n)),
        )

    def about(self, kind: Kind, prefix: str = "") -> Callable[[str], str]:
        """Return what describes names of a kind."""
        return lambda name: describe(self.project, Symbol(kind, prefix + name))

    def looks(self, id: str, typed: str) -> None:
        """Offer the expressions, poses and outfits of a character."""
        if id not in self.project.loaded.characters:
            return
        look = self.project.loaded.characters[id].look
        for rank, kind in enumerate(("expressions", "poses", "outfits")):
            self.offer(
                "look",
                getattr(look, kind),
                typed,
                rank=rank,
                detail=always(f"{id}, {kind[:-1]}"),
                doc=self.about("look", f"{id}.{kind}."),
            )

    def target(self, typed: str) -> None:
        """Offer what links lead to."""
        file, hash, label = typed.partition("#")
        if hash:
            target = self.base
            if file:
                target = resolved_scene(self.base, split_target(file)[0].removesuffix(".md"))
            if label.startswith("^"):
                self.symbols("line", label[1:], f"{target}#^")
            else:
                self.labels(target, label)
            return
        own = self.project.names(self.path)
        labels = [
            symbol.name
            for symbol, found in own.items()
            if symbol.kind == "label" and any(each.defines for each in found)
        ]
        slugs = [name[len(self.base) :] for name in labels if name.startswith(f"{self.base}#")]
        self.offer("label", slugs, typed, rank=1)
        paths = {link_path(id, self.base): id for id in self.project.scenes if id != self.base}
        self.offer(
            "scene", paths, typed, rank=2,
            doc=lambda path: describe(self.project, Symbol("scene", paths[path])),
        )  # fmt: skip

    def labels(self, scene: str, typed: str) -> None:
        """Offer the labels of a scene."""
        path = self.project.scenes.get(scene)
        reading = self.project.reading(path) if path else None
        if reading is None:
            return
        titles = {each.slug: each.title for each in reading.tree.sections if each.slug}
        self.offer("label", titles, typed, detail=lambda slug: titles[slug])

    def assets(self, kind: str, typed: str) -> None:
        """Offer the names of pictures or sounds, by files and by what other places name."""
        endings = PICTURE_ENDINGS if kind in ("picture", "image") else SOUND_ENDINGS
        names = {
            each.symbol.name.partition(" ")[2]: "named in the story"
            for path in self.project.paths
            for found in self.project.names(path).values()
            for each in found[:1]
            if each.symbol.kind == "asset" and each.symbol.name.startswith(f"{kind} ")
        }
        for path in self.project.assets:
            file = PurePosixPath(path)
            if file.suffix.lower() in endings and not file.name.startswith("."):
                names[file.stem] = path
        self.offer("asset", sorted(names), typed, detail=lambda n: names[n])

    @property
    def before(self) -> str:
        """The line up to the place."""
        return self.lines[self.line - 1][: self.column - 1] if self.line <= len(self.lines) else ""

    # Expressions

    def variables(self, typed: str) -> None:
        """Offer variables, parameters of the scene first."""
        project = self.project
        self.symbols("variable", typed, f"{self.base}:", rank=1)
        every = type_of(project)
        self.offer(
            "variable", every, typed, detail=lambda n: every[n], rank=3,
            doc=lambda n: describe(project, Symbol("variable", n)),
        )  # fmt: skip

    def expression(self, text: str, whole: str = "") -> None:
        """Offer what may stand in an expression."""
        if text.count('"') % 2:
            self._quoted(text, whole or text)
            return
        found = re.search(r"[\w.]*$", text)
        typed = found[0] if found else ""
        self.variables(typed)
        self.offer(
            "function", FUNCTIONS, typed, rank=4, detail=lambda n: FUNCTIONS[n][0],
            text=lambda n: f"{n}(", doc=lambda n: FUNCTIONS[n][1],
        )  # fmt: skip
        self.offer("word", _WORDS, typed, rank=6)

    def _quoted(self, text: str, whole: str) -> None:
        quote = _QUOTE.search(text)
        typed = quote["text"] if quote else ""
        if quote and quote["call"]:
            self.target(typed)
            return
        compared = _COMPARED.search(whole)
        into = re.match(r"set\s+([\w.]+)", whole)
        name = compared[1] if compared else into[1] if into else ""
        self.offer("value", self._members(name), typed)

    def _members(self, name: str) -> Iterator[str]:
        loaded = self.project.loaded
        who, dot, stat = name.partition(".")
        variable = loaded.state.get(name)
        if dot and who in loaded.characters:
            variable = loaded.characters[who].stats.get(stat)
        yield from (variable.values if variable and variable.values else ())


def always(text: str) -> Callable[[str], str]:
    """Return what says the same of every name."""
    return lambda _: text
