"""Playtests: what their files say, held against the story, played, and judged."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.model.playtest import FOLDER, Playtest, Playtests
from comfyvn.model.validate import validate
from comfyvn.play.answers import RefusedAnswerError, plain
from comfyvn.play.playthrough import Played, play
from comfyvn.play.runtime import Record
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.nearest import nearest
from comfyvn.source.text import read_source
from comfyvn.source.yaml import Node, load_yaml
from comfyvn.story.compile import Compiled
from comfyvn.story.compiler.expressions import draws
from comfyvn.story.compiler.scope import SceneScope, Shared
from comfyvn.story.interpreter import Story

_NONE = "none"


class Placed(NamedTuple):
    """A playtest, its name, its file, and the place of its entry there."""

    name: str
    path: str
    test: Playtest
    node: Node

    @property
    def span(self) -> Span:
        """Where its entry stands."""
        return self.node.span

    def at(self, *steps: str | int) -> Span:
        """Return where a value in it stands."""
        return self.node.at(*steps)


class Outcome(NamedTuple):
    """What came of a playtest.

    Attributes:
        placed: which one.
        findings: why it fails; nothing if it passes.
        played: its route; None if it could not be played to its end.
        walks: the random walks that went on from there.
    """

    placed: Placed
    findings: Diagnostics
    played: Played | None
    walks: tuple[Played, ...]

    @property
    def every(self) -> tuple[Played, ...]:
        """All that was played: the route, and the walks."""
        return () if self.played is None else (self.played, *self.walks)


def read_playtests(root: Path, out: Diagnostics) -> list[Placed]:
    """Read the playtests of a project; what is wrong is reported.

    Raises:
        OSError: a file cannot be read.
    """
    found: list[Placed] = []
    seen: dict[str, str] = {}
    for path in sorted((root / FOLDER).rglob("*.yaml")):
        name = path.relative_to(root).as_posix()
        text = read_source(path.read_bytes(), name, out)
        node = load_yaml(text, name, out)
        tests = validate(Playtests, node, out) if node else None
        if tests is None or node is None:
            continue
        for key, test in tests.root.items():
            if key in seen:
                span = node.key_at(key)
                other = f"{seen[key]} has one of that name, too"
                out.error("VN2002", f"the playtest `{key}` is there twice", span, help=other)
                continue
            seen[key] = name
            entry = node.value[key] if isinstance(node.value, dict) else node
            found.append(Placed(key, name, test, entry))
    return found


class Judge:
    """Plays and judges the playtests of one story."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.story = Story(compiled.program)
        self.languages: Sequence[str] = compiled.program["languages"]
        self._texts: str | None = None

    def judge(self, placed: Placed) -> Outcome:
        """Play a playtest by the interpreter, and hold it against what it expects."""
        out = Diagnostics()
        test = placed.test
        always = self._conditions(placed, ("always",), test.always, out)
        holds = self._conditions(placed, ("expect", "holds"), test.expect.holds, out)
        self._check_names(placed, out)
        if out.has_errors:
            return Outcome(placed, out, None, ())
        try:
            played = self._play(test, always, holds)
        except RefusedAnswerError as error:
            number = int(error.__notes__[0])
            span = placed.at("choices", number)
            out.error("VN2001", str(error), span, help=error.help)
            return Outcome(placed, out, None, ())
        if played.left:
            first = len(test.choices) - played.left
            out.error(
                "VN2003",
                f"the story is over before answer {first + 1} of {len(test.choices)}",
                placed.at("choices", first),
                help="delete what is left, or see what ends it earlier than it used to",
            )
        walks: tuple[Played, ...] = ()
        if test.walks:
            walks = tuple(self._walks(placed, always, holds))
            if not walks:
                out.error(
                    "VN2001",
                    "no random walk comes past these choices: each has draws of its own",
                    placed.at("choices"),
                    help="begin with choices that are there whatever is drawn",
                )
            for walk in walks:
                if self._judge_run(placed, walk, out):
                    break
            self._judge_shown(placed, [played, *walks], out)
        else:
            self._judge_run(placed, played, out)
            self._judge_shown(placed, [played], out)
        return Outcome(placed, out, played, walks)

    def _play(
        self, test: Playtest, always: list[Any], holds: list[Any], walk: random.Random | None = None
    ) -> Played:
        seed = test.seed if walk is None else walk.randrange(2**53)
        return play(
            self.story,
            seed,
            test.choices,
            language=test.language,
            rest=walk,
            always=always,
            at_end=holds,
        )

    def _walks(self, placed: Placed, always: list[Any], holds: list[Any]) -> Iterator[Played]:
        for number in range(placed.test.walks):
            chance = random.Random(f"{placed.test.seed} {number}")
            try:
                yield self._play(placed.test, always, holds, chance)
            except RefusedAnswerError:
                # With other draws the first choices need not be there.
                continue

    # What is written

    def _conditions(
        self, placed: Placed, steps: tuple[str, ...], sources: Sequence[str], out: Diagnostics
    ) -> list[Any]:
        """Compile conditions."""
        found = []
        for number, source in enumerate(sources):
            span = placed.at(*steps, number)
            here = Diagnostics()
            scope = SceneScope(
                self.compiled.names, self.compiled.program["start"], span.path, {}, None,
                Shared(), here,
            )  # fmt: skip
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

    def _check_names(self, placed: Placed, out: Diagnostics) -> None:
        """Report a language, an ending or lines that the story does not have."""
        test, expect = placed.test, placed.test.expect
        if test.language is not None and test.language not in self.languages:
            self._unknown(placed, ("language",), "language", test.language, self.languages, out)
        endings = [each["name"] for each in self.compiled.program["endings"]]
        if expect.ending is not None and expect.ending not in (*endings, _NONE):
            self._unknown(placed, ("expect", "ending"), "ending", expect.ending, endings, out)
        if test.language is None or test.language == self.languages[0]:
            for key, wanted in (("lines", expect.lines), ("never", expect.never)):
                for number, text in enumerate(wanted):
                    if text not in self.compiled.source_map and text not in self.texts:
                        out.warning(
                            "VN2005",
                            f"no line of the story says `{text}`",
                            placed.at("expect", key, number),
                            help="a value or a variant in the text may hide it; write other words "
                            "of the line, or its id",
                        )

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

    @property
    def texts(self) -> str:
        """All words of all lines, one after the other."""
        if self._texts is None:
            self._texts = "\n".join(_words(self.compiled.program["scenes"]))
        return self._texts

    # What is played

    def _judge_run(self, placed: Placed, played: Played, out: Diagnostics) -> bool:
        """Report what one play-through did not come to; return whether there was anything."""
        before = len(out)
        test, expect = placed.test, placed.test.expect
        route = f"it is `comfyvn play {shown_route(played)}`" if test.walks else None
        end = played.end
        if end["t"] == "stuck":
            out.error("VN2010", "the story goes on without asking for ever", placed.span, route)
        elif test.walks and end["t"] != "ending":
            out.error("VN2010", "a random walk does not come to an ending", placed.span, route)
        if expect.ending is not None:
            come = end["name"] if end["t"] == "ending" else _NONE
            if come != expect.ending:
                shown = f"ends with `{come}`" if come != _NONE else "comes to no ending"
                self._failed(placed, ("expect", "ending"), f"the story {shown}", out, route)
        for number, (source, held) in enumerate(zip(expect.holds, played.holds, strict=True)):
            if not held:
                said = f"`{source}` does not hold where the story stops"
                self._failed(placed, ("expect", "holds", number), said, out, route)
        if played.broken is not None:
            number, records = played.broken
            said = f"`{test.always[number]}` does not hold {_where(played.records[:records])}"
            self._failed(placed, ("always", number), said, out, route)
        return len(out) > before

    def _judge_shown(self, placed: Placed, runs: Sequence[Played], out: Diagnostics) -> None:
        """Report what no play-through shows, and what one does that should not."""
        expect = placed.test.expect
        records = [record for played in runs for record in played.records]
        for number, text in enumerate(expect.lines):
            if not any(_says(record, text) for record in records):
                said = f"the line `{text}` is not shown"
                self._failed(placed, ("expect", "lines", number), said, out)
        for number, text in enumerate(expect.never):
            for played in runs:
                at = next((i for i, each in enumerate(played.records) if _says(each, text)), None)
                if at is not None:
                    route = f"it is `comfyvn play {shown_route(played)}`"
                    said = f"the line `{text}` is shown"
                    self._failed(placed, ("expect", "never", number), said, out, route)
                    break
        for key, wanted in (("shows", expect.shows), ("plays", expect.plays)):
            for number, name in enumerate(wanted):
                if not any(_stages(record, key, name.split()) for record in records):
                    kind = "on the stage" if key == "shows" else "played"
                    said = f"`{name}` is never {kind}"
                    self._failed(placed, ("expect", key, number), said, out)

    @staticmethod
    def _failed(
        placed: Placed,
        steps: tuple[str | int, ...],
        message: str,
        out: Diagnostics,
        help: str | None = None,
    ) -> None:
        out.error("VN2010", message, placed.at(*steps), help=help)


def shown_route(played: Played) -> str:
    """Return the options of `comfyvn play` that play the same."""
    answers = ",".join(
        f'"{each}"' if isinstance(each, str) else str(each) for each in played.run.answers
    )
    language = f" --language {played.run.language}" if played.run.language else ""
    return f"--seed {played.run.seed}{language} --choices '{answers}'"


def _says(record: Record, wanted: str) -> bool:
    if record["t"] not in ("line", "more"):
        return False
    return record["id"] == wanted or wanted in plain(record["text"])


def _stages(record: Record, key: str, words: Sequence[str]) -> bool:
    """Whether a record puts something on the stage, or plays it."""
    if record["t"] != "stage":
        return False
    if key == "plays":
        return record["do"] in ("play", "voice") and record.get("name") == words[0]
    names = [record.get(each) for each in ("location", "what", "asset")]
    said = {record.get("time"), record.get("weather"), *record.get("look", {}).values()}
    return bool(words) and words[0] in names and set(words[1:]) <= said


def _where(records: Sequence[Record]) -> str:
    """Return where a play-through is, in words."""
    for record in reversed(records):
        if record["t"] == "line":
            return f"at the line `{_short(plain(record['text']))}`"
    return "at the beginning"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


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
