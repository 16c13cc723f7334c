"""Small random stories, as Programs, with every kind of fork; and larger ones with known truth."""

from __future__ import annotations

import random
from typing import Any

Json = dict[str, Any]
COLOURS = ["red", "green", "blue"]
THINGS = ["key", "lamp", "rope"]


class Small:
    """A story of a seed: few variables of small ranges, so that all of it can be enumerated."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.ids = 0
        self.scenes = [f"s{i}" for i in range(self.rng.randint(1, 3))]
        self.labels = {
            name: ["", *(f"l{i}" for i in range(self.rng.randint(0, 2)))] for name in self.scenes
        }
        self.asked: list[str] = []
        self.lines: list[str] = []

    def id(self, kind: str) -> str:
        self.ids += 1
        return f"{kind}{self.ids:07}"

    def program(self) -> Json:
        rng = self.rng
        lasting = "persistent" if rng.random() < 0.2 else "run"
        variables: Json = {
            "flag": {"type": "bool", "default": False, "scope": "run"},
            "kept": {"type": "bool", "default": False, "scope": lasting},
            "n": {"type": "int", "default": 0, "scope": "run", "low": -1, "high": 3},
            "m": {"type": "int", "default": 1, "scope": "scene", "low": 0, "high": 2},
            "hue": {"type": "enum", "default": "red", "scope": "run", "values": COLOURS},
            "bag": {"type": "set", "default": [], "scope": "run", "values": THINGS},
            "word": {"type": "text", "default": "", "scope": "run"},
            "to": {
                "type": "label",
                "default": f"{self.scenes[-1]}#",
                "scope": "run",
                "values": [
                    f"{name}#{label}" for name in self.scenes for label in self.labels[name]
                ],
            },
        }
        ids = {
            (name, label): self.id("s" if not label else "l")
            for name in self.scenes
            for label in self.labels[name]
        }
        self.asked = list(ids.values())
        scenes = {}
        for at, name in enumerate(self.scenes):
            scene: Json = {"id": ids[name, ""], "scene_variables": ["m"], "sections": []}
            for label in self.labels[name]:
                self.here = name
                body = self.body(0) + self.way()
                scene["sections"].append(
                    {"id": ids[name, label], "label": label, "title": label, "body": body}
                )
            if at + 1 < len(self.scenes):
                scene["next"] = self.scenes[at + 1]
            scenes[name] = scene
        return {
            "format": 1, "id": "small", "title": "", "version": "", "language": "en",
            "languages": ["en"], "start": "s0", "variables": variables, "characters": {},
            "scenes": scenes, "about": {},
        }  # fmt: skip

    def place(self) -> str:
        name = self.rng.choice(self.scenes)
        return f"{name}#{self.rng.choice(self.labels[name])}"

    def way(self) -> list[Json]:
        kind = self.rng.randrange(6)
        if kind == 0:
            return [{"op": "jump", "to": self.place()}]
        if kind == 1:
            return [{"op": "ending", "id": self.id("e"), "name": "end", "title": ""}]
        if kind == 2:
            return [{"op": "return"}]
        return []

    def body(self, depth: int) -> list[Json]:
        makers = [self.say, self.say, self.set, self.set, self.menu, self.fork, self.pick]
        if depth == 0:
            makers += [self.call, self.menu, self.input, self.leap]
        out: list[Json] = []
        for _ in range(self.rng.randint(1, 3 if depth == 0 else 2)):
            if depth > 1:
                makers = [self.say, self.set]
            out += self.rng.choice(makers)(depth)
        return out

    def say(self, depth: int) -> list[Json]:
        op: Json = {"op": "say", "id": self.id("b"), "who": [], "text": ["x"]}
        if self.rng.random() < 0.4:
            op["if"] = self.test()
        if self.rng.random() < 0.2:
            op["once"] = True
        if self.rng.random() < 0.3:
            op["count"] = True
            self.lines.append(op["id"])
        return [op]

    def set(self, depth: int) -> list[Json]:
        rng = self.rng
        match rng.randrange(7):
            case 0:
                return [_set("flag", ["not", ["var", "flag"]])]
            case 1:
                return [_set("kept", ["bool", True])]
            case 2:
                return [_set("n", ["int", 1], rng.choice(("+=", "-=")))]
            case 3:
                return [_set("m", rng.choice((["int", 2], ["roll", 1, 2, 0], ["var", "n"])))]
            case 4:
                return [_set("hue", rng.choice((["text", "green"], ["pick", ["set", COLOURS]])))]
            case 5:
                return [_set("to", ["label", self.place()])]
        return [_set("bag", ["set", [rng.choice(THINGS)]], rng.choice(("+=", "-=")))]

    def test(self) -> list[Any]:
        rng = self.rng
        match rng.randrange(12):
            case 0:
                return ["var", "flag"]
            case 1:
                return ["var", "kept"]
            case 2:
                return [rng.choice(("<", ">=")), "n", ["var", "n"], ["int", rng.randint(-2, 4)]]
            case 3:
                return ["==", ["var", "m"], ["int", rng.randint(0, 3)]]
            case 4:
                return ["==", ["var", "hue"], ["text", rng.choice(COLOURS)]]
            case 5:
                return ["in", ["text", rng.choice(THINGS)], ["var", "bag"]]
            case 6:
                return ["chance", ["num", rng.choice((0, 0.5, 1))]]
            case 7:
                return ["visited", rng.choice(self.asked), rng.random() < 0.2]
            case 8 if self.lines:
                return ["seen", rng.choice(self.lines), rng.random() < 0.2]
            case 9:
                return ["==", ["var", "word"], ["text", rng.choice(("Ana", "Bo"))]]
            case 10:
                return ["and", ["var", "flag"], [">", "n", ["var", "n"], ["int", 1]]]
        return ["not", ["truth", ["var", "bag"]]]

    def part(self, kind: str, depth: int, chance: float) -> Json:
        rng = self.rng
        each: Json = {"id": self.id(kind), "body": self.body(depth + 1)}
        if rng.random() < chance:
            each["if"] = self.test()
        if rng.random() < 0.25:
            each["once"] = True
        if depth == 0 and rng.random() < 0.3:
            each["body"] = [*each["body"], *self.way()]
        return each

    def menu(self, depth: int) -> list[Json]:
        rng = self.rng
        choices = []
        for _ in range(rng.randint(1, 3)):
            choice = {**self.part("c", depth, 0.5), "text": ["y"]}
            if "if" in choice and rng.random() < 0.3:
                choice["locked"] = ["z"]
            choices.append(choice)
        if rng.random() < 0.4:
            text = ["else"] if rng.random() < 0.5 else []
            choices.append({"id": self.id("c"), "text": text, "else": True, "body": []})
        return [{"op": "menu", "id": self.id("m"), "choices": choices}]

    def fork(self, depth: int) -> list[Json]:
        branches: list[Json] = [{"if": self.test(), "body": self.body(depth + 1)}]
        if self.rng.random() < 0.4:
            branches.append({"if": self.test(), "body": self.body(depth + 1)})
        if self.rng.random() < 0.5:
            branches.append({"body": self.body(depth + 1)})
        return [{"op": "if", "branches": branches}]

    def pick(self, depth: int) -> list[Json]:
        mode = self.rng.choice(("random", "shuffle", "cycle", "sequence"))
        items = [self.part("i", depth, 0.3) for _ in range(self.rng.randint(2, 3))]
        if mode == "random":
            items[0]["weight"] = self.rng.choice((0, 1, 2))
        return [{"op": "pick", "id": self.id("p"), "mode": mode, "items": items}]

    def call(self, depth: int) -> list[Json]:
        return [{"op": "call", "id": self.id("k"), "to": self.place()}]

    def leap(self, depth: int) -> list[Json]:
        branch = {"if": self.test(), "body": [{"op": "jump", "value": ["var", "to"]}]}
        return [{"op": "if", "branches": [branch]}]

    def input(self, depth: int) -> list[Json]:
        return [{"op": "input", "id": self.id("n"), "var": "word", "prompt": ["?"]}]


def _set(name: str, value: Any, how: str = "=") -> Json:
    return {"op": "set", "var": name, "how": how, "value": value}
