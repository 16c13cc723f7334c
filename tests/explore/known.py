"""Larger stories that are made so that it is known what can be reached."""

from __future__ import annotations

import random
from typing import Any

Json = dict[str, Any]


class Known:
    """A story of a seed.

    Its rooms follow each other. In each the player may do things that set flags and count scores,
    and each condition is made to be possible or not by how it is made: flags are set in one room
    and asked for later, scores have a most that they can be in a room.

    Attributes:
        program: the Program.
        truth: of lines, choices and endings, whether anybody can come to them.
        always: the ids of those whose condition always holds.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.ids = 0
        self.truth: dict[str, bool] = {}
        self.always: set[str] = set()
        self.could: list[str] = []
        self.most = 0
        rooms = self.rng.randint(8, 16)
        sections = [self.room(number) for number in range(rooms)]
        last = sections[-1]["body"]
        secret, plain = self.id("e"), self.id("e")
        can = self.rng.random() < 0.5
        limit = self.most if can else self.most + 1
        last += [
            {
                "op": "if",
                "branches": [
                    {
                        "if": [">=", "n", ["var", "score"], ["int", limit]],
                        "body": [{"op": "ending", "id": secret, "name": "secret", "title": ""}],
                    }
                ],
            },
            {"op": "ending", "id": plain, "name": "plain", "title": ""},
        ]
        self.truth |= {secret: can, plain: True}
        variables: Json = {
            f"f{number}": {"type": "bool", "default": False, "scope": "run"}
            for number in range(rooms + 1)
        }
        variables["score"] = {"type": "int", "default": 0, "scope": "run"}
        self.program: Json = {
            "format": 1, "id": "known", "title": "", "version": "", "language": "en",
            "languages": ["en"], "start": "s", "variables": variables, "characters": {},
            "scenes": {"s": {"id": "s0000000", "sections": sections}}, "about": {},
        }  # fmt: skip

    def id(self, kind: str) -> str:
        self.ids += 1
        return f"{kind}{self.ids:07}"

    def room(self, number: int) -> Json:
        """Return a section: a menu that may set its flag and raise the score, then questions."""
        body: list[Json] = [self.line()]
        choices = [
            self.choice([_set(f"f{number}", "=", ["bool", True])]),
            self.choice([_set("score", "+=", ["int", 1])]),
            self.choice([]),
        ]
        # Both cannot be done in one room.
        for _ in range(self.rng.randint(0, 2)):
            choices.append(self.asked(number))
        self.rng.shuffle(choices)
        body.append({"op": "menu", "id": self.id("m"), "choices": choices})
        self.most += 1
        self.could.append(f"f{number}")
        for _ in range(self.rng.randint(1, 3)):
            test, can, always = self.test(number)
            line = {**self.line(), "if": test}
            self.truth[line["id"]] = can
            if always:
                self.always.add(line["id"])
            body.append(line)
        label = f"r{number}" if number else ""
        id = self.id("l") if number else "s0000000"
        return {"id": id, "label": label, "title": label, "body": body}

    def line(self) -> Json:
        line: Json = {"op": "say", "id": self.id("b"), "who": [], "text": ["x"]}
        self.truth[line["id"]] = True
        return line

    def choice(self, body: list[Json]) -> Json:
        choice: Json = {"id": self.id("c"), "text": ["y"], "body": body}
        self.truth[choice["id"]] = True
        return choice

    def asked(self, number: int) -> Json:
        """Return a choice with a condition on what rooms before this one did."""
        test, can, always = self.test(number)
        choice = {**self.choice([self.line()]), "if": test}
        self.truth[choice["id"]] = can
        self.truth[choice["body"][0]["id"]] = can
        if always:
            self.always.add(choice["id"])
        return choice

    def test(self, number: int) -> tuple[list[Any], bool, bool]:
        """Return a condition, whether it can hold here, and whether it always does."""
        rng = self.rng
        done = self.could
        match rng.randrange(5):
            case 0 if done:
                return ["var", rng.choice(done)], True, False
            case 1:
                limit = rng.randint(0, self.most + 2)
                can = limit <= self.most
                return [">=", "n", ["var", "score"], ["int", limit]], can, limit == 0
            case 2 if done:
                # A flag and a score that leaves no room for it.
                flag = rng.choice(done)
                limit = rng.randint(1, self.most)
                test = [">=", "n", ["var", "score"], ["int", limit]]
                return ["and", ["var", flag], test], limit <= self.most - 1, False
            case 3:
                later = f"f{number + 1}" if not done or rng.random() < 0.5 else rng.choice(done)
                if later in done:
                    return ["not", ["var", later]], True, False
                return ["not", ["not", ["var", later]]], False, False
        limit = rng.randint(-1, self.most + 1)
        return ["<=", "n", ["var", "score"], ["int", limit]], limit >= 0, limit >= self.most


def _set(name: str, how: str, value: Any) -> Json:
    return {"op": "set", "var": name, "how": how, "value": value}
