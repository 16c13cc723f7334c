"""Every state of a small story, by the reference interpreter and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from comfyvn.story.canonical import canonical
from comfyvn.story.interpreter import Run, State, Step, Story, keep, nothing
from comfyvn.story.link import Node

DRAWS = tuple((2 * k + 1) * 2**53 // 24 for k in range(12))
"""One draw of each twelfth: the chances, dice and picks of small stories split no finer."""


class TooManyError(Exception):
    """The story has more states than are enumerated."""


class _DrawsError(Exception):
    """A run drew once more than its script has."""


@dataclass
class Truth:
    """What happens in a story on any path, in a first game or a later one.

    Attributes:
        ids: lines shown, choices that can be taken, items that are drawn, menus that
            open or take a choice unseen, inputs, calls, sections and endings that are come to.
        tests: how each condition fell; by the identity of the line, choice, item or branch.
        beyond: of each assignment (by identity), whether its value was outside of the range.
        empty: the menus that were passed over.
        backs: the calls that came back.
        falls: the scenes that ran out.
        stuck: whether it ran in circles.
        homes: the section (`scene#label`) that each op and each call stands in; by identity and
            by id.
        edges: the ways taken from section to section or ending, as those of an exploration.
        lost: ids that are passed on the way to or from a place that no path leads out of to an
            end, but for circles.
        circling: ids that are passed on the way to a circle.
    """

    ids: set[str] = field(default_factory=set)
    tests: defaultdict[int, set[bool]] = field(default_factory=lambda: defaultdict(set))
    beyond: defaultdict[int, set[bool]] = field(default_factory=lambda: defaultdict(set))
    empty: set[str] = field(default_factory=set)
    backs: set[str] = field(default_factory=set)
    falls: set[str] = field(default_factory=set)
    stuck: bool = False
    homes: dict[int | str, str] = field(default_factory=dict)
    edges: set[tuple[str, str, str]] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    circling: set[str] = field(default_factory=set)


class _Scripted(Run):
    """A run with draws that are given, which notes what happens."""

    script: list[int]
    truth: Truth
    passed: set[str]
    setting: Mapping[str, Any] | None = None
    here = ""
    how = ""
    """How the section that comes next is gone to; empty if the story just runs on into it."""

    def draw(self, name: str) -> float:
        if not self.script:
            raise _DrawsError
        value = DRAWS[self.script.pop(0)]
        return value / 2**53

    def holds(self, part: Mapping[str, Any]) -> bool:
        held = super().holds(part)
        if "if" in part:
            self.truth.tests[id(part)].add(held)
        return held

    def execute(self, node: Node, at: int) -> int:
        op = node.op
        self.setting = op if op["op"] == "set" else None
        if "id" in op:
            self.passed.add(op["id"])
            if op["op"] in ("section", "call", "input"):
                self.truth.ids.add(op["id"])
        if op["op"] == "section":
            place = f"{self.state['scene']}#{op['label']}"
            if not self.how and self.here:
                self.truth.edges.add((self.here, place, "next"))
            self.here, self.how = place, ""
        else:
            self.here = self.truth.homes.get(id(op), self.here)
        if op["op"] in ("jump", "call"):
            self.how = op["op"]
        return super().execute(node, at)

    def answer(self, answer: str | None) -> int:
        self.here = self.truth.homes[id(self.linked.nodes[self.state["at"]].op)]
        return super().answer(answer)

    def go(self, place: str, args: Mapping[str, Any] | None = None) -> int:
        self.truth.edges.add((self.here, place, self.how))
        return super().go(place, args)

    def leave(self) -> int:
        scene = self.linked.scene
        if not self.state["stack"] and "next" in scene:
            self.truth.edges.add((self.here, f"{scene['next']}#", "next"))
            self.how = "next"
        return super().leave()

    def set(self, name: str, value: Any) -> None:
        variable = self.story.variables[name]
        if self.setting is not None and "low" in variable:
            outside = not variable["low"] <= value <= variable["high"]
            self.truth.beyond[id(self.setting)].add(outside)
        super().set(name, value)

    def menu(self, node: Node, at: int) -> int:
        before = len(self.events)
        after = super().menu(node, at)
        if not self.waits and len(self.events) == before:
            self.truth.empty.add(node.op["id"])
        return after

    def come_back(self, *value: Any) -> int:
        self.setting = None
        call = self.state["stack"][-1]["call"]
        self.truth.backs.add(call)
        self.truth.edges.add((self.here, self.truth.homes[call], "back"))
        self.here = self.truth.homes[call]
        return super().come_back(*value)

    def end(self, id: str, name: str, title: str) -> int:
        if id == self.linked.scene["id"]:
            self.truth.falls.add(self.state["scene"])
        self.truth.edges.add((self.here, f"ending {id}", "ending"))
        return super().end(id, name, title)

    def enter(self, name: str, args: Mapping[str, Any] | None = None, label: str = "") -> int:
        self.setting = None
        return super().enter(name, args, label)


def happens(program: Mapping[str, Any], most: int, *, loading: bool = False) -> Truth:
    """Return what happens on any path.

    Args:
        program: the story.
        most: states; if there are more, it raises `TooManyError`.
        loading: whether games are gone on with that were saved, or gone back in, with what was
            left by any other: then nothing is said of places without a way out.
    """
    story = Story(program)
    asked = _asked(program)
    truth = Truth(homes=_homes(program))
    begun: set[str] = set()
    passed: defaultdict[str, set[str]] = defaultdict(set)
    before: defaultdict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    ends: set[str] = set()
    circles: set[str] = set()
    waiting: list[tuple[str, State, Any]] = []
    saved: dict[str, State] = {}
    left: dict[str, Any] = {}

    def note(source: str, step: Step, persistent: Any, ids: set[str]) -> None:
        for record in step.events:
            match record["t"]:
                case "line":
                    truth.ids.add(record["id"])
                # What runs out is recorded as an ending that has the scene's id.
                case "ending" if record["name"]:
                    truth.ids.add(record["id"])
                case "choice":
                    truth.ids |= {record["id"], record["menu"]}
                case "pick":
                    truth.ids.add(record["item"])
                case "menu":
                    truth.ids.add(record["id"])
                    truth.ids.update(each["id"] for each in record["choices"] if each["enabled"])
                case "stuck":
                    truth.stuck = True
        after: Any = {"vars": {**persistent["vars"]}, "counts": {**persistent["counts"]}}
        after |= {"endings": [], "unlocks": []}
        keep(after, step.changes)
        after["endings"], after["unlocks"] = [], []
        after["counts"] = {id: min(n, 9) for id, n in after["counts"].items() if id in asked}
        state = step.state
        stuck = any(record["t"] == "stuck" for record in step.events)
        key = canonical([_seen(state, asked), stuck, after])
        if stuck:
            circles.add(key)
            truth.circling |= ids
        elif state["waiting"] is None:
            ends.add(key)
        before[key].add(source)
        passed[source] |= ids
        if key not in known:
            if len(known) == most:
                raise TooManyError
            known.add(key)
            waiting.append((key, state, after))
            if loading and not stuck:
                meet(state, after)
        passed[key] |= ids

    def meet(state: State, persistent: Any) -> None:
        """Go on with each saved game with each of what was left."""
        game, lasts = canonical(_seen(state, asked)), canonical(persistent)
        pairs = [(state, each) for each in left.values()] if game not in saved else []
        pairs += [(each, persistent) for each in saved.values()] if lasts not in left else []
        saved.setdefault(game, state)
        left.setdefault(lasts, persistent)
        for one, other in pairs:
            key = canonical([_seen(one, asked), False, other])
            if key not in known:
                if len(known) == most:
                    raise TooManyError
                known.add(key)
                waiting.append((key, one, other))

    def begin(persistent: Any) -> None:
        key = canonical(persistent)
        if key not in begun:
            begun.add(key)
            for step, ids in _steps(story, truth, None, None, persistent):
                note("start", step, persistent, ids)

    begin(nothing())
    while waiting:
        source, state, persistent = waiting.pop()
        begin(persistent)
        if state["waiting"] is None:
            continue
        answers: list[str | None] = [None]
        if state["menu"]:
            answers = [each["id"] for each in state["menu"]["choices"] if each["enabled"]]
        elif state["input"]:
            answers = ["", "Ana", "Bo", "Cy"]
        for answer in answers:
            for step, ids in _steps(story, truth, state, answer, persistent):
                note(source, step, persistent, ids)
    out, lead = {*ends}, [*ends]
    while lead:
        more = before[lead.pop()] - out
        out |= more
        lead += more
    lost = known - out - circles if not loading else set()
    truth.lost = {id for key in lost for id in passed[key]}
    return truth


def _steps(
    story: Story, truth: Truth, state: State | None, answer: str | None, persistent: Any
) -> Iterator[tuple[Step, set[str]]]:
    scripts: list[list[int]] = [[]]
    while scripts:
        script = scripts.pop()
        if len(script) > 3:
            raise TooManyError
        try:
            yield _run(story, truth, state, answer, persistent, [*script])
        except _DrawsError:
            scripts += [[*script, k] for k in range(len(DRAWS))]


def _run(
    story: Story,
    truth: Truth,
    state: State | None,
    answer: str | None,
    persistent: Any,
    script: list[int],
) -> tuple[Step, set[str]]:
    run = _Scripted(story, _blank(story) if state is None else {**state}, persistent)
    run.script, run.truth, run.passed = script, truth, set()
    at = run.enter(story.program["start"]) if state is None else run.answer(answer)
    return run.until(at), run.passed


def _blank(story: Story) -> State:
    return {
        "scene": story.program["start"], "at": -2, "waiting": None, "stack": [],
        "vars": {
            name: each["default"]
            for name, each in story.variables.items()
            if each["scope"] != "persistent"
        },
        "counts": {}, "picks": {}, "looks": {}, "seed": 0,
        "rng": {}, "line": None, "page": None, "menu": None, "input": None,
        "stage": {"sprites": []},
    }  # fmt: skip


def _seen(state: State, asked: set[str]) -> Any:
    kept = {key: state[key] for key in ("scene", "at", "waiting", "stack", "vars", "picks")}
    kept["counts"] = {id: min(n, 9) for id, n in state["counts"].items() if id in asked}
    menu = state["menu"]
    kept["open"] = [each["id"] for each in menu["choices"] if each["enabled"]] if menu else None
    if state["waiting"] is None:
        return "over"
    return kept


def _homes(program: Mapping[str, Any]) -> dict[int | str, str]:
    found: dict[int | str, str] = {}

    def look(value: Any, place: str) -> None:
        if isinstance(value, dict):
            if "op" in value:
                found[id(value)] = found[value.get("id", "")] = place
            for each in value.values():
                look(each, place)
        elif isinstance(value, list):
            for each in value:
                look(each, place)

    for name, scene in program["scenes"].items():
        for section in scene["sections"]:
            look(section["body"], f"{name}#{section['label']}")
    return found


def _asked(program: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("once"):
                found.add(value["id"])
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            if len(value) == 3 and value[0] in ("visited", "seen", "times", "chose"):
                found.add(value[1])
            for each in value:
                look(each)

    look(program["scenes"])
    return found
