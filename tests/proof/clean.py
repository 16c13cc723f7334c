"""Random stories in which nothing is wrong: whatever a check says of one is a false alarm."""

from __future__ import annotations

import random

Files = dict[str, str]
"""The sources of a project: path to text."""

SUBJECTS = ("The lamp", "The island", "A gull", "The old bell", "The ferry", "Her coat", "The rain")
VERBS = ("turns", "waits", "goes on", "is quiet", "comes nearer", "has stopped", "looks smaller")
ENDS = ("in the dark", "beyond the pier", "for a moment", "as it always did", "without a sound")
ASIDES = ("I heard it twice", "Nobody told me", "We should hurry", "That was the last one")
CHOICES = (
    "Ask about the key",
    "Open the window",
    "Count the boats",
    "Say nothing",
    "Light a match",
)

STATE = """\
courage: {type: int, range: [0, 20], doc: How bold the evening has become.}
seen_key: {type: bool, doc: The key was on the table.}
"""
ANA = """\
name: Ana
colour: "#e8b27c"
pronouns: she
look:
  expressions: {plain: calm, smile: smiling}
"""
BEN = """\
name: Ben
colour: "#9fc5e8"
pronouns: he
look:
  expressions:
    plain: calm
"""
WORLD = """\
times: [dusk, night]
locations:
  pier: {name: The pier, kind: shore, alt: A wooden pier with one lamp at its end}
  office: {name: The office, kind: interior, alt: A small office with a desk and a window}
"""
SETTINGS = """\
format: 1
id: clean
title: The last ferry
authors: [The project]
licence: CC-BY-4.0
start: c0
world: town
pictures: {painted: final}
"""


def clean(seed: int) -> Files:
    """Return the story of a seed."""
    return _Writer(random.Random(seed)).project()


class _Writer:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.said: set[str] = set()

    def sentence(self) -> str:
        while True:
            parts = (self.rng.choice(each) for each in (SUBJECTS, VERBS, ENDS))
            text = " ".join(parts) + "."
            if self.rng.random() < 0.3:
                text += f" {self.rng.choice(ASIDES)}."
            if text not in self.said:
                self.said.add(text)
                return text

    def line(self) -> str:
        who = self.rng.choice(["", "", "Ana: ", "Ben: ", "Ana (smile): "])
        return who + self.sentence()

    def lines(self, low: int, high: int) -> list[str]:
        return [self.line() for _ in range(self.rng.randint(low, high))]

    def menu(self) -> list[str]:
        """Two or three choices that differ; the first makes one bolder."""
        found = []
        for number, text in enumerate(self.rng.sample(CHOICES, self.rng.randint(2, 3))):
            inner = [self.line(), "`set courage += 1`"] if number == 0 else [self.line()]
            found.append("\n\n".join([f"- {text}.", *(f"  {each}" for each in inner)]))
        return found

    def branch(self, condition: str) -> list[str]:
        return [f"`if {condition}`", self.line(), "`else`", self.line(), "`end`"]

    def scene(self, number: int, count: int) -> str:
        place = ("pier", "office")[number % 2]
        time = ("dusk", "night")[number % 2]
        head = f"---\ntitle: Part {number + 1}\nlocation: {place}\ntime: {time}\n---"
        body = ["`show ana at left`", "Ana (smile): " + self.sentence(), "Ben: " + self.sentence()]
        if number:
            body += self.branch("courage > 0")
        if number == count - 1:
            body += self.branch("seen_key")
        body += self.lines(1, 4)
        body += self.menu()
        body += self.lines(1, 2)
        if number == 0:
            body += ["- Look at the table.\n\n  `set seen_key = true`\n\n  " + self.sentence()]
            body += ["- Look away.\n\n  " + self.sentence(), self.line()]
        if number < count - 1:
            return "\n\n".join([head, *body, f"[](c{number + 1}.md)"]) + "\n"
        ends = [
            "- [Stay.](#stay)\n- [Leave.](#leave)",
            "## stay",
            *self.lines(1, 2),
            '`ending stay "They stay"`',
            "## leave",
            *self.lines(1, 2),
            '`ending leave "They leave"`',
        ]
        return "\n\n".join([head, *body, *ends]) + "\n"

    def project(self) -> Files:
        count = self.rng.randint(2, 4)
        files = {f"scenes/c{i}.md": self.scene(i, count) for i in range(count)}
        return {
            "vn.yaml": SETTINGS,
            "state.yaml": STATE,
            "characters/ana.yaml": ANA,
            "characters/ben.yaml": BEN,
            "worlds/town.yaml": WORLD,
            **files,
        }
