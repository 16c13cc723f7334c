"""Whether a story still works without what a target leaves out.

Control is followed through the Program, whatever conditions say: an ending that is not come to
then is lost for certain. What conditions make of it, the exploration finds out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.explore.contents import targets_of
from comfyvn.explore.result import Budget
from comfyvn.source.nearest import nearest
from comfyvn.story.content import Cut, above, fit_program, ids_of

Op = Mapping[str, Any]
Program = Mapping[str, Any]


_BUDGET = Budget(states=20_000, slice_states=5_000, walks=50, seeds=0)
"""What each of the two explorations looks at."""
_SERIOUS = frozenset({"VN1607", "VN1608", "VN1609", "VN1610", "VN1612", "VN1613"})
"""What of an exploration tells that a story does not work: menus that may be empty, endings that
nobody comes to, calls that do not come back, circles, ends that are none."""


class Fault(NamedTuple):
    """Something that is wrong with what is left of a story.

    Attributes:
        code: `VN19xx`.
        scene: the scene that it is in.
        id: what it is about.
        message: a sentence that goes on behind the target's name.
        help: what to do.
    """

    code: str
    scene: str
    id: str
    message: str
    help: str


class Way(NamedTuple):
    """Where control can come.

    Attributes:
        endings: the ids of endings by name; a scene's id where the game ends without one.
        places: the sections, and whether they can be come to outside of any call.
        adrift: the scenes at whose ends the game is over, though nothing says so.
    """

    endings: dict[str, tuple[str, str]]
    places: dict[str, bool]
    adrift: set[str]


def way_of(program: Program) -> Way:
    """Follow control from the start, whatever conditions say."""
    found = Way({}, {}, set())
    waiting = [(f"{program['start']}#", True)]
    while waiting:
        place, outside = waiting.pop()
        if place in found.places and found.places[place] >= outside:
            continue
        found.places[place] = outside or found.places.get(place, False)
        scene, _, label = place.partition("#")
        told = program["scenes"].get(scene)
        if told is None:
            continue
        labels = [section["label"] for section in told["sections"]]
        if label not in labels:
            continue
        index = labels.index(label)
        reached: list[Op] = []
        falls = _through(told["sections"][index]["body"], reached)
        for op in reached:
            if op["op"] in ("jump", "call"):
                outside_there = outside and op["op"] == "jump"
                waiting += [(to, outside_there) for to in targets_of(program, op)]
            elif op["op"] == "ending":
                found.endings.setdefault(op["name"], (scene, op["id"]))
            elif op["op"] == "return" and outside:
                _leave(told, scene, waiting, found)
        if not falls:
            continue
        if index + 1 < len(labels):
            waiting.append((f"{scene}#{labels[index + 1]}", outside))
        elif outside:
            _leave(told, scene, waiting, found)
    return found


def _leave(
    told: Mapping[str, Any], scene: str, waiting: list[tuple[str, bool]], found: Way
) -> None:
    """Go on behind the end of a scene, where no call is open."""
    if told.get("next"):
        waiting.append((f"{told['next']}#", True))
    else:
        found.adrift.add(scene)


def _through(body: Sequence[Op], reached: list[Op]) -> bool:
    """Gather the ops of a body that control can come to; return whether it can come out of it."""
    for op in body:
        reached.append(op)
        if op["op"] in ("jump", "return", "ending"):
            return False
        if op["op"] == "page":
            if not _through(op["body"], reached):
                return False
            continue
        parts = op.get("choices") or op.get("items") or op.get("branches")
        if not parts:
            continue
        # A menu or pick that offers nothing, and an `if` that holds nowhere, are passed by.
        passes = all("if" in part or "once" in part for part in parts)
        for part in parts:
            passes = _through(part["body"], reached) or passes
        if not passes:
            return False
    return True


def faults_of(program: Program, cut: Cut) -> Iterator[Fault]:
    """Yield what is wrong with a story without what a target leaves out.

    What is wrong with the whole story, too, is said elsewhere.
    """
    for scene, variant in cut.detours.items():
        named = program["scenes"][scene].get("sfw_variant")
        if named and not variant:
            there = named in program["scenes"]
            near = nearest(named, (each for each in program["scenes"] if each not in cut.detours))
            yield Fault(
                "VN1905",
                scene,
                scene,
                f"passes `{scene}` over, since `{named}` "
                + ("does not fit either" if there else "is no scene"),
                f"did you mean `{near}`?"
                if near and not there
                else "name another scene in `sfw_variant`, without `scenes/` and `.md`",
            )
    fitted = fit_program(program, cut)
    whole, left = way_of(program), way_of(fitted)
    for name, (scene, id) in whole.endings.items():
        if name not in left.endings:
            yield Fault(
                "VN1907",
                scene,
                id,
                f"cannot come to the ending `{name}` without what is above `{cut.most}`",
                "lead there by what fits, or give the scenes on the way a `sfw_variant`",
            )
    for scene in sorted(left.adrift - whole.adrift):
        yield Fault(
            "VN1907",
            scene,
            program["scenes"][scene]["id"],
            f"ends in `{scene}` for want of a way on, without what is above `{cut.most}`",
            "give the scene a `sfw_variant`, its menus a choice that fits, or a jump behind them",
        )


def explored_faults(program: Program, cut: Cut, known: Collection[str]) -> Iterator[Fault]:
    """Yield what the exploration finds wrong with what is left, and not with the whole story.

    Args:
        program: the whole story.
        cut: what a target goes without.
        known: the ids that something was said of already.
    """
    from comfyvn.explore.explore import explore

    fitted = fit_program(program, cut)
    whole, left = explore(program, _BUDGET), explore(fitted, _BUDGET)
    homes = {id: name for name, scene in fitted["scenes"].items() for id in _ids(scene)}
    before = {(each.code, each.id) for each in whole.findings}
    for each in left.findings:
        new = each.code in _SERIOUS and (each.code, each.id) not in before
        if new and each.verdict != "bounded" and each.id not in known and each.id in homes:
            yield Fault(
                "VN1907",
                homes[each.id],
                each.id,
                f"has this, without what is above `{cut.most}`: {each.message}",
                "let it be there in another way, or give scenes a `sfw_variant`",
            )


def _ids(scene: Mapping[str, Any]) -> Iterator[str]:
    yield scene["id"]
    yield from (section["id"] for section in scene["sections"])
    yield from ids_of(scene)


def asset_faults(cut: Cut, assets: Mapping[str, str], shown: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with what a target shows: `shown` are its assets, by kind and name.

    `assets` are those of the whole story with their ratings.
    """
    for name in shown:
        kind = name.split(" ", 1)[0]
        if kind in ("background", "sprite") and above(assets.get(name), cut.most):
            yield Fault(
                "VN1904",
                "",
                name,
                f"shows `{name}`, which is for `{assets[name]}`: a {kind} cannot be left out",
                "rate the scenes that show it, or give the target another one",
            )
    for name, variant in sorted(cut.variants.items()):
        kind, _, own = name.partition(" ")
        if own and not cut.fits(name) and cut.asset(kind, own) is None:
            yield Fault(
                "VN1905",
                "",
                name,
                f"leaves `{name}` out, since its variant `{variant}` does not fit either",
                "name another one in `sfw_variant`",
            )
        elif kind == "picture" and not cut.fits(name) and name not in cut.alts:
            yield Fault(
                "VN1905",
                "",
                name,
                f"shows `{variant}` for `{name}`, with the alt text of what it stands for",
                "write what the variant shows into `sfw_alt`, beside `sfw_variant`",
            )
