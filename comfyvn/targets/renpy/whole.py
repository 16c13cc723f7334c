"""What all scenes of a story have in common, for the files that are not scenes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from comfyvn.targets.renpy.expressions import Expressions
from comfyvn.targets.renpy.facts import Facts, Mentions, frozen, mentions
from comfyvn.targets.renpy.names import Head, Names, names_of
from comfyvn.targets.renpy.scope import section_labels

Pairs = Sequence[tuple[str, str]]


@dataclass
class Whole:
    """A story without its scenes.

    Attributes:
        names: the Ren'Py names of everything.
        used: what scenes mention.
        asked: ids, or labels, whose counts some expression asks for.
        scenes: the label of each scene and what saves in it are called.
        titles: the label of each section and its title, if titles are ever shown.
        endings: name and title, in the order of their first places.
        opening: location, time and weather that the first scene begins with.
    """

    names: Names
    used: Mentions
    asked: Sequence[str]
    scenes: Pairs
    titles: Pairs
    endings: Pairs
    opening: tuple[str, str, str] | None

    @classmethod
    def of(cls, head: Head, facts: Mapping[str, Facts]) -> Whole:
        """Return what the scenes of a story have in common, in the order given."""
        used = mentions(facts.values())
        names = names_of(head, facts, used)
        labels = section_labels(facts, names)
        endings: dict[str, str] = {}
        for scene in facts.values():
            for name, title in scene.get("endings", ()):
                endings.setdefault(name, title)
        shown = any(scene.get("shows_titles") for scene in facts.values())
        return cls(
            names=names,
            used=used,
            asked=sorted({str(labels.get(id, id)) for id in used["asked"]}),
            scenes=[(names.scenes[id], facts[id].get("title") or id) for id in facts],
            titles=[
                (labels[id], title if label else scene.get("title", scene_id))
                for scene_id, scene in (facts.items() if shown else ())
                for id, label, title in scene["sections"]
            ],
            endings=list(endings.items()),
            opening=frozen(facts.get(head["start"], {}).get("opening")),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        used = {key: sorted(found) for key, found in self.used.items()}
        return {**vars(self), "names": asdict(self.names), "used": used}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Whole:
        """Read what `to_json` gave."""
        read = {key: frozen(part) for key, part in value.items()}
        read["names"] = Names(**value["names"])
        read["used"] = mentions([value["used"]])
        return cls(**read)

    def expressions(self, head: Head) -> Expressions:
        """Return what writes expressions outside of scenes."""
        return Expressions(self.names, head.get("variables", {}))
