"""Every state of a small story, by the reference interpreter and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comfyvn.story.canonical import canonical
from comfyvn.story.interpreter import Run, State, Step, Story, keep, nothing

DRAWS = tuple((2 * k + 1) * 2**53 // 24 for k in range(12))
"""One draw of each twelfth: the chances, dice and picks of small stories split no finer."""


class TooManyError(Exception):
    """The story has more states than are enumerated."""


class _DrawsError(Exception):
    """A run drew once more than its script has."""


class _Scripted(Run):
    script: list[int]

    def draw(self, name: str) -> float:
        if not self.script:
            raise _DrawsError
        value = DRAWS[self.script.pop(0)]
        return value / 2**53


def reached(program: Mapping[str, Any], most: int) -> set[str]:
    """Return the ids that any path comes to, in a first game or a later one.

    Raises `TooManyError`.
    """
    story = Story(program)
    asked = _asked(program)
    ids: set[str] = set()
    begun: set[str] = set()
    known: set[str] = set()
    waiting: list[tuple[State, Any]] = []

    def note(step: Step, persistent: Any) -> None:
        for record in step.events:
            match record["t"]:
                case "line" | "ending" | "choice":
                    ids.add(record["id"])
                case "pick":
                    ids.add(record["item"])
                case "menu":
                    ids.update(each["id"] for each in record["choices"] if each["enabled"])
                case "stuck":
                    ids.add("stuck")
        ids.update(id for id in step.changes["counts"] if id[0] in "sl")
        after: Any = {"vars": {**persistent["vars"]}, "counts": {**persistent["counts"]}}
        after |= {"endings": [], "unlocks": []}
        keep(after, step.changes)
        after["endings"], after["unlocks"] = [], []
        after["counts"] = {id: min(n, 9) for id, n in after["counts"].items() if id in asked}
        state = step.state
        key = canonical([_seen(state, asked), after])
        if key not in known:
            known.add(key)
            if len(known) > most:
                raise TooManyError
            waiting.append((state, after))

    def begin(persistent: Any) -> None:
        key = canonical(persistent)
        if key not in begun:
            begun.add(key)
            for step in _steps(story, None, None, persistent):
                note(step, persistent)

    begin(nothing())
    while waiting:
        state, persistent = waiting.pop()
        begin(persistent)
        if state["waiting"] is None:
            continue
        answers: list[str | None] = [None]
        if state["menu"]:
            answers = [each["id"] for each in state["menu"]["choices"] if each["enabled"]]
        elif state["input"]:
            answers = ["", "Ana", "Bo", "Cy"]
        for answer in answers:
            for step in _steps(story, state, answer, persistent):
                note(step, persistent)
    return ids


def _steps(
    story: Story, state: State | None, answer: str | None, persistent: Any
) -> Iterator[Step]:
    scripts: list[list[int]] = [[]]
    while scripts:
        script = scripts.pop()
        if len(script) > 3:
            raise TooManyError
        try:
            yield _run(story, state, answer, persistent, [*script])
        except _DrawsError:
            scripts += [[*script, k] for k in range(len(DRAWS))]


def _run(
    story: Story, state: State | None, answer: str | None, persistent: Any, script: list[int]
) -> Step:
    if state is None:
        blank = _blank(story)
        run = _Scripted(story, blank, persistent)
        run.script = script
        return run.until(run.enter(story.program["start"]))
    run = _Scripted(story, {**state}, persistent)
    run.script = script
    return run.until(run.answer(answer))


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
