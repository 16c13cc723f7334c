"""What the mildest route to each ending is rated.

Routes are ways through the whole Program, whatever conditions say. What is rated too high blocks
the way: a line that is said, a picture or sound on the way, a choice that is taken, a scene.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.explore.contents import targets_of
from comfyvn.plan.content_actions import Marked
from comfyvn.story.content import RATINGS, Cut, above, scene_rating

Op = Mapping[str, Any]
Program = Mapping[str, Any]


def route_ratings(program: Program, rated: Marked) -> dict[str, str]:
    """Return for each ending that a route leads to the rating of the mildest one."""
    found: dict[str, str] = {}
    for most in RATINGS:
        for name in _Routes(program, Cut(most, rated.ratings, {}, {})).endings():
            found.setdefault(name, most)
    return found


class _Steps(NamedTuple):
    """Where control can go from a section.

    Attributes:
        jumps: the places it jumps to, or goes on to.
        calls: the places it calls.
        endings: the endings it comes to.
        leaves: whether it can come to the end of the scene, or to a `return`.
    """

    jumps: list[str]
    calls: list[str]
    endings: list[str]
    leaves: bool


class _Routes:
    """The routes of a story on which nothing is above one rating."""

    def __init__(self, program: Program, cut: Cut) -> None:
        self.program = program
        self.cut = cut
        self.back: set[str] = set()
        """The places at which a call can begin that comes back."""
        self.scene = ""
        """The scene whose steps are gathered."""

    def endings(self) -> list[str]:
        """Return the endings that control can come to."""
        found: dict[str, None] = {}
        seen: set[tuple[str, bool]] = set()
        called: set[str] = set()
        waiting = [(to, True) for to in self._open([f"{self.program['start']}#"], "")]
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            place, outside = here
            scene = place.partition("#")[0]
            # Only what comes back lets control go on behind a call, to others perhaps.
            while True:
                steps = self._steps(place)
                calls = self._open(steps.calls, scene)
                if called.issuperset(calls):
                    break
                self._learn(to for to in calls if to not in called)
                called |= set(calls)
            found |= dict.fromkeys(steps.endings)
            waiting += [(to, False) for to in calls]
            waiting += [(to, outside) for to in self._open(steps.jumps, scene)]
            on = self.program["scenes"][scene].get("next")
            if steps.leaves and outside and on:
                waiting += [(to, True) for to in self._open([f"{on}#"], scene)]
        return list(found)

    def _learn(self, called: Iterable[str]) -> None:
        """Find out which of the places that calls begin at come back."""
        needs: dict[str, set[str]] = {}
        waiting = list(called)
        known = set(waiting)
        while waiting:
            place = waiting.pop()
            scene = place.partition("#")[0]
            steps = self._steps(place)
            onward = self._open(steps.jumps, scene)
            for to in (*onward, *self._open(steps.calls, scene)):
                needs.setdefault(to, set()).add(place)
                if to not in known:
                    known.add(to)
                    waiting.append(to)
            if place not in self.back and (steps.leaves or not self.back.isdisjoint(onward)):
                self.back.add(place)
                waiting += needs.get(place, ())

    def _open(self, places: Iterable[str], source: str) -> list[str]:
        """Return those of some places that control may come to from a scene."""
        return [place for place in places if self._enters(place, source)]

    def _enters(self, place: str, source: str) -> bool:
        name, _, label = place.partition("#")
        scene = self.program["scenes"].get(name)
        if scene is None or above(scene_rating(name, scene, self.cut.ratings), self.cut.most):
            return False
        section = next((each for each in scene["sections"] if each["label"] == label), None)
        if section is None or (label and not self.cut.fits(section["id"], place)):
            return False
        if label and source == name:
            return True
        return all(self._fits(op) for op in scene.get("enter", ()))

    def _steps(self, place: str) -> _Steps:
        name, _, label = place.partition("#")
        sections = self.program["scenes"][name]["sections"]
        index = [section["label"] for section in sections].index(label)
        steps = _Steps([], [], [], False)
        returned: list[bool] = []
        self.scene = name
        falls = self._through(sections[index]["body"], steps, returned)
        if falls and index + 1 < len(sections):
            steps.jumps.append(f"{name}#{sections[index + 1]['label']}")
            falls = False
        return steps._replace(leaves=falls or bool(returned))

    def _through(self, body: Sequence[Op], steps: _Steps, returned: list[bool]) -> bool:
        """Gather where a body leads; return whether control can come out of it."""
        for op in body:
            if not self._fits(op):
                return False
            match op["op"]:
                case "jump":
                    steps.jumps.extend(targets_of(self.program, op))
                    return False
                case "return":
                    returned.append(True)
                    return False
                case "ending":
                    steps.endings.append(op["name"])
                    return False
                case "call":
                    targets = targets_of(self.program, op)
                    steps.calls.extend(targets)
                    if self.back.isdisjoint(self._open(targets, self.scene)):
                        return False
                case "page":
                    if not self._through(op["body"], steps, returned):
                        return False
                case "menu" | "pick" | "if":
                    if not self._parted(op, steps, returned):
                        return False
        return True

    def _parted(self, op: Op, steps: _Steps, returned: list[bool]) -> bool:
        parts = op.get("choices") or op.get("items") or op.get("branches") or ()
        # A menu or pick that offers nothing, and an `if` that holds nowhere, are passed by.
        passes = all("if" in part or "once" in part for part in parts)
        if op["op"] != "if" and not self.cut.fits(op["id"]):
            return passes
        for part in parts:
            if op["op"] == "if" or self.cut.fits(part["id"], own=part.get("rating")):
                passes = self._through(part.get("body", ()), steps, returned) or passes
        return passes

    def _fits(self, op: Op) -> bool:
        """Whether an op shows and plays nothing that is above the rating."""
        match op["op"]:
            case "say":
                effects = (
                    effect
                    for fragment in op["text"]
                    if isinstance(fragment, dict)
                    for effect in fragment.get("fx", ())
                )
                rated = self.cut.fits(op["id"], own=op.get("rating"))
                rated = rated and self.cut.fits(f"voice {op['id'].removesuffix('_s')}")
                return rated and all(self._fits(effect) for effect in effects)
            case "input" | "break":
                return self.cut.fits(op["id"], own=op.get("rating"))
            case "show" if op["kind"] != "sprite":
                return self.cut.fits(f"{op['kind']} {op['what']}")
            case "picture":
                return self.cut.fits(f"picture {op['asset']}")
            case "play":
                return self.cut.fits(f"{op['channel']} {op['name']}")
            case "voice":
                return self.cut.fits(f"voice {op['name']}")
        return True
