"""Where names and expressions of one scene are settled, and what they tell of the whole."""

from __future__ import annotations

import copy
import posixpath
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Severity, Span
from comfyvn.source.syntax import At, Link
from comfyvn.story.compiler.expressions import Lowering
from comfyvn.story.resolve import REPORTED, Names, Problem, split_target
from comfyvn.story.types import ERROR, Expr, Type, Typed, VariableFacts


@dataclass(slots=True)
class Shared:
    """The expressions that mean the same in all scenes and gave no diagnostic, lowered."""

    conditions: dict[str, Expr] = field(default_factory=dict)
    prints: dict[str, Typed] = field(default_factory=dict)
    values: dict[tuple[str, Type], Expr] = field(default_factory=dict)


class SceneScope:
    """The names that one scene sees, and the diagnostics of its source.

    `params` are the scene's own parameters, `returns` the type of what it gives back.
    """

    def __init__(
        self,
        names: Names,
        scene: str,
        path: str,
        params: Mapping[str, VariableFacts],
        returns: Type | None,
        shared: Shared,
        out: Diagnostics,
    ) -> None:
        self.names = names
        self.scene = scene
        self.path = path
        self.params = params
        self.returns = returns
        self.shared = shared
        self.language = names.language
        self.out = out
        self.scene_variables: dict[str, None] = {}
        self.here = False

    def translated(self, language: str) -> SceneScope:
        """Return the scope of the scene's texts in the catalogue of another language."""
        scope = copy.copy(self)
        scope.path = f"i18n/{language}.po"
        scope.language = language
        scope.scene_variables = {}
        return scope

    # Reports

    def report(
        self,
        code: str,
        message: str,
        at: At,
        help: str | None = None,
        severity: Severity = "error",
    ) -> None:
        """Report something about the source at `at`."""
        span = Span.on_line(self.path, at.line, at.column, at.end_column)
        self.out.append(Diagnostic(code, severity, message, span, help))

    # Expressions

    def lowering(self, line: int, column: int) -> Lowering:
        """Return what lowers an expression that begins at a place of the source."""

        def report(
            severity: Severity, code: str, message: str, start: int, end: int, help: str | None
        ) -> None:
            at = At(line, column + start, column + max(end, start + 1))
            self.report(code, message, at, help, severity)

        return Lowering(self, report)

    def condition(self, source: str, line: int, column: int) -> Expr | None:
        """Lower a condition."""
        known = self.shared.conditions.get(source)
        if known is not None and not self.params:
            return known
        before, self.here = len(self.out), False
        expr = self.lowering(line, column).condition(source)
        if expr is not None and not self.here and len(self.out) == before:
            self.shared.conditions[source] = expr
        return expr

    def value(self, source: str, line: int, column: int, wanted: Type) -> Expr | None:
        """Lower a value of a type."""
        known = self.shared.values.get((source, wanted))
        if known is not None and not self.params:
            return known
        before, self.here = len(self.out), False
        expr = self.lowering(line, column).value(source, wanted)
        if expr is not None and not self.here and len(self.out) == before:
            self.shared.values[source, wanted] = expr
        return expr

    def printed(self, source: str, at: At) -> Typed | None:
        """Lower a value that is printed."""
        known = self.shared.prints.get(source)
        if known is not None and not self.params:
            return known
        before, self.here = len(self.out), False
        typed = self.lowering(at.line, at.column).printed(source)
        if typed is not None and not self.here and len(self.out) == before:
            self.shared.prints[source] = typed
        return typed

    # Names

    def variable(self, name: str) -> VariableFacts | None:
        """Return the variable, or None."""
        facts = self.params.get(name) or self.names.variables.get(name)
        if facts is None:
            owner, dot, _ = name.partition(".")
            source = f"characters/{owner}.yaml" if dot else "state.yaml"
            return VariableFacts(name, ERROR, "run", 0) if source in self.names.unread else None
        if facts.scope == "scene":
            self.scene_variables[facts.name] = None
        return facts

    def places_of(self, name: str) -> tuple[str, ...]:
        """Return the places that a label, by its name in the Program, may hold."""
        params = {facts.name: facts for facts in self.params.values()}
        facts = params.get(name) or self.names.variables.get(name)
        return facts.type.values if facts else ()

    def near_variable(self, name: str) -> str | None:
        """Return the variable that `name` was most likely meant to be, or None."""
        who = self.names.speakers.get(unicodedata.normalize("NFC", name).casefold())
        if who:
            return f"{who[0]}.name"
        known = [*self.params, *self.names.variables]
        if near := self.names.near(name, known):
            return near
        whose = [each for each in known if each.endswith(f".{name}")]
        return whose[0] if len(whose) == 1 else None

    def place(self, target: str) -> str | Problem:
        """Return the Place of a quoted link target."""
        path, label = split_target(target)
        found = self.names.place(self.scene, path, label)
        if isinstance(found, Problem):
            return found
        return f"{found[0]}#{found[1]}"

    def link(self, link: Link) -> str | None:
        """Return the Place that a link leads to, or None when it was reported."""
        found = self.names.place(self.scene, link.path, link.label)
        if isinstance(found, Problem):
            if found is not REPORTED:
                self.report(found.code, found.message, link.at, found.help)
            return None
        return f"{found[0]}#{found[1]}"

    def counted(self, function: str, target: str) -> str | Problem:
        """Return the id that `visited`, `times`, `seen` or `chose` counts."""
        path, label = split_target(target)
        if not label.startswith("^"):
            if function in ("seen", "chose"):
                what = "line" if function == "seen" else "choice"
                return Problem(
                    "VN0610",
                    f"`{function}` asks for a {what} by its fixed name",
                    f'write `{function}("#^name")`, and `^name` at the end of the {what}',
                )
            place = self.names.place(self.scene, path, label)
            if isinstance(place, Problem):
                return place
            return self.names.scenes[place[0]].section_ids[place[1]]
        scene = self.names.scene_at(self.scene, path) if path else self.scene
        if isinstance(scene, Problem):
            return scene
        named = self.names.scenes[scene].named
        name = label[1:]
        if name not in named:
            return Problem(
                "VN0611",
                f"nothing in `{posixpath.basename(scene)}.md` is named `^{name}`",
                f"did you mean `^{near}`?"
                if (near := self.names.near(name, named))
                else f"write `^{name}` at the end of the line or choice",
            )
        kind, id = named[name]
        kinds = {"seen": "bi", "chose": "ci"}.get(function, "")
        if kind not in kinds:
            right = {"b": "seen", "c": "chose", "i": "chose"}.get(kind, "visited")
            return Problem(
                "VN0610",
                f"`{function}` cannot ask for `^{name}`",
                f'write `{right}("{target}")`',
            )
        return f"{id}_s" if (function, kind) == ("seen", "i") else id
