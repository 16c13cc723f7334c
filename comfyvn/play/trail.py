"""Where the things that playtests name are now: by id, by fixed name, by place, and what became
of those that were deleted, as `vn.lock` knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from comfyvn.source.lock import Record
from comfyvn.source.nearest import nearest
from comfyvn.story.compile import Compiled

_CHOICE, _MENU = "c", "m"


class Followed(NamedTuple):
    """What became of a deleted id: where it is followed to, None if nothing is left; what it
    said."""

    to: str | None
    text: str


class Trail:
    """What a story's ids are, and were."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.gone: Mapping[str, str] = compiled.program.get("gone", {})
        self._records: dict[str, tuple[str, int]] = {}
        self._places: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for scene, records in compiled.lock.scenes.items():
            for number, record in enumerate(records):
                self._records[record.id] = scene, number
                if record.alive and record.anchor.name:
                    self._names[record.id] = record.anchor.name
                    self._places[f"{scene}#^{record.anchor.name}"] = record.id
        for name, scene in compiled.program["scenes"].items():
            self._places[name] = scene["id"]
            for section in scene["sections"]:
                if section["label"]:
                    self._places[f"{name}#{section['label']}"] = section["id"]

    @property
    def places(self) -> list[str]:
        """All places that have names: scenes, their sections, lines with fixed names."""
        return list(self._places)

    def place(self, written: str) -> str | None:
        """Return a place as the Program names it, of how a playtest or a link has it."""
        named = _without_ending(written)
        return named if named in self._places and "#^" not in named else None

    def find(self, written: str) -> str | None:
        """Return the id of something that is there, named by it, by `scene#^name` or a place."""
        if written in self.compiled.source_map:
            return written
        return self._places.get(_without_ending(written))

    def near(self, written: str) -> str | None:
        """Return the place whose name is most like one that is not there."""
        return nearest(_without_ending(written), self._places)

    def followed(self, id: str) -> Followed | None:
        """Return where an id leads that was deleted; None if it is there, or never was."""
        if id not in self._records or id in self.compiled.source_map:
            return None
        record = self._record(id)
        if record.alive:
            return None
        to: str | None = id
        passed: set[str] = set()
        while to is not None and to not in self.compiled.source_map and to not in passed:
            passed.add(to)
            to = self._landing(to)
        return Followed(to if to in self.compiled.source_map else None, record.anchor.text)

    def text(self, id: str) -> str:
        """Return what something with an id says, as its source does; nothing if there is none."""
        return self._record(id).anchor.text if id in self._records else ""

    def name(self, id: str) -> str | None:
        """Return the fixed name of what has an id."""
        return self._names.get(id)

    def is_choice(self, id: str) -> bool:
        """Whether an id is that of a choice."""
        return id.startswith(_CHOICE)

    def _landing(self, id: str) -> str | None:
        if id in self.gone:
            return self.gone[id]
        return self._beside(id) if self.is_choice(id) and id in self._records else None

    def _beside(self, id: str) -> str | None:
        """Return the choice that comes next in a deleted one's menu, else the one before it; the
        menu, if it has none any more."""
        scene, number = self._records[id]
        records = self.compiled.lock.scenes[scene]
        depth = records[number].anchor.depth
        after = (each for each in _of_menu(records[number + 1 :], depth) if each.alive)
        if (beside := next(after, None)) is not None:
            return beside.id
        before = (each for each in _of_menu(records[number::-1], depth) if each.alive)
        if (beside := next(before, None)) is not None:
            return beside.id
        above = (each for each in records[number::-1] if each.anchor.depth < depth)
        menu = next(above, None)
        return menu.id if menu is not None and menu.anchor.kind == _MENU else None

    def _record(self, id: str) -> Record:
        scene, number = self._records[id]
        return self.compiled.lock.scenes[scene][number]


def _of_menu(records: Sequence[Record], depth: int) -> Iterator[Record]:
    """Yield the choices of a menu that stand on one side of a place in it; `depth` is theirs."""
    for record in records:
        if record.anchor.depth < depth:
            return
        if record.anchor.kind == _CHOICE and record.anchor.depth == depth:
            yield record


def _without_ending(written: str) -> str:
    """Return a place without the `.md` of links."""
    path, mark, label = written.partition("#")
    return f"{path.removesuffix('.md')}{mark}{label}"
