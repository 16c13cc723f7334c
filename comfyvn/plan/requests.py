"""What a Program asks for: the pictures and sounds that can occur when it is played.

Backgrounds vary by time and weather, sprites by look, and both persist across lines and scenes, so
the requests are found by following the flow of control: for every section, which backgrounds can
be up, who can be on stage, and how everyone can look when control arrives there. The answer errs
on the side of too many (a call's effects are joined over all returns), never of too few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal, NamedTuple

from comfyvn.story.skeleton import Skeleton, skeleton

Kind = Literal[
    "background", "sprite", "prop", "image", "picture", "music", "ambience", "sfx", "voice"
]
Op = Mapping[str, Any]
Combination = tuple[str | None, ...]
"""Values of `LOOK_KINDS` or `SCENERY_KINDS`, in their order."""

LOOK_KINDS = ("expression", "pose", "outfit")
SCENERY_KINDS = ("time", "weather")
SOUNDS: frozenset[str] = frozenset({"music", "ambience", "sfx", "voice"})


class AssetRequest(NamedTuple):
    """One picture or sound, named logically.

    `subject` is the location, character or asset; `traits` are its time and weather, or its
    expression, pose and outfit, those that are set.
    """

    kind: Kind
    subject: str
    traits: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The logical name in full: `school/roof dusk`, `mei worried`."""
        return " ".join((self.subject, *self.traits))


def asset_requests(program: Mapping[str, Any]) -> list[AssetRequest]:
    """Return everything the program can show or play, sorted, each once."""
    return requests_of(program, skeletons(program))


def skeletons(program: Mapping[str, Any]) -> dict[str, Skeleton]:
    """Return the skeletons of a Program's scenes."""
    return {name: skeleton(scene) for name, scene in program["scenes"].items()}


def requests_of(head: Mapping[str, Any], scenes: Mapping[str, Skeleton]) -> list[AssetRequest]:
    """Return what a story can show or play, sorted, each once.

    `head` is the Program; its scenes are not looked at.
    """
    return sorted(_Flow(head, scenes).run())


def requests_by_scene(
    head: Mapping[str, Any], scenes: Mapping[str, Skeleton]
) -> dict[str, list[AssetRequest]]:
    """Return what each scene can show or play while it is played, sorted, each once."""
    flow = _Flow(head, scenes)
    flow.run()
    return {scene: sorted(found) for scene, found in sorted(flow.by_scene.items())}


def gallery(scenes: Mapping[str, Skeleton]) -> list[tuple[str, str]]:
    """Return the full-screen pictures with their alt texts, in the order of the story's files."""
    found: dict[str, str] = {}

    def walk(body: Iterable[Op]) -> None:
        for op in body:
            if op["op"] == "picture":
                found.setdefault(op["asset"], op["alt"])
            for inside in op.get("bodies", ()) or [op.get("body", ())]:
                walk(inside)

    for name in sorted(scenes):
        walk(scenes[name].get("enter", ()))
        for section in scenes[name]["sections"]:
            walk(section["body"])
    return list(found.items())


def backdrop(scene: Skeleton) -> AssetRequest | None:
    """Return the first place that a scene shows, whatever was chosen before."""
    for body in (scene.get("enter", []), *(section["body"] for section in scene["sections"])):
        for op in body:
            if op["op"] == "scene":
                traits = _set(op.get(kind) for kind in SCENERY_KINDS)
                return AssetRequest("background", op["location"], traits)
    return None


