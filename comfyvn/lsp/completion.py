"""What may be written at a place."""

from __future__ import annotations

import re

from lsprotocol import types

from comfyvn.lsp.describe import describe
from comfyvn.lsp.offers import Offers, always
from comfyvn.lsp.project import Project
from comfyvn.lsp.spots import Spot, spot
from comfyvn.lsp.symbols import Kind, Symbol
from comfyvn.lsp.yaml_offers import YamlOffers
from comfyvn.source.speaker import fold
from comfyvn.story.compiler.blocks import MANNERS
from comfyvn.story.directive_form import CHANNELS, PLACES, TRANSITIONS, Form
from comfyvn.story.directives import DIRECTIVES, MODIFIERS, Directive
from comfyvn.story.resolve import resolved_scene, split_target

_EXPRESSION = re.compile(r"(if|elif|return|jump)\s+(?P<rest>.*)", re.DOTALL)
_SET = re.compile(r"set\s+[^\s=+-]+\s*(?:=|\+=|-=)\s*(?P<rest>.*)", re.DOTALL)
_ARGUMENT = re.compile(r"call\s+with\s+(?:.*,\s*)?[^\s=,]+=(?P<rest>.*)", re.DOTALL)


def complete(project: Project, path: str, line: int, column: int) -> list[types.CompletionItem]:
    """Return what may stand at a place that counts from 1."""
    lines = project.document(path).text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if project.scene_of(path) is None:
        source = YamlOffers(project, path, lines, line, column)
        if path.endswith(".yaml"):
            source.yaml(path)
        return list(source.items.values())
    at = spot(lines, line, column)
    if at.what == "header":
        header = YamlOffers(project, path, lines, line, column)
        header.header(at.text)
        return list(header.items.values())
    scene = _SceneOffers(project, path, lines, line, column)
    scene.scene(at)
    return list(scene.items.values())


class _SceneOffers(Offers):
    def scene(self, at: Spot) -> None:
        match at.what:
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
                detail=always(id),
                text=lambda name: f"{name}: ",
                doc=always(about),
            )

    def cue(self, at: Spot) -> None:
        typed = re.split("[,，、]", at.text)[-1].lstrip()
        for name in re.split("[&＆]", at.owner):
            for id, each in self.project.loaded.characters.items():
                if fold(name.strip()) in {fold(n) for n in (id, each.name, *each.aliases)}:
                    self.looks(id, typed)
        self.offer("word", MANNERS, typed, detail=lambda _: "for this line", rank=7)

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
