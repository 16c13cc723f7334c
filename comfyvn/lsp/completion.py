"""What may be written at a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from lsprotocol import types

from comfyvn.lsp.describe import describe, type_of
from comfyvn.lsp.project import Project
from comfyvn.lsp.rename import link_path
from comfyvn.lsp.spots import Spot, spot
from comfyvn.lsp.symbols import Kind, Symbol
from comfyvn.lsp.yaml_context import load_schema, schema_at, schema_of, where
from comfyvn.plan.library import PICTURE_ENDINGS, SOUND_ENDINGS
from comfyvn.source.speaker import fold
from comfyvn.story.compiler.blocks import MANNERS
from comfyvn.story.directive_form import CHANNELS, PLACES, TRANSITIONS, Form
from comfyvn.story.directives import DIRECTIVES, MODIFIERS, Directive
from comfyvn.story.resolve import resolved_scene, split_target

_Kind = types.CompletionItemKind
_KINDS: dict[str, types.CompletionItemKind] = {
    "character": _Kind.Class, "look": _Kind.EnumMember, "variable": _Kind.Variable,
    "scene": _Kind.File, "label": _Kind.Reference, "line": _Kind.Reference,
    "location": _Kind.Module, "time": _Kind.Value, "weather": _Kind.Value, "prop": _Kind.Struct,
    "anchor": _Kind.Field, "theme": _Kind.Color, "asset": _Kind.File, "ending": _Kind.Event,
    "unlock": _Kind.Event, "directive": _Kind.Keyword, "function": _Kind.Function,
    "key": _Kind.Property, "value": _Kind.Value, "word": _Kind.Keyword,
}  # fmt: skip

FUNCTIONS: dict[str, tuple[str, str]] = {
    "min": ("min(a, b, …)", "The smallest of numbers."),
    "max": ("max(a, b, …)", "The largest of numbers."),
    "abs": ("abs(a)", "A number without its sign."),
    "round": ("round(a)", "The nearest whole number; halves go to the even one."),
    "len": ("len(a)", "The code points of a text, or the members of a set."),
    "chance": ("chance(p)", "True with the probability `p`, from 0 to 1."),
    "roll": ('roll("2d6")', "The sum of dice, such as `2d6+1`."),
    "pick": ("pick(set)", "One member of a set."),
    "visited": ('visited("file.md#label")', "Whether a place was entered; `, ever` for all runs."),
    "times": ('times("file.md#label")', "How often a place was entered; `, ever` for all runs."),
    "seen": ('seen("#^name")', "Whether a line with a fixed name was read; `, ever` for all runs."),
    "chose": ('chose("#^name")', "Whether a choice was taken; `, ever` for all runs."),
}
_WORDS = ("and", "or", "not", "in", "if", "else", "true", "false")
_EXPRESSION = re.compile(r"(if|elif|return|jump)\s+(?P<rest>.*)", re.DOTALL)
_SET = re.compile(r"set\s+[^\s=+-]+\s*(?:=|\+=|-=)\s*(?P<rest>.*)", re.DOTALL)
_ARGUMENT = re.compile(r"call\s+with\s+(?:.*,\s*)?[^\s=,]+=(?P<rest>.*)", re.DOTALL)
_QUOTE = re.compile(r'(?P<call>visited|times|seen|chose)?\s*(?P<open>\(?)\s*"(?P<text>[^"]*)$')
_COMPARED = re.compile(r'([\w.]+)\s*(?:==|!=|=|\+=|-=)\s*(?:\[[^\]]*)?"[^"]*$')
_MEMBER = re.compile(r'"[^"]*$')


def complete(project: Project, path: str, line: int, column: int) -> list[types.CompletionItem]:
    """Return what may stand at a place that counts from 1."""
    lines = project.document(path).text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    task = _Completion(project, path, lines, line, column)
    if project.scene_of(path) is not None:
        task.scene(spot(lines, line, column))
    elif path.endswith(".yaml"):
        task.yaml(path)
    return list(task.items.values())


class _Completion:
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
                documentation=types.MarkupContent(types.MarkupKind.Markdown, doc(name))
                if doc
                else None,
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

    # Scenes

    def scene(self, at: Spot) -> None:
        match at.what:
            case "header":
                self.header(at.text)
            case "directive":
                self.directive(at)
            case "link":
                self.target(at.text)
            case "picture":
                self.assets("picture", at.text)
            case "value":
                self.expression(at.text)
            case "cue":
                self.cue(at)
            case "speaker":
                self.speaker(at.text)

    def speaker(self, typed: str) -> None:
        for id, each in self.project.loaded.characters.items():
            about = describe(self.project, Symbol("character", id))
            self.offer(
                "character",
                [each.name, *each.aliases],
                typed,
                detail=_always(id),
                text=lambda name: f"{name}: ",
                doc=_always(about),
            )

    def cue(self, at: Spot) -> None:
        typed = re.split("[,，、]", at.text)[-1].lstrip()
        for name in re.split("[&＆]", at.owner):
            for id, each in self.project.loaded.characters.items():
                if fold(name.strip()) in {fold(n) for n in (id, each.name, *each.aliases)}:
                    self.looks(id, typed)
        self.offer("word", MANNERS, typed, detail=lambda _: "for this line", rank=7)

    def looks(self, id: str, typed: str) -> None:
        if id not in self.project.loaded.characters:
            return
        look = self.project.loaded.characters[id].look
        for rank, kind in enumerate(("expressions", "poses", "outfits")):
            self.offer(
                "look",
                getattr(look, kind),
                typed,
                rank=rank,
                detail=_always(f"{id}, {kind[:-1]}"),
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

    # Directives

    def directive(self, at: Spot) -> None:
        name, space, rest = at.text.partition(" ")
        if not space:
            self._directives(at, name)
            return
        directive = DIRECTIVES.get(name) or MODIFIERS.get(name)
        if directive is None:
            return
        for pattern in (_EXPRESSION, _SET, _ARGUMENT):
            match = pattern.fullmatch(at.text)
            if match is not None:
                self.expression(match["rest"], whole=at.text)
                return
        words = at.text.split(" ")
        if name == "set":
            self.variables(words[-1])
        elif name == "call":
            self._call(words)
        elif rest.count('"') % 2 == 0:
            self._argument(directive, words)

    def _directives(self, at: Spot, typed: str) -> None:
        def known(table: dict[str, Directive], rank: int) -> None:
            self.offer(
                "directive", table, typed, rank=rank, detail=lambda n: table[n].form,
                doc=lambda n: f"{table[n].doc}\n\n```\n{table[n].example}\n```",
            )  # fmt: skip

        inline = {name: each for name, each in DIRECTIVES.items() if each.inline}
        if at.trails:
            known(MODIFIERS, 1)
            known(inline, 2)
        else:
            known(DIRECTIVES, 1)
            known(MODIFIERS, 6)

    def _call(self, words: list[str]) -> None:
        typed = words[-1]
        before = words[-2] if len(words) > 1 else ""
        if before == "into":
            self.variables(typed)
            return
        after = self.lines[self.line - 1][self.column - 1 :]
        match = re.search(r"\]\(<?([^()<>#]*)", after)
        if before == "with" or before.endswith(","):
            path, _ = split_target(match[1]) if match else ("", "")
            target = resolved_scene(self.base, path.removesuffix(".md")) if path else self.base
            self.symbols("variable", typed, f"{target}:")
        else:
            self.offer("word", ["with", "into"], typed)

    def _argument(self, directive: Directive, words: list[str]) -> None:
        """Offer what may come next in a directive, by its form."""
        form = Form(directive.form)
        typed, done = words[-1], words[1:-1]
        last = done[-1] if done else ""
        if form.clauses.get(last):
            wanted = form.clauses[last][0]
            if wanted.isupper():
                self._value(directive.name, wanted, words, typed)
            else:
                self.offer("word", [wanted], typed)
            return
        begun = next((i for i, word in enumerate(done) if word in form.clauses), len(done))
        parts = form.parts[len(done) :] or [part for part in form.parts[-1:] if part.many]
        for part in parts if begun == len(done) else ():
            if part.literals:
                self.offer("word", part.literals, typed, rank=1)
            else:
                self._value(directive.name, part.key.upper(), words, typed)
            if not part.optional:
                break
        required = sum(not part.optional for part in form.parts)
        if len(done) >= required:
            said = set(done)
            self.offer("word", [word for word in form.clauses if word not in said], typed, rank=8)

    def _value(self, directive: str, wanted: str, words: list[str], typed: str) -> None:
        project = self.project
        match wanted:
            case "LOCATION" | "TIME" | "WEATHER" | "THEME":
                kind: Kind = wanted.lower()  # type: ignore[assignment]
                self.symbols(kind, typed)
            case "WHAT":
                characters = project.loaded.characters
                self.offer(
                    "character", characters, typed, rank=1, detail=lambda id: characters[id].name
                )
                self.symbols("prop", typed, rank=2)
                self.assets("image", typed)
            case "LOOK":
                self.looks(words[1], typed)
            case "PLACE":
                self.offer("value", PLACES, typed, rank=2)
                if len(words) > 1:
                    self.symbols("anchor", typed, f"{words[1]}.", rank=1)
            case "TRANSITION":
                self.offer("value", TRANSITIONS, typed, detail=lambda n: f"{TRANSITIONS[n]:g} s")
            case "VARIABLE":
                self.variables(typed)
            case "NAME":
                self._named(directive, words, typed)

    def _named(self, directive: str, words: list[str], typed: str) -> None:
        if directive == "play" and len(words) > 2 and words[1] in CHANNELS:
            self.assets(words[1], typed)
        elif directive == "voice":
            self.assets("voice", typed)
        elif directive == "prop":
            self.symbols("prop", typed)
        elif directive in ("ending", "unlock"):
            kind: Kind = "ending" if directive == "ending" else "unlock"
            self.symbols(kind, typed)

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

    # YAML and front matter

    def header(self, before: str) -> None:
        """Offer keys and values of front matter."""
        self._structured("scene", [*self.lines[1 : self.line - 1], before], self.line - 1)

    def yaml(self, path: str) -> None:
        """Offer keys and values of a YAML source."""
        name = schema_of(path)
        if name is not None:
            self._structured(name, self.lines, self.line)

    def _structured(self, name: str, lines: list[str], line: int) -> None:
        root = load_schema(name)
        at = where(lines, line, self.column)
        if at.key or at.steps[-1:] == ("*",):
            typed = re.split(r":\s+|-\s+|\[|,\s*", self.before)[-1].lstrip("\"'")
            self._known(name, at.steps, at.key, typed)
            inner = schema_at(root, (*at.steps, at.key) if at.key else at.steps) if root else None
            for choice in (inner, (inner or {}).get("items")):
                enum = (choice or {}).get("enum", ())
                self.offer("value", [str(each) for each in enum if each is not None], typed)
            if (inner or {}).get("type") == "boolean":
                self.offer("value", ["true", "false"], typed)
        if root is None or at.key:
            return
        typed = re.split(r"(?:^|\s)-\s+", self.before)[-1].lstrip()
        known: dict[str, Any] = (schema_at(root, at.steps) or {}).get("properties", {})
        self.offer(
            "key", [key for key in known if key not in at.taken], typed, rank=1,
            text=lambda key: f"{key}: ", doc=lambda key: known[key].get("description", ""),
        )  # fmt: skip

    def _known(self, name: str, steps: tuple[str, ...], key: str, typed: str) -> None:
        """Offer what the project declares for the value of a key."""
        kind = _VALUES.get((name, key)) or (
            _VALUES.get((name, steps[-2])) if len(steps) > 1 else None
        )
        if kind == "scene":
            self.offer("scene", self.project.scenes, typed)
        elif kind == "expression":
            self.expression(typed)
        elif kind == "asset":
            self.assets(key, typed)
        elif kind == "target":
            paths = [link_path(id, "") for id in self.project.scenes]
            if "#" in typed:
                self.target(typed)
            else:
                self.offer("scene", paths, typed)
        elif kind == "character":
            characters = self.project.loaded.characters
            self.offer("character", characters, typed, detail=lambda id: characters[id].name)
        elif kind is not None:
            self.symbols(kind, typed)  # type: ignore[arg-type]


_VALUES: dict[tuple[str, str], str] = {
    ("scene", "location"): "location", ("scene", "time"): "time", ("scene", "weather"): "weather",
    ("scene", "theme"): "theme", ("scene", "pov"): "character", ("scene", "music"): "asset",
    ("scene", "ambience"): "asset", ("vn", "start"): "scene", ("vn", "theme"): "theme",
    ("vn", "world"): "world", ("vn", "timeline"): "timeline", ("vn", "narrator"): "character",
    ("timeline", "scenes"): "scene", ("world", "ambience"): "asset",
    ("state", "values"): "target", ("playtests", "ending"): "ending",
    ("playtests", "holds"): "expression", ("playtests", "always"): "expression",
}  # fmt: skip


def _always(text: str) -> Callable[[str], str]:
    return lambda _: text