def moments_of(scenes: Mapping[str, Skeleton]) -> dict[str, AssetRequest]:
    """Return the background that was last shown before each full-screen picture, in file order.

    Choices are not followed: it is what a picture of a moment has behind it, and no more.
    """
    found: dict[str, AssetRequest] = {}

    def walk(body: Iterable[Op], last: AssetRequest | None) -> AssetRequest | None:
        for op in body:
            if op["op"] == "scene":
                traits = _set(op.get(kind) for kind in SCENERY_KINDS)
                last = AssetRequest("background", op["location"], traits)
            elif op["op"] == "picture" and last is not None:
                found.setdefault(op["asset"], last)
            for inside in op.get("bodies", ()) or [op.get("body", ())]:
                last = walk(inside, last)
        return last

    for name in sorted(scenes):
        last = walk(scenes[name].get("enter", ()), None)
        for section in scenes[name]["sections"]:
            last = walk(section["body"], last)
    return found


@dataclass
class _Stage:
    """What can be on stage at one point: every field only grows at a join."""

    scenery: frozenset[Combination] = frozenset()
    staged: frozenset[str] = frozenset()
    looks: dict[str, frozenset[Combination]] = field(default_factory=dict)

    def copy(self) -> _Stage:
        return _Stage(self.scenery, self.staged, dict(self.looks))

    def join(self, other: _Stage) -> bool:
        """Add what `other` holds; return whether that was anything new."""
        grown = not (other.scenery <= self.scenery and other.staged <= self.staged)
        self.scenery |= other.scenery
        self.staged |= other.staged
        for character, looks in other.looks.items():
            known = self.looks.get(character)
            if known is None:
                self.looks[character] = looks
            elif looks is known or looks <= known:
                continue
            else:
                self.looks[character] = known | looks
            grown = True
        return grown


