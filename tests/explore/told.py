"""What is odd about a small story, told from what is true of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from comfyvn.explore.result import Finding
from comfyvn.story.compiler.logic_places import logic_names
from tests.explore.brute import Truth

CODES = frozenset(f"VN16{number:02}" for number in (1, 2, 3, 4, 5, 7, 9, 10, 11, 13))
"""Those whose findings are told in full; what else there is depends on how flow is written."""
Told = tuple[str, str, str]
"""A code, the id or scene that it is about, and a condition's or an assignment's name."""


def told_by(found: Mapping[str, str], finding: Finding) -> Told:
    """Return what a finding says; `found` are the scenes of ids."""
    if finding.code == "VN1613":
        return (finding.code, "", "")
    if finding.spot or finding.code == "VN1609":
        return (finding.code, found[finding.id], finding.spot)
    return (finding.code, finding.id, "")


def scenes_of_ids(program: Mapping[str, Any]) -> dict[str, str]:
    """Return the scene that each id stands in."""
    found: dict[str, str] = {}
    for name, scene in program["scenes"].items():
        found[scene["id"]] = name
        for op in _ops(scene["sections"]):
            if "id" in op:
                found[op["id"]] = name
    return found


def told(program: Mapping[str, Any], truth: Truth) -> Iterator[Told]:
    """Yield what is to be said of a story."""
    asked = _asked_for(program)
    if truth.stuck:
        yield ("VN1613", "", "")
    for name, scene in program["scenes"].items():
        names = logic_names(scene)
        if name in truth.falls:
            yield ("VN1609", name, "")
        for op in _ops(scene["sections"]):
            match op.get("op"):
                case "say":
                    yield from _condition(truth, op, op["id"], "", "VN1601")
                case "if":
                    for part, branch in enumerate(op["branches"]):
                        spot = names.get((id(op), part), "")
                        yield from _condition(truth, branch, name, spot, "VN1604")
                case "menu" if op["id"] in truth.ids | truth.empty:
                    yield from _parts(truth, op["choices"], "VN1602")
                    if op["id"] in truth.empty:
                        yield ("VN1607", op["id"], "")
                case "pick" if any(item["id"] in truth.ids for item in op["items"]):
                    yield from _parts(truth, op["items"], "VN1605")
                case "call" if op["id"] in truth.ids - truth.backs:
                    yield ("VN1610", op["id"], "")
                case "set" if op["var"] in asked:
                    outside = truth.beyond[id(op)]
                    plain = op["how"] == "=" and op["value"][0] in ("int", "num")
                    if not plain and (outside == {True} or (op["how"] == "=" and True in outside)):
                        yield ("VN1611", name, names[id(op), 0])


def _condition(
    truth: Truth, part: Mapping[str, Any], id_: str, spot: str, never: str
) -> Iterator[Told]:
    fell = truth.tests[id(part)]
    if fell == {False}:
        yield (never, id_, spot)
    elif fell == {True}:
        yield ("VN1603", id_, spot)


def _parts(truth: Truth, parts: list[dict[str, Any]], never: str) -> Iterator[Told]:
    for part in parts:
        if part["id"] not in truth.ids:
            yield (never, part["id"], "")
        elif truth.tests[id(part)] == {True}:
            yield ("VN1603", part["id"], "")


def _ops(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _ops(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ops(each)


def _asked_for(program: Mapping[str, Any]) -> set[str]:
    """Return the variables that a condition reads."""
    tests = json.dumps([each["if"] for each in _ops(program["scenes"]) if "if" in each])
    return {name for name in program["variables"] if json.dumps(["var", name]) in tests}
