"""A story as a tree of lines with true identities, and the edits that people make to one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from comfyvn.source.lock import Anchor

_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_COMMON = ["the", "and", "of", "to", "you", "she", "he", "is", "not", "what", "I", "it"]
_SHORT = ["…", "Yes.", "No.", "Mei."]


@dataclass
class Item:
    """One line, choice or menu. `uid` is who it truly is."""

    uid: int
    kind: str
    text: str
    depth: int
    name: str | None = None
    body: list[Item] = field(default_factory=list)  # a menu's choices, a choice's lines


@dataclass
class Part:
    """A section."""

    uid: int
    slug: str
    body: list[Item]


class Story:
    """Scenes with sections; every edit is one that a writer makes."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.uids = count(1)
        self.scenes: dict[str, list[Part]] = {}
        self.scene_uids: dict[str, int] = {}
        self.copies: dict[int, int] = {}
        """For each line that was copied from another, the first of its kind."""
        for _ in range(4):
            self.add_scene()

    def word(self) -> str:
        return "".join(self.rng.choices(_SYLLABLES, k=self.rng.randint(2, 4)))

    def sentence(self) -> str:
        if self.rng.random() < 0.1:
            return self.rng.choice(_SHORT)
        size = self.rng.randint(4, 14)
        words = [
            self.word() if self.rng.random() < 0.6 else self.rng.choice(_COMMON)
            for _ in range(size - 3)
        ] + [self.word() for _ in range(3)]
        self.rng.shuffle(words)
        return " ".join(words).capitalize() + "."

    def line(self, depth: int = 0) -> Item:
        return Item(next(self.uids), "b", self.sentence(), depth)

    def menu(self) -> Item:
        choices = [
            Item(
                next(self.uids),
                "c",
                self.sentence(),
                1,
                body=[self.line(1) for _ in range(self.rng.randint(0, 3))],
            )
            for _ in range(self.rng.randint(2, 4))
        ]
        return Item(next(self.uids), "m", "", 0, body=choices)

    def part(self, slug: str | None = None) -> Part:
        body = [self.menu() if self.rng.random() < 0.1 else self.line() for _ in range(12)]
        return Part(next(self.uids), self.word() if slug is None else slug, body)

    def add_scene(self) -> None:
        name = self.word()
        self.scenes[name] = [self.part(""), *(self.part() for _ in range(3))]
        self.scene_uids[name] = next(self.uids)

    def anchors(self) -> tuple[dict[str, list[Anchor]], dict[str, list[int]]]:
        """Return what the compiler would collect, and the true identity of each."""
        anchors: dict[str, list[Anchor]] = {}
        uids: dict[str, list[int]] = {}

        def walk(items: list[Item], label: str, scene: str) -> None:
            for item in items:
                text = "\n".join(each.text for each in item.body) if item.kind == "m" else item.text
                anchors[scene].append(Anchor(item.kind, label, text, item.name, item.depth))
                uids[scene].append(item.uid)
                walk(item.body, label, scene)

        for scene, parts in self.scenes.items():
            anchors[scene], uids[scene] = [Anchor("s", "", "", None)], [self.scene_uids[scene]]
            for part in parts:
                if part.slug:
                    anchors[scene].append(Anchor("l", part.slug, part.slug.title(), None))
                    uids[scene].append(part.uid)
                walk(part.body, part.slug, scene)
        return anchors, uids

    def short_lines(self) -> set[int]:
        """Return the identities of all lines such as `Yes.`, which stand in many places."""
        anchors, uids = self.anchors()
        return {
            uid
            for scene in anchors
            for anchor, uid in zip(anchors[scene], uids[scene], strict=True)
            if anchor.text in _SHORT
        }

    # Edits; each returns the identities it makes doubtful, which a test must not judge.

    def a_part(self) -> Part:
        parts = [part for parts in self.scenes.values() for part in parts if len(part.body) > 3]
        return self.rng.choice(parts)

    def a_text(self) -> Item:
        lines = [item for item in self.a_part().body if len(item.text) > 20]
        return self.rng.choice(lines) if lines else self.a_text()

    def typo(self) -> set[int]:
        item = self.a_text()
        at = self.rng.randrange(1, len(item.text) - 2)
        text = item.text
        item.text = self.rng.choice(
            [
                text[:at] + text[at + 1 :],
                text[:at] + self.rng.choice("aeiou") + text[at:],
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:-1] + "!",
            ]
        )
        return set()

    def reword(self) -> set[int]:
        item = self.a_text()
        words = item.text[:-1].split()
        words[self.rng.randrange(len(words))] = self.word()
        item.text = " ".join(words) + "."
        return set()

    def insert(self) -> set[int]:
        part = self.a_part()
        at = self.rng.randrange(len(part.body) + 1)
        part.body[at:at] = [self.line() for _ in range(self.rng.randint(1, 4))]
        return set()

    def insert_menu(self) -> set[int]:
        part = self.a_part()
        part.body.insert(self.rng.randrange(len(part.body) + 1), self.menu())
        return set()

    def delete(self) -> set[int]:
        part = self.a_part()
        at = self.rng.randrange(len(part.body))
        del part.body[at : at + self.rng.randint(1, 3)]
        return set()

    def replace(self) -> set[int]:
        part = self.a_part()
        part.body[self.rng.randrange(len(part.body))] = self.line()
        return set()

    def move(self) -> set[int]:
        part = self.a_part()
        at = self.rng.randrange(len(part.body))
        block = part.body[at : at + self.rng.randint(1, 4)]
        del part.body[at : at + len(block)]
        other = part if self.rng.random() < 0.4 else self.a_part()
        to = self.rng.randrange(len(other.body) + 1)
        other.body[to:to] = block
        return set()

    def swap(self) -> set[int]:
        part = self.a_part()
        at = self.rng.randrange(len(part.body) - 1)
        part.body[at], part.body[at + 1] = part.body[at + 1], part.body[at]
        return set()

    def reorder_choices(self) -> set[int]:
        menus = [
            item
            for parts in self.scenes.values()
            for part in parts
            for item in part.body
            if item.kind == "m"
        ]
        if menus:
            self.rng.shuffle(self.rng.choice(menus).body)
        return set()

    def reword_choices(self) -> set[int]:
        menus = [
            item
            for parts in self.scenes.values()
            for part in parts
            for item in part.body
            if item.kind == "m"
        ]
        if not menus:
            return set()
        menu = self.rng.choice(menus)
        first = menu.body[0]
        kept = first.text not in _SHORT
        first.text = first.text[:-1] + "?"
        for choice in menu.body[1:]:
            choice.text = self.sentence()
            choice.uid = next(self.uids)
        return set() if kept else {menu.uid, first.uid}

    def split(self) -> set[int]:
        part = self.a_part()
        texts = [item for item in part.body if len(item.text.split()) >= 8]
        if not texts:
            return set()
        item = self.rng.choice(texts)
        words = item.text[:-1].split()
        half = len(words) // 2
        item.text = " ".join(words[:half]) + "."
        rest = Item(next(self.uids), "b", " ".join(words[half:]).capitalize() + ".", 0)
        part.body.insert(part.body.index(item) + 1, rest)
        return {item.uid, rest.uid}

    def join(self) -> set[int]:
        part = self.a_part()
        at = self.rng.randrange(len(part.body) - 1)
        first, second = part.body[at : at + 2]
        if first.kind != "b" or second.kind != "b":
            return set()
        first.text = f"{first.text} {second.text}"
        del part.body[at + 1]
        return {first.uid, second.uid}

    def duplicate(self) -> set[int]:
        part = self.a_part()
        item = self.a_text()
        copy = Item(next(self.uids), item.kind, item.text[:-1] + ", " + self.word() + ".", 0)
        part.body.insert(self.rng.randrange(len(part.body) + 1), copy)
        self.copies[copy.uid] = self.copies.get(item.uid, item.uid)
        return set()

    def rename_label(self) -> set[int]:
        part = self.a_part()
        if part.slug:
            part.slug = self.word()
        return set()

    def rename_scene(self) -> set[int]:
        name = self.rng.choice(list(self.scenes))
        new = self.word()
        self.scenes = {new if key == name else key: value for key, value in self.scenes.items()}
        self.scene_uids[new] = self.scene_uids.pop(name)
        return set()

    def move_section(self) -> set[int]:
        parts = self.rng.choice(list(self.scenes.values()))
        part = parts.pop(self.rng.randrange(1, len(parts))) if len(parts) > 2 else None
        if part is None:
            return set()
        other = self.rng.choice(list(self.scenes.values()))
        other.insert(self.rng.randrange(1, len(other) + 1), part)
        return set()

    EDITS: tuple[Callable[[Story], set[int]], ...] = (
        typo, typo, typo, reword, reword, insert, insert, insert_menu, delete, delete, replace,
        move, move, swap, reorder_choices, reword_choices, split, join, duplicate, rename_label,
        rename_scene, move_section,
    )  # fmt: skip

    def edit(self) -> tuple[str, set[int]]:
        """Make one edit; return its name and the identities that even a person might dispute."""
        how = self.rng.choice(self.EDITS)
        return how.__name__, how(self)