class _Flow:
    """A worklist over sections, until no stage grows."""

    def __init__(self, head: Mapping[str, Any], scenes: Mapping[str, Skeleton]) -> None:
        self.head = head
        self.scenes = scenes
        self.by_scene: dict[str, set[AssetRequest]] = {name: set() for name in scenes}
        self.at: dict[str, _Stage] = {}
        self.work: dict[str, None] = {}
        self.returned = _Stage()
        self.callers: set[str] = set()
        self.place = ""

    def run(self) -> set[AssetRequest]:
        start = _Stage(scenery=frozenset({(None, None, None)}))
        for name, character in self.head.get("characters", {}).items():
            look = character.get("look", {})
            # `outfits`, `poses`, `expressions` list their names, the default first.
            first = [next(iter(look.get(f"{kind}s", [])), None) for kind in LOOK_KINDS]
            start.looks[name] = frozenset({tuple(first)})
        self._arrive(f"{self.head['start']}#", start)
        self._settle()
        # A save or a playtest can enter anywhere, so what no line leads to is still looked at.
        for scene in self.scenes:
            if f"{scene}#" not in self.at:
                self._arrive(f"{scene}#", start)
                self._settle()
        return set().union(*self.by_scene.values())

    def _settle(self) -> None:
        while self.work:
            self.place = next(iter(self.work))
            del self.work[self.place]
            self._section(self.place)

    def _arrive(self, place: str, stage: _Stage) -> None:
        known = self.at.get(place)
        if known is None:
            self.at[place] = stage.copy()
        elif not known.join(stage):
            return
        self.work[place] = None

    def _go(self, place: str, stage: _Stage) -> None:
        """Arrive by a jump or a call: into the middle of another scene by way of its `enter`."""
        name, _, label = place.partition("#")
        if label and name in self.scenes and not self.place.startswith(f"{name}#"):
            stage = stage.copy()
            here, self.place = self.place, place
            self._body(self.scenes[name].get("enter", ()), stage)
            self.place = here
        self._arrive(place, stage)

    def _ask(self, *requests: AssetRequest) -> None:
        """Note what can be asked for in the scene that is looked at."""
        self.by_scene[self.place.partition("#")[0]].update(requests)

    def _section(self, place: str) -> None:
        name, _, label = place.partition("#")
        scene = self.scenes.get(name)
        if scene is None:
            return
        sections = scene["sections"]
        index = next((i for i, s in enumerate(sections) if s["label"] == label), None)
        if index is None:
            return
        stage: _Stage | None = self.at[place].copy()
        if index == 0:
            stage = self._body(scene.get("enter", ()), stage)
        stage = self._body(sections[index]["body"], stage)
        if stage is None:
            return
        if index + 1 < len(sections):
            self._arrive(f"{name}#{sections[index + 1]['label']}", stage)
            return
        self._leave(stage)
        if scene.get("next"):
            self._arrive(f"{scene['next']}#", stage)

    def _leave(self, stage: _Stage) -> None:
        if self.returned.join(stage):
            self.work.update(dict.fromkeys(sorted(self.callers)))

    def _body(self, body: Iterable[Op], stage: _Stage | None) -> _Stage | None:
        for op in body:
            if stage is None:
                return None
            stage = self._op(op, stage)
        return stage

    def _branches(
        self, bodies: Iterable[Sequence[Op]], stage: _Stage, *, falls: bool
    ) -> _Stage | None:
        ends = [self._body(body, stage.copy()) for body in bodies]
        joined = stage.copy() if falls else None
        for end in ends:
            if end is not None and joined is None:
                joined = end
            elif end is not None and joined is not None:
                joined.join(end)
        return joined

    def _op(self, op: Op, stage: _Stage) -> _Stage | None:
        match op["op"]:
            case "look":
                for character in op["who"]:
                    self._dress(character, op["look"], stage)
            case "page":
                return self._body(op["body"], stage)
            case "fork":
                return self._branches(op["bodies"], stage, falls=op["falls"])
            case "jump":
                for place in self._targets(op):
                    self._go(place, stage)
                return None
            case "call":
                self.callers.add(self.place)
                self._go(op["to"], stage)
                stage.join(self.returned)
            case "return":
                self._leave(stage)
                return None
            case "ending":
                return None
            case "scene" | "time" | "weather" | "show" | "hide":
                self._picture(op, stage)
            case "picture":
                self._ask(AssetRequest("picture", op["asset"]))
            case "play":
                self._ask(AssetRequest(op["channel"], op["name"]))
                return stage
            case "voice":
                self._ask(AssetRequest("voice", op["name"]))
        return stage

    def _targets(self, op: Op) -> list[str]:
        variables = self.head.get("variables", {})
        held = (variables.get(name, {}).get("values", ()) for name in op.get("variables", ()))
        return sorted({*op["to"], *chain.from_iterable(held)})

    def _picture(self, op: Op, stage: _Stage) -> None:
        kind = op["op"]
        if kind == "scene":
            stage.staged = frozenset()
            stage.scenery = frozenset(
                (op["location"], op.get("time", time), op.get("weather", weather))
                for _, time, weather in stage.scenery
            )
        elif kind in SCENERY_KINDS:
            index = 1 + SCENERY_KINDS.index(kind)
            stage.scenery = frozenset(
                (*old[:index], op["value"], *old[index + 1 :]) for old in stage.scenery
            )
        elif kind == "hide":
            stage.staged -= {op["what"]}
            return
        elif op.get("kind") == "sprite":
            stage.staged |= {op["what"]}
            self._dress(op["what"], op.get("look", {}), stage)
            return
        else:
            self._ask(AssetRequest(op["kind"], op["what"]))
            return
        for location, *traits in stage.scenery:
            if location is not None:
                self._ask(AssetRequest("background", location, _set(traits)))

    def _dress(self, character: str, look: Mapping[str, str], stage: _Stage) -> None:
        """Apply a change of look; ask for the result if it can be seen."""
        old = stage.looks.get(character, frozenset({(None,) * len(LOOK_KINDS)}))
        new = frozenset(
            tuple(look.get(kind, value) for kind, value in zip(LOOK_KINDS, one, strict=True))
            for one in old
        )
        stage.looks[character] = new
        if character in stage.staged:
            self._ask(*(AssetRequest("sprite", character, _set(one)) for one in new))


def _set(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(value for value in values if value)
