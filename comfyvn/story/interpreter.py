"""The reference interpreter: a story stepped from one wait to the next.

It is pure. States are plain JSON data and never changed, only replaced, so that undo is keeping an
earlier one. Persistent state is read and not written either: a step returns its changes.
`docs/program.md` is the specification.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.story.evaluate import equal, evaluate
from comfyvn.story.link import END, OVER, Linked, Node
from comfyvn.story.numbers import clamp
from comfyvn.story.render import Part, render_in
from comfyvn.story.rng import draw, stream
from comfyvn.story.stage import STAGE_OPS, apply_stage

MOST_CALLS = 1_000
MOST_SECTIONS = 10_000
LOOK_KINDS = (("expression", "expressions"), ("pose", "poses"), ("outfit", "outfits"))

Record = dict[str, Any]
"""One record of a transcript; `transcript.py` has their types."""
State = dict[str, Any]
Persistent = dict[str, Any]
"""`vars`, `counts`, `endings`, `unlocks`: what outlives a run, or what a step changes of it."""


class Step(NamedTuple):
    """Where a step leads, its transcript, and what it changes of persistent state."""

    state: State
    events: list[Record]
    changes: Persistent


class AnswerError(ValueError):
    """An answer that the place does not take."""


def nothing() -> Persistent:
    """Return fresh persistent state."""
    return {"vars": {}, "counts": {}, "endings": [], "unlocks": []}


def keep(persistent: Persistent, changes: Persistent) -> None:
    """Write a step's changes into persistent state."""
    persistent["vars"].update(changes["vars"])
    counts = persistent["counts"]
    for id, n in changes["counts"].items():
        counts[id] = counts.get(id, 0) + n
    for kind in ("endings", "unlocks"):
        persistent[kind] += [name for name in changes[kind] if name not in persistent[kind]]


def assigned(variable: Mapping[str, Any], value: Any, old: Any) -> Any:
    """Return what a variable that holds `old` holds after `value` is assigned to it."""
    kind, values = variable["type"], variable.get("values")
    if kind in ("int", "number"):
        low, high = variable.get("low", -math.inf), variable.get("high", math.inf)
        return clamp(min(max(value, low), high))
    if values is not None:
        if kind == "set":
            return [member for member in values if member in value]
        if kind in ("enum", "label") and value not in values:
            return old
    return value


class Story:
    """A Program, linked."""

    def __init__(self, program: Mapping[str, Any]) -> None:
        self.program = program
        self.variables: Mapping[str, Any] = program.get("variables", {})
        self.scenes = {name: Linked(name, scene) for name, scene in program["scenes"].items()}
        self.homes = {
            id: linked
            for linked in self.scenes.values()
            for ids in (linked.ids, linked.ends)
            for id in ids
        }

    def op(self, id: str) -> Mapping[str, Any]:
        """Return the op with an id."""
        home = self.homes[id]
        return home.nodes[home.ids[id]].op

    def looks(self) -> dict[str, dict[str, str]]:
        """Return the looks that a game begins with: the first of each kind."""
        return {
            name: {
                kind: character["look"][key][0]
                for kind, key in LOOK_KINDS
                if character.get("look", {}).get(key)
            }
            for name, character in self.program.get("characters", {}).items()
        }

    def wears(self, name: str, kind: str, value: str) -> bool:
        """Return whether a character has a look."""
        look = self.program["characters"][name].get("look", {})
        return value in look.get(dict(LOOK_KINDS).get(kind, ""), ())

    def start(
        self,
        seed: int,
        persistent: Persistent,
        language: str | None = None,
        place: str = "",
        given: Mapping[str, Any] | None = None,
    ) -> Step:
        """Begin a game. `seed` is from 0 to 2^53.

        A test may begin at another place (`scene#label`) than the story does, with variables that
        it gives; the transcript begins with them.
        """
        scene, _, label = (place or self.program["start"]).partition("#")
        state: State = {
            "scene": scene,
            "at": OVER,
            "waiting": None,
            "stack": [],
            "vars": {
                name: variable["default"]
                for name, variable in self.variables.items()
                if variable["scope"] != "persistent"
            },
            "counts": {},
            "picks": {},
            "looks": self.looks(),
            "seed": seed,
            "rng": {name: stream(seed, name) for name in ("story", "cosmetics")},
            "line": None,
            "page": None,
            "menu": None,
            "input": None,
            "stage": {"sprites": []},
        }
        run = Run(self, state, persistent, language)
        return run.until(run.enter(scene, given, label))

    def advance(
        self,
        state: State,
        answer: str | None,
        persistent: Persistent,
        language: str | None = None,
    ) -> Step:
        """Go on from a wait.

        `answer` is the id of an enabled choice at a menu, the text at an input, None elsewhere.
        Raises `AnswerError` for another choice, and when the game is over.
        """
        if state["waiting"] is None:
            raise AnswerError("the game is over")
        run = Run(self, {**state}, persistent, language)
        return run.until(run.answer(answer))


