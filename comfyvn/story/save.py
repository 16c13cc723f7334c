"""Saves: positions by id, so that they survive a rebuild of the story."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.story.canonical import canonical
from comfyvn.story.interpreter import Persistent, Run, State, Step, Story, assigned, nothing
from comfyvn.story.link import Linked

Save = dict[str, Any]


class SaveError(ValueError):
    """A save that cannot be read: damaged, of another game or of a newer format."""


def save(story: Story, state: State, when: str) -> Save:
    """Return a save of a state that waits; `when` is an ISO 8601 time."""
    if state["waiting"] is None:
        raise ValueError("the game is over")
    slots = {}
    for shown in (state["line"], state["input"], *(state["page"] or ())):
        if shown and "slots" in (op := story.op(shown["id"])):
            slots[shown["id"]] = op["slots"]
    if state["menu"]:
        menu = story.op(state["waiting"])
        for offer in state["menu"]["choices"]:
            choice = _choice(menu, offer["id"]) or {}
            if "slots" in choice:
                slots[offer["id"]] = choice["slots"]
            if "reason" in offer and "locked_slots" in choice:
                slots[f"{offer['id']}_locked"] = choice["locked_slots"]
    return {
        "format": 1,
        "game": story.program["id"],
        "version": story.program["version"],
        "when": when,
        "at": {"scene": state["scene"], "id": state["waiting"]},
        "state": {k: v for k, v in state.items() if k not in ("scene", "at", "waiting")},
        "slots": slots,
    }


def load(story: Story, saved: Save, persistent: Persistent, language: str | None = None) -> Step:
    """Return the step that a save leads to, without events when it is where it was.

    Raises `SaveError`.
    """
    if not isinstance(saved, dict) or saved.get("format") != 1:
        raise SaveError("the save is damaged or of a newer version")
    if saved.get("game") != story.program["id"]:
        raise SaveError("the save is of another game")
    try:
        return _Loader(story, saved, persistent, language).step()
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise SaveError("the save is damaged") from error


def _choice(menu: Mapping[str, Any], id: str) -> Mapping[str, Any] | None:
    return next((choice for choice in menu.get("choices", ()) if choice["id"] == id), None)


class _Landing(NamedTuple):
    """Where an id is now, or where what was deleted lands."""

    id: str
    home: Linked
    at: int


class _Loader:
    def __init__(
        self, story: Story, saved: Save, persistent: Persistent, language: str | None
    ) -> None:
        self.story = story
        self.saved = saved
        self.old: State = saved["state"]
        looks = story.looks()
        for name, look in looks.items():
            for kind, value in self.old["looks"].get(name, {}).items():
                if story.wears(name, kind, value):
                    look[kind] = value
        stage = self.old["stage"]
        sprites = [s for s in stage["sprites"] if s["kind"] != "sprite" or s["what"] in looks]
        self.state: State = {
            **self.old,
            "scene": story.program["start"],
            "at": 0,
            "waiting": None,
            "looks": looks,
            "vars": conformed(story, self.old["vars"], persistent=False),
            "stage": {**stage, "sprites": sprites},
            "stack": [],
            "line": None,
            "page": None,
            "menu": None,
            "input": None,
        }
        self.run = Run(story, self.state, persistent, language)

    def step(self) -> Step:
        run, state = self.run, self.state
        for frame in self.old["stack"]:
            if self.op(frame["call"]):
                scene = self.story.homes[frame["call"]].name
                state["stack"] = [*state["stack"], {"scene": scene, "call": frame["call"]}]
        state["line"] = self.shown(self.old["line"])
        saved_id = self.saved["at"]["id"]
        landing = self.find(saved_id)
        if landing is None:
            state["stack"] = []
            return run.until(run.enter(self.story.program["start"]))
        id, home, at = landing
        run.move(home.name)
        if at < 0 or home.nodes[at].op.get("id") != saved_id:
            return run.until(at)
        node = home.nodes[at]
        if node.page:
            lines = [self.shown(line) for line in self.old["page"] or ()]
            state["page"] = [line for line in lines if line]
        if node.op["op"] == "input":
            state["input"] = self.shown(self.old["input"])
        if node.op["op"] == "menu":
            old = self.old["menu"]["choices"]
            choices = [offer for offer in (self.offer(node.op, o) for o in old) if offer]
            if not any(offer["enabled"] for offer in choices):
                return run.until(node.next)
            state["menu"] = {"id": id, "choices": choices}
        return run.until(run.wait(id, at))

    def find(self, id: str) -> _Landing | None:
        gone = self.story.program.get("gone", {})
        base = id.removesuffix("_s")
        deleted = base in gone
        alive = base if deleted else id
        passed = set()
        while alive in gone and alive not in passed:
            passed.add(alive)
            alive = gone[alive]
        # A choice that says nothing any more goes on with its body.
        home = self.story.homes.get(alive) or self.story.homes.get(base)
        if home is None:
            return None
        if deleted and alive in home.ends:
            return _Landing(alive, home, home.ends[alive])
        for ids in (home.ids, home.ends):
            for known in (alive, base):
                if known in ids:
                    return _Landing(alive, home, ids[known])
        return None

    def op(self, id: str) -> Mapping[str, Any] | None:
        """Return the op that has exactly this id."""
        found = self.find(id)
        if found is None or found.at < 0:
            return None
        op = found.home.nodes[found.at].op
        return op if op.get("id") == id else None

    def values(self, id: str, values: list[Any], slots: Sequence[Any]) -> list[Any]:
        same = canonical(slots) == canonical(self.saved["slots"].get(id, ()))
        return values if same else self.run.values(slots)

    def shown(self, shown: dict[str, Any] | None) -> dict[str, Any] | None:
        op = shown and self.op(shown["id"])
        if not (shown and op):
            return None
        return {**shown, "values": self.values(shown["id"], shown["values"], op.get("slots", ()))}

    def offer(self, menu: Mapping[str, Any], offer: dict[str, Any]) -> dict[str, Any] | None:
        id = offer["id"]
        choice = _choice(menu, id)
        if choice is None:
            return None
        offer = {**offer, "values": self.values(id, offer["values"], choice.get("slots", ()))}
        if "reason" in offer:
            slots = choice.get("locked_slots", ())
            offer["reason"] = self.values(f"{id}_locked", offer["reason"], slots)
        return offer


def _fits(variable: Mapping[str, Any], value: Any) -> bool:
    match variable["type"], value:
        case "bool", bool():
            return True
        case (("int" | "number"), bool()):
            return False
        case "int", int():
            return True
        case "number", int() | float():
            return math.isfinite(value)
        case (("text" | "enum" | "label"), str()):
            return True
        case "set", list():
            return all(isinstance(member, str) for member in value)
    return False


def conformed(story: Story, stored: Mapping[str, Any], *, persistent: bool) -> dict[str, Any]:
    """Return stored variables as the story has them now, of one of the two kinds."""
    out = {}
    for name, variable in story.variables.items():
        if (variable["scope"] == "persistent") != persistent:
            continue
        default = variable["default"]
        if name in stored:
            fits = _fits(variable, stored[name])
            out[name] = assigned(variable, stored[name], default) if fits else default
        elif not persistent:
            out[name] = default
    return out


def restore(story: Story, stored: Any) -> Persistent:
    """Return stored persistent state as the story has it now; what is unreadable is left out."""
    out = nothing()
    if not isinstance(stored, dict):
        return out
    if isinstance(variables := stored.get("vars"), dict):
        out["vars"] = conformed(story, variables, persistent=True)
    if isinstance(counts := stored.get("counts"), dict):
        out["counts"] = {id: n for id, n in counts.items() if type(n) is int}
    for kind in ("endings", "unlocks"):
        if isinstance(names := stored.get(kind), list):
            out[kind] = [name for name in names if isinstance(name, str)]
    return out
