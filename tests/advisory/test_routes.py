"""The mildest route to each ending, against every route of small stories."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from comfyvn.advisory.routes import route_ratings
from comfyvn.plan.content_actions import Marked
from comfyvn.story.content import RATINGS

Program = dict[str, Any]
Frame = tuple[tuple[Any, ...], str, int]
"""What is still to be done in a section: its ops, the scene, and the section's number."""
DEPTH = 8
"""Calls within calls that are walked; more of them lead nowhere new in stories this small."""


def level(*ratings: str | None) -> int:
    return max((RATINGS.index(each) for each in ratings if each), default=0)


def walked(program: Program, marks: dict[str, str]) -> dict[str, str]:
    """Return the mildest rating of each ending by walking every route, one op at a time."""
    best: dict[str, int] = {}
    seen: set[Any] = set()
    waiting = list(arrive(program, marks, f"{program['start']}#", "", 0, ()))
    while waiting:
        rating, stack = waiting.pop()
        key = (rating, tuple((tuple(map(id, ops)), scene, at) for ops, scene, at in stack))
        if key in seen:
            continue
        seen.add(key)
        (ops, scene, at), below = stack[0], stack[1:]
        told = program["scenes"][scene]
        if not ops:
            if at + 1 < len(told["sections"]):
                place = f"{scene}#{told['sections'][at + 1]['label']}"
                waiting += arrive(program, marks, place, scene, rating, below)
            elif below:
                waiting.append((rating, below))
            elif told.get("next"):
                waiting += arrive(program, marks, f"{told['next']}#", scene, rating, ())
            continue
        op, rest = ops[0], (ops[1:], scene, at)
        match op["op"]:
            case "jump":
                waiting += arrive(program, marks, op["to"], scene, rating, below)
            case "call":
                if len(below) < DEPTH:
                    waiting += arrive(program, marks, op["to"], scene, rating, (rest, *below))
            case "return":
                if below:
                    waiting.append((rating, below))
                elif told.get("next"):
                    waiting += arrive(program, marks, f"{told['next']}#", scene, rating, ())
            case "ending":
                best[op["name"]] = min(best.get(op["name"], 9), rating)
            case "menu" | "if":
                parts = op.get("choices") or op["branches"]
                for part in parts:
                    on = max(rating, level(part.get("rating")))
                    waiting.append((on, ((tuple(part["body"]) + rest[0], scene, at), *below)))
                if all("if" in part for part in parts):
                    waiting.append((rating, (rest, *below)))
            case _:
                shown = level(op.get("rating"), marks.get(f"picture {op.get('asset')}"))
                waiting.append((max(rating, shown), (rest, *below)))
    return {name: RATINGS[rating] for name, rating in best.items()}


def arrive(
    program: Program,
    marks: dict[str, str],
    place: str,
    source: str,
    rating: int,
    below: tuple[Frame, ...],
) -> Iterator[tuple[int, tuple[Frame, ...]]]:
    name, _, label = place.partition("#")
    scene = program["scenes"][name]
    labels = [section["label"] for section in scene["sections"]]
    enter = () if label and source == name else scene["enter"]
    shown = [marks.get(f"picture {op['asset']}") for op in enter]
    rating = max(rating, level(scene.get("rating"), marks.get(place) if label else None, *shown))
    at = labels.index(label)
    yield rating, ((tuple(scene["sections"][at]["body"]), name, at), *below)


def small(rng: random.Random) -> tuple[Program, dict[str, str]]:
    """Return a small story at random, and what is said outside of its scenes."""
    names = ["a", "b", "c", "d"]
    places = [f"{name}#{label}" for name in names for label in ("", "x")]
    number = 0

    def rated(often: float) -> dict[str, str]:
        return {"rating": rng.choice(RATINGS)} if rng.random() < often else {}

    def body(depth: int) -> list[Any]:
        return [op(depth) for _ in range(rng.randrange(0 if depth else 1, 3))]

    def op(depth: int) -> dict[str, Any]:
        nonlocal number
        number += 1
        kinds = ["say", "say", "picture", "jump", "call", "call", "return", "ending"]
        kind = rng.choice(kinds + ["menu", "menu", "if"] * (depth < 2))
        told = {"op": kind, "id": f"i{number}"}
        match kind:
            case "say":
                return told | {"text": ["."]} | rated(0.4)
            case "picture":
                return told | {"asset": rng.choice("pq")}
            case "jump" | "call":
                return told | {"to": rng.choice(places)}
            case "ending":
                return told | {"name": rng.choice("123")}
            case "return":
                return told
        parts = []
        for _ in range(rng.randrange(1, 3)):
            number += 1
            part = {"id": f"i{number}", "body": body(depth + 1)}
            part |= rated(0.4) if kind == "menu" else {}
            parts.append(part | ({"if": ["bool", True]} if rng.random() < 0.4 else {}))
        return told | {"choices" if kind == "menu" else "branches": parts}

    scenes = {}
    for name in names:
        sections = [{"id": f"s{name}{label}", "label": label, "body": body(0)}
                    for label in ("", "x")]  # fmt: skip
        enter = [{"op": "picture", "asset": rng.choice("pq")}] if rng.random() < 0.2 else []
        scenes[name] = {"id": f"s{name}", "sections": sections, "enter": enter} | rated(0.25)
        if rng.random() < 0.6:
            scenes[name]["next"] = rng.choice(names)
    marks = {place: rng.choice(RATINGS) for place in places if "#x" in place and rng.random() < 0.3}
    marks |= {f"picture {name}": rng.choice(RATINGS) for name in "pq"}
    return {"start": "a", "variables": {}, "scenes": scenes}, marks


def test_the_mildest_route_is_the_mildest_of_all_routes() -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    rng = random.Random(seed)
    above = 0
    for _ in range(400):
        program, marks = small(rng)
        found = route_ratings(program, Marked(marks, {}, {}))
        assert found == walked(program, marks), program
        above += sum(rating != "everyone" for rating in found.values())
    assert above > 40


END = {"op": "ending", "id": "e1", "name": "home"}


def scene(name: str, *body: Any, **more: Any) -> dict[str, Any]:
    section = {"id": f"s{name}", "label": "", "body": list(body)}
    return {"id": f"s{name}", "sections": [section], "enter": [], **more}


@pytest.mark.parametrize(
    ("scenes", "rating"),
    [
        ({"a": scene("a", rating="mature", next="b"),
          "b": scene("b", END, rating="teen")}, "mature"),
        ({"a": scene("a", {"op": "call", "to": "b#"}, END),
          "b": scene("b", rating="adult")}, "adult"),
        ({"a": scene("a", rating="adult", sfw_variant="b", next="b"),
          "b": scene("b", END)}, "adult"),
        ({"a": scene("a", {"op": "page", "body": [
            {"op": "say", "id": "l1", "text": [], "rating": "teen"}]}, END)}, "teen"),
        ({"a": scene("a", {"op": "say", "id": "l1", "text": [
            {"fx": [{"op": "play", "channel": "sfx", "name": "scream"}]}]}, END)}, "mature"),
    ],
)  # fmt: skip
def test_what_every_route_crosses_counts(scenes: dict[str, Any], rating: str) -> None:
    program = {"start": "a", "variables": {}, "scenes": scenes}
    assert route_ratings(program, Marked({"sfx scream": "mature"}, {}, {})) == {"home": rating}