class Run:
    """One step under way. `state` is a copy at its top level; parts are replaced, not changed."""

    def __init__(
        self, story: Story, state: State, persistent: Persistent, language: str | None = None
    ) -> None:
        self.story = story
        self.state = state
        self.persistent = persistent
        self.language = language or story.program["language"]
        self.events: list[Record] = []
        self.changes = nothing()
        self.linked = story.scenes[state["scene"]]
        self.sections = 0
        self.waits = False

    # What expressions ask

    def variable(self, name: str) -> Any:
        """Return a variable's value."""
        variable = self.story.variables[name]
        if variable["scope"] != "persistent":
            return self.state["vars"][name]
        kept = self.persistent["vars"].get(name, variable["default"])
        return self.changes["vars"].get(name, kept)

    def draw(self, name: str) -> float:
        """Draw from a stream."""
        state = self.state
        value, after = draw(state["rng"][name])
        state["rng"] = {**state["rng"], name: after}
        self.events.append({"t": "draw", "stream": name, "value": value})
        return value / 2**53

    def times(self, id: str, ever: bool) -> int:
        """Return how often something was reached, in this run or in any."""
        if not ever:
            return int(self.state["counts"].get(id, 0))
        return int(self.persistent["counts"].get(id, 0) + self.changes["counts"].get(id, 0))

    def title(self, place: str) -> str:
        """Return a label's title."""
        name, _, label = place.partition("#")
        return self.story.scenes[name].titles[label]

    def holds(self, part: Mapping[str, Any]) -> bool:
        """Evaluate the condition of a beat, choice, item or branch."""
        return "if" not in part or evaluate(part["if"], self)

    def values(self, slots: Sequence[Any]) -> list[Any]:
        """Evaluate slots, in order."""
        return [evaluate(slot, self) for slot in slots]

    def spent(self, part: Mapping[str, Any]) -> bool:
        """Return whether a beat, choice or item that comes once has been."""
        return bool(part.get("once")) and self.times(part["id"], False) > 0

    # Changes

    def count(self, id: str, in_run: bool = True) -> None:
        """Count that something was reached."""
        if in_run:
            self.state["counts"] = {**self.state["counts"], id: self.times(id, False) + 1}
        self.changes["counts"][id] = self.changes["counts"].get(id, 0) + 1

    def set(self, name: str, value: Any) -> None:
        """Assign to a variable."""
        variable = self.story.variables[name]
        value = assigned(variable, value, self.variable(name))
        if variable["scope"] == "persistent":
            self.changes["vars"][name] = value
        else:
            self.state["vars"] = {**self.state["vars"], name: value}
        self.events.append({"t": "set", "var": name, "value": value})

    def dress(self, who: Sequence[str], look: Mapping[str, str]) -> None:
        """Change the looks of characters."""
        looks = self.state["looks"]
        self.state["looks"] = {
            **looks,
            **{name: {**looks[name], **look} for name in who if name in looks},
        }

    def stage(self, op: Mapping[str, Any], *, in_text: bool = False) -> None:
        """Run a stage op. A `speed` inside text ends with the beat, so no state has it."""
        name = op["op"]
        if name == "show" and op["kind"] == "sprite" and "look" in op:
            self.dress([op["what"]], op["look"])
        elif name == "voice":
            self.state["voice"] = op["name"]
        if not (in_text and name == "speed"):
            self.state["stage"] = apply_stage(self.state["stage"], op)
        fields = {key: value for key, value in op.items() if key not in ("op", "z")}
        self.events.append({**fields, "t": "stage", "do": name})

    def render(self, id: str, text: Sequence[Any], values: Sequence[Any]) -> list[Part]:
        """Render a text in the language of this step."""
        return render_in(self.story.program, self.language, id, text, values, self)

    # Flow: a method returns the node to go on at

    def until(self, at: int) -> Step:
        """Run from a node to the next wait, or to the end of the game."""
        state = self.state
        while not self.waits and at != OVER:
            at = self.leave() if at == END else self.execute(self.linked.nodes[at], at)
        if not self.waits:
            state.update(waiting=None, line=None, page=None, menu=None, input=None)
        state["at"] = at
        return Step(state, self.events, self.changes)

    def wait(self, id: str, at: int) -> int:
        """Wait at this node."""
        self.state["waiting"] = id
        self.waits = True
        return at

    def stuck(self) -> int:
        """Stop a story that would run for ever."""
        self.events.append({"t": "stuck"})
        return self.over()

    def end(self, id: str, name: str, title: str) -> int:
        """End the game."""
        self.events.append({"t": "ending", "id": id, "name": name, "title": title})
        self.state["ending"] = {"id": id, "name": name, "title": title}
        return self.over()

    def over(self) -> int:
        """Close all calls, as nothing comes after."""
        self.state["stack"] = []
        return OVER

    def leave(self) -> int:
        """Go on at the end of a scene."""
        if self.state["stack"]:
            return self.come_back()
        scene = self.linked.scene
        return self.enter(scene["next"]) if "next" in scene else self.end(scene["id"], "", "")

    def come_back(self, *value: Any) -> int:
        """Return to the latest call, with a value or without."""
        *self.state["stack"], frame = self.state["stack"]
        self.state["page"] = None
        self.move(frame["scene"])
        node = self.linked.nodes[self.linked.ids[frame["call"]]]
        if value and "into" in node.op:
            self.set(node.op["into"], value[0])
        return node.next

    def move(self, scene: str) -> None:
        """Be in a scene, without entering it."""
        self.linked = self.story.scenes[scene]
        self.state["scene"] = scene

    def go(self, place: str, args: Mapping[str, Any] | None = None) -> int:
        """Go to a place with the arguments of a call."""
        name, _, label = place.partition("#")
        self.state["page"] = None
        if not label or name != self.state["scene"]:
            return self.enter(name, args, label)
        for param, value in (args or {}).items():
            self.set(param, value)
        return self.linked.labels[label]

    def enter(self, name: str, args: Mapping[str, Any] | None = None, label: str = "") -> int:
        """Enter a scene and go to one of its sections."""
        self.move(name)
        self.state["page"] = None
        scene = self.linked.scene
        self.count(scene["id"])
        for variable in scene.get("scene_variables", ()):
            default = self.story.variables[variable]["default"]
            if not equal(self.state["vars"][variable], default):
                self.set(variable, default)
        for param, value in (args or {}).items():
            self.set(param, value)
        for op in scene.get("enter", ()):
            self.stage(op)
        return self.linked.labels[label]

    def answer(self, answer: str | None) -> int:
        """Go on from the node that waits."""
        state = self.state
        node = self.linked.nodes[state["at"]]
        op = node.op
        if op["op"] == "menu":
            enabled = [offer["id"] for offer in state["menu"]["choices"] if offer["enabled"]]
            if answer is None or answer not in enabled:
                raise AnswerError(f"the menu offers no choice {answer}")
            state["menu"] = state["line"] = None
            return self.choose(node, answer)
        if op["op"] == "input":
            text = "".join(c for c in answer or "" if unicodedata.category(c) != "Cc")
            text = unicodedata.normalize("NFC", text)[: op.get("max")] or op.get("default", "")
            state["input"] = state["line"] = None
            self.events.append({"t": "input", "id": op["id"], "value": text})
            self.set(op["var"], text)
        return node.next

    def choose(self, node: Node, id: str) -> int:
        """Take a choice."""
        menu = node.op
        self.events.append({"t": "choice", "id": id, "menu": menu["id"]})
        self.count(menu["id"])
        self.count(id)
        ids = [choice["id"] for choice in menu["choices"]]
        return node.bodies[ids.index(id)]

    # Ops

    def execute(self, node: Node, at: int) -> int:
        """Run one op."""
        op, next, bodies, page = node
        state = self.state
        name = op["op"]
        if name in STAGE_OPS:
            self.stage(op)
            return next
        match name:
            case "section":
                self.sections += 1
                if self.sections > MOST_SECTIONS:
                    return self.stuck()
                if op["label"]:
                    self.count(op["id"])
            case "say":
                if self.holds(op) and not self.spent(op):
                    self.say(op, page)
                    return self.wait(op["id"], at)
            case "menu":
                return self.menu(node, at)
            case "pick":
                return self.pick(node)
            case "if":
                for branch, body in zip(op["branches"], bodies, strict=True):
                    if self.holds(branch):
                        return body
            case "jump":
                return self.go(op["to"] if "to" in op else evaluate(op["value"], self))
            case "call":
                if len(state["stack"]) >= MOST_CALLS:
                    return self.stuck()
                args = {var: evaluate(value, self) for var, value in op.get("args", {}).items()}
                frame = {"scene": state["scene"], "call": op["id"]}
                state["stack"] = [*state["stack"], frame]
                return self.go(op["to"], args)
            case "return":
                value = [evaluate(op["value"], self)] if "value" in op else []
                return self.come_back(*value) if state["stack"] else self.leave()
            case "set":
                self.set(op["var"], evaluate(self.assignment(op), self))
            case "input":
                state["input"] = {"id": op["id"], "values": self.values(op.get("slots", ()))}
                return self.wait(op["id"], at)
            case "break":
                state["line"] = None
                if "picture" in state["stage"]:
                    stage = state["stage"].items()
                    state["stage"] = {key: value for key, value in stage if key != "picture"}
                self.events.append({"t": "break", "id": op["id"]})
                return self.wait(op["id"], at)
            case "page":
                state.update(line=None, page=[])
                return bodies[0]
            case "page_end":
                state["page"] = None
            case "unlock":
                self.mark("unlocks", op["name"])
                self.events.append({"t": "unlock", "name": op["name"]})
            case "notify":
                parts = self.render("", op["text"], self.values(op.get("slots", ())))
                self.events.append({"t": "notify", "text": "".join(part.text for part in parts)})
            case "ending":
                self.mark("endings", op["name"])
                return self.end(op["id"], op["name"], op["title"])
            case _:
                raise ValueError(f"unknown op {name}")
        return next

    def mark(self, kind: str, name: str) -> None:
        """Add a name to a persistent list."""
        if name not in self.persistent[kind] and name not in self.changes[kind]:
            self.changes[kind].append(name)

    def assignment(self, op: Mapping[str, Any]) -> list[Any]:
        """Return the expression that a `set` assigns."""
        value: list[Any] = op["value"]
        if op["how"] == "=":
            return value
        kind, old = self.story.variables[op["var"]]["type"], ["var", op["var"]]
        if kind == "set":
            return ["union" if op["how"] == "+=" else "minus", old, value]
        return [op["how"][0], kind[0], old, value]

    def say(self, op: Mapping[str, Any], page: bool) -> None:
        """Show a beat."""
        state, id, who = self.state, op["id"], op["who"]
        line = {"id": id, "values": self.values(op.get("slots", ()))}
        if "look" in op:
            self.dress(who, op["look"])
        if who and "voice" in state:
            line["voice"] = state.pop("voice")
        self.count(id, bool(op.get("count") or op.get("once")))
        first, *rest = self.render(id, op["text"], line["values"])
        record = {"t": "line", "id": id, "who": who, "name": name_of(op, self), "text": first.text}
        if "manner" in op:
            record["manner"] = op["manner"]
        if page:
            record["page"] = True
        self.events.append(record)
        for effects, text in rest:
            for effect in effects:
                self.stage(effect, in_text=True)
            if text:
                self.events.append({"t": "more", "id": id, "text": text})
        state["line"] = None if page else line
        state["page"] = [*(state["page"] or ()), line] if page else None

    def menu(self, node: Node, at: int) -> int:
        """Offer choices."""
        op = node.op
        offered = []  # pairs of a choice and whether it is enabled
        for choice in op["choices"]:
            held = self.holds(choice)
            if (held or "locked" in choice) and not self.spent(choice):
                offered.append((choice, held))
        if any(held and not choice.get("else") for choice, held in offered):
            offered = [(choice, held) for choice, held in offered if not choice.get("else")]
        enabled = [choice for choice, held in offered if held]
        if not enabled:
            return node.next
        if len(enabled) == 1 and enabled[0].get("else") and not enabled[0]["text"]:
            return self.choose(node, enabled[0]["id"])
        offers, records = [], []
        for choice, held in offered:
            id = choice["id"]
            values = self.values(choice.get("slots", ()))
            offer = {"id": id, "values": values, "enabled": held}
            if not held:
                offer["reason"] = self.values(choice.get("locked_slots", ()))
            offers.append(offer)
        for (choice, held), offer in zip(offered, offers, strict=True):
            id = choice["id"]
            text = self.render(id, choice["text"], offer["values"])[0].text
            record = {"id": id, "text": text, "enabled": held}
            if not held:
                reason = self.render(f"{id}_locked", choice["locked"], offer["reason"])
                record["reason"] = reason[0].text
            records.append(record)
        self.state["menu"] = {"id": op["id"], "choices": offers}
        self.events.append({"t": "menu", "id": op["id"], "choices": records})
        return self.wait(op["id"], at)

    def pick(self, node: Node) -> int:
        """Let the story choose."""
        op = node.op
        held = [item for item in op["items"] if self.holds(item)]
        eligible = [item for item in held if not self.spent(item)]
        if not eligible:
            return node.next
        item = self.drawn(op, eligible)
        self.events.append({"t": "pick", "id": op["id"], "item": item["id"]})
        self.count(item["id"])
        return node.bodies[[other["id"] for other in op["items"]].index(item["id"])]

    def drawn(self, op: Mapping[str, Any], eligible: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Return the item that a pick's mode takes, and remember it."""
        items, mode = op["items"], op["mode"]
        if mode == "random":
            return self.weighed(eligible)
        memory = self.state["picks"].get(op["id"], {})
        if mode == "shuffle":
            taken = memory.get("taken", [])
            bag = [item for item in eligible if item["id"] not in taken]
            if not bag:
                taken, bag = [], eligible
            item = bag[math.floor(self.draw("story") * len(bag))]
            memory = {"taken": [*taken, item["id"]]}
        else:
            ids = [item["id"] for item in items]
            last = memory.get("last")
            behind = ids.index(last) + 1 if last in ids else 0
            if mode == "cycle":
                order = [*items[behind:], *items[:behind]]
            else:
                pointer = min(behind, len(items) - 1)
                order = [*items[pointer:], *reversed(items[:pointer])]
            item = next(item for item in order if item in eligible)
            memory = {"last": item["id"]}
        self.state["picks"] = {**self.state["picks"], op["id"]: memory}
        return item

    def weighed(self, eligible: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Draw one item by weight."""
        weights = [item.get("weight", 1) for item in eligible]
        total: float = 0
        for weight in weights:
            total += weight
        r = self.draw("story") * total
        upto: float = 0
        for item, weight in zip(eligible, weights, strict=True):
            upto += weight
            if r < upto:
                return item
        return eligible[-1]


def name_of(op: Mapping[str, Any], world: Run) -> str:
    """Return what the name box shows for a line."""
    if "as" in op:
        return str(op["as"])
    return " & ".join(who if who == "???" else world.variable(f"{who}.name") for who in op["who"])
