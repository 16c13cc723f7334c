"""What a playtest says, held against the story: its names found, its conditions compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from comfyvn.model.playtest_files import Placed
from comfyvn.play.beginning import BeginningError, place_of, value_of
from comfyvn.play.staged import Names
from comfyvn.play.trail import Trail
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span
from comfyvn.source.nearest import nearest
from comfyvn.story.compile import Compiled
from comfyvn.story.compiler.expressions import draws
from comfyvn.story.compiler.scope import SceneScope, Shared

NONE = "none"
"""How a playtest says that it comes to no ending."""


class Wanted(NamedTuple):
    """What is to be played, and what must come of it.

    Attributes:
        start: where it begins, as `Story.start` takes it.
        given: with what variables, likewise.
        always: conditions of every wait.
        holds: conditions of the last one.
        lines: what must be shown, by number: ids, or words.
        never: what must not, likewise.
        at: conditions by the ids of places.
        keys: the place as it is written, and the number there, of each of these conditions.
        places: what is written for each place.
    """

    start: str
    given: Mapping[str, Any]
    always: Sequence[list[Any]]
    holds: Sequence[list[Any]]
    lines: Mapping[int, str]
    never: Mapping[int, str]
    at: Mapping[str, Sequence[list[Any]]]
    keys: Mapping[str, Sequence[tuple[str, int]]]
    places: Mapping[str, Sequence[str]]


class Reader:
    """Reads the playtests of one story."""

    def __init__(self, compiled: Compiled, trail: Trail) -> None:
        self.compiled, self.trail = compiled, trail
        self.program = compiled.program
        self.languages: Sequence[str] = compiled.program["languages"]

    def read(self, placed: Placed, out: Diagnostics) -> Wanted:
        """Return what a playtest says; what is wrong with it is reported."""
        test, expect = placed.test, placed.test.expect
        if test.language is not None and test.language not in self.languages:
            self._unknown(placed, ("language",), "language", test.language, self.languages, out)
        endings = [each["name"] for each in self.program["endings"]]
        if expect.ending is not None and expect.ending not in (*endings, NONE):
            self._unknown(placed, ("expect", "ending"), "ending", expect.ending, endings, out)
        self._staged(placed, "shows", expect.shows, out)
        self._staged(placed, "plays", expect.plays, out)
        start = self._start(placed, out)
        at: dict[str, list[list[Any]]] = {}
        keys: dict[str, list[tuple[str, int]]] = {}
        places: dict[str, list[str]] = {}
        for key, sources in expect.at.items():
            id = self._place(placed, key, out)
            conditions = self._conditions(placed, ("expect", "at", key), sources, out)
            if id is not None:
                at.setdefault(id, []).extend(conditions)
                keys.setdefault(id, []).extend((key, each) for each in range(len(conditions)))
                places.setdefault(id, []).append(key)
        return Wanted(
            start,
            self._given(placed, out),
            self._conditions(placed, ("always",), test.always, out),
            self._conditions(placed, ("expect", "holds"), expect.holds, out),
            self._lines(placed, "lines", expect.lines, out),
            self._lines(placed, "never", expect.never, out),
            at,
            keys,
            places,
        )

    # Where it begins

    def _start(self, placed: Placed, out: Diagnostics) -> str:
        start = placed.test.start
        if start is None:
            return ""
        try:
            return place_of(self.trail, start)
        except BeginningError as error:
            out.error(error.code, str(error), placed.at("start"), help=error.help)
            return ""

    def _given(self, placed: Placed, out: Diagnostics) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, written in placed.test.given.items():
            try:
                found[name] = value_of(self.program, name, written)
            except BeginningError as error:
                unknown = error.code == "VN2002"
                span = placed.key_at("given", name) if unknown else placed.at("given", name)
                out.error(error.code, str(error), span, help=error.help)
        return found

    # What it expects

    def _conditions(
        self, placed: Placed, steps: tuple[str, ...], sources: Sequence[str], out: Diagnostics
    ) -> list[list[Any]]:
        """Compile conditions."""
        found = []
        for number, source in enumerate(sources):
            span = placed.at(*steps, number)
            here = Diagnostics()
            scope = SceneScope(
                self.compiled.names, self.program["start"], span.path, {}, None, Shared(), here
            )
            condition = scope.condition(source, span.line, span.column)
            out += here
            if condition is None:
                continue
            if draws(condition):
                out.error(
                    "VN2004",
                    f"`{source}` draws, so it may be another thing each time it is asked",
                    span,
                    help="ask for what was drawn: keep it in a variable",
                )
                continue
            found.append(condition)
        return found

    def _place(self, placed: Placed, key: str, out: Diagnostics) -> str | None:
        """Return the id of a place that is expected to be come to."""
        id = self.trail.find(key)
        if id is not None:
            return id
        span = placed.key_at("expect", "at", key)
        followed = self.trail.followed(key)
        if followed is None:
            near = self.trail.near(key)
            help = f"did you mean `{near}`?" if near else "name an id, `scene` or `scene#heading`"
            out.error("VN2002", f"the story has no place `{key}`", span, help=help)
            return None
        if followed.to is None:
            said = f"`{key}: {followed.text}` was deleted, and nothing is left in its place"
            out.error("VN2002", said, span, help="delete it here, too")
            return None
        self._note_followed(key, followed.text, followed.to, span, out)
        return followed.to

    def _lines(
        self, placed: Placed, key: str, wanted: Sequence[str], out: Diagnostics
    ) -> dict[int, str]:
        """Return lines that are expected, by number: ids, or words."""
        test = placed.test
        translated = test.language is not None and test.language != self.languages[0]
        found: dict[int, str] = {}
        for number, text in enumerate(wanted):
            span = placed.at("expect", key, number)
            found[number] = self.trail.find(text) or text
            followed = self.trail.followed(text)
            if followed is not None and key == "never":
                said = f"`{text}: {followed.text}` was deleted: nothing shows it any more"
                out.append(Diagnostic("VN2006", "note", said, span, "delete it here, too"))
            elif followed is not None and followed.to is not None:
                found[number] = followed.to
                self._note_followed(text, followed.text, followed.to, span, out)
            elif not (translated or text in self.texts or self.trail.find(text)):
                out.warning(
                    "VN2005",
                    f"no line of the story says `{text}`",
                    span,
                    help="a value or a variant in the text may hide it; write other words of the "
                    "line, or its id",
                )
        return found

    def _staged(self, placed: Placed, key: str, wanted: Sequence[str], out: Diagnostics) -> None:
        """Warn of what the story never has on its stage, nor plays."""
        for number, name in enumerate(wanted):
            if unknown := self.names.unknown(key, name):
                message, help = unknown
                out.warning("VN2005", message, placed.at("expect", key, number), help=help)

    def _note_followed(self, id: str, text: str, to: str, span: Span, out: Diagnostics) -> None:
        now = self.trail.text(to)
        said = f"`{id}: {text}` was deleted, and is followed to `{to}: {now}`"
        help = f"write `{to}`, or what you expect now"
        out.append(Diagnostic("VN2006", "note", said, span, help))

    @staticmethod
    def _unknown(
        placed: Placed,
        steps: tuple[str, ...],
        kind: str,
        name: str,
        known: Sequence[str],
        out: Diagnostics,
    ) -> None:
        near = nearest(name, known)
        out.error(
            "VN2002",
            f"the story has no {kind} `{name}`",
            placed.at(*steps),
            help=f"did you mean `{near}`?" if near else f"there are {', '.join(known)}",
        )

    @cached_property
    def names(self) -> Names:
        """What the story can show and play."""
        return Names(self.program)

    @cached_property
    def texts(self) -> str:
        """All words of all lines, one after the other."""
        return "\n".join(_words(self.program["scenes"]))


def _words(value: Any) -> Iterator[str]:
    """Yield the words of all texts of a part of the Program."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, list):
                yield "".join(_flat(inner))
            else:
                yield from _words(inner)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)


def _flat(text: Sequence[Any]) -> Iterator[str]:
    for fragment in text:
        if isinstance(fragment, str):
            yield fragment
            continue
        for key in ("em", "strong", "del", "ruby"):
            if key in fragment:
                yield from _flat(fragment[key])
        if not fragment.keys() & {"em", "strong", "del", "ruby", "fx"}:
            # What stands for a value parts the words around it.
            yield "\0"
            for option in (*fragment.get("of", ()), *fragment.get("forms", {}).values()):
                yield from _flat(option)
                yield "\0"
