"""Variables of the state, the cast and scenes' parameters, as the compiler and Program see them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from comfyvn.model.checks import is_of_type
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.story.resolve import REPORTED, Names, Problem, split_target
from comfyvn.story.types import ERROR, Declaration, Type, VariableFacts

_EMPTY: dict[str, Any] = {"bool": False, "text": "", "set": []}


def facts_of(
    name: str,
    variable: Declaration | None,
    names: Names,
    folder: str,
    where: Callable[[int], Span],
    out: Diagnostics,
) -> VariableFacts:
    """Return what the compiler knows of a declared variable; None is one that was wrong.

    The places of a label are link targets relative to `folder` of the scenes; unknown ones are
    reported at `where`, which gives the place of each.
    """
    if variable is None:
        # Uses of it are silent.
        return VariableFacts(name, ERROR, "run", False)
    kind, listed = variable.type, variable.values or []
    if kind in ("enum", "set", "label") and not listed:
        return VariableFacts(name, ERROR, variable.scope, None)
    if kind == "label":
        places: list[str] = []
        for index, target in enumerate(listed):
            place = _place(target, names, folder)
            if isinstance(place, Problem):
                if place is not REPORTED:
                    out.error(place.code, place.message, where(index), place.help)
            else:
                places.append(place)
        if not places:
            return VariableFacts(name, ERROR, variable.scope, None)
        default: Any = places[0]
        if isinstance(variable.default, str) and variable.default in listed:
            chosen = _place(variable.default, names, folder)
            default = default if isinstance(chosen, Problem) else chosen
        return VariableFacts(name, Type("label", tuple(places)), variable.scope, default)
    low, high = variable.range or (None, None)
    numeric = kind in ("int", "number") and low is not None and high is not None and low <= high
    type = Type(kind, tuple(listed), *((low, high) if numeric else ()))
    # One of another type is reported where it stands; the variable starts as it would without.
    default = variable.default if is_of_type(variable.default, kind) else None
    if default is None or (kind == "enum" and default not in listed):
        default = listed[0] if kind == "enum" else _EMPTY.get(kind, 0)
    if isinstance(default, list):
        default = [value for value in listed if value in default]
    elif kind in ("int", "number") and type.low is not None and type.high is not None:
        default = min(max(default, type.low), type.high)
    return VariableFacts(name, type, variable.scope, default)


def _place(target: str, names: Names, folder: str) -> str | Problem:
    path, label = split_target(target)
    if not path:
        help = f"write the scene's file too: `file.md#{label}`"
        return Problem("VN0601", f"`{target}` names no scene file", help)
    found = names.place(posixpath.join(folder, " "), path, label)
    return found if isinstance(found, Problem) else f"{found[0]}#{found[1]}"


def params_of(
    scene: str,
    names: Names,
    where: Callable[[int], Span] | None = None,
    out: Diagnostics | None = None,
) -> dict[str, VariableFacts]:
    """Return the parameters of a scene by name; report what is wrong with them if asked."""
    folder = scene.rpartition("/")[0]
    params = {}
    for name, declared in names.scenes[scene].params.items():
        facts = facts_of(f"{scene}#{name}", declared, names, folder, where or _nowhere, _into(out))
        if declared is not None:
            facts = VariableFacts(facts.name, facts.type, "scene", facts.default)
        params[name] = facts
    return params


def returns_of(
    scene: str,
    names: Names,
    where: Callable[[int], Span] | None = None,
    out: Diagnostics | None = None,
) -> Type | None:
    """Return the type of what a scene gives back; report what is wrong with it if asked."""
    declared = names.scenes[scene].returns
    if declared is None:
        return None
    folder = scene.rpartition("/")[0]
    return facts_of("returns", declared, names, folder, where or _nowhere, _into(out)).type


def _nowhere(_: int) -> Span:
    return Span.whole_file("")


def _into(out: Diagnostics | None) -> Diagnostics:
    """Return where findings go: for another scene's variables, nowhere."""
    return Diagnostics() if out is None else out


def as_program(facts: VariableFacts) -> dict[str, Any]:
    """Return a variable as the Program has it."""
    variable: dict[str, Any] = {
        "type": facts.type.kind,
        "default": facts.default,
        "scope": facts.scope,
    }
    if facts.type.low is not None:
        variable |= {"low": facts.type.low, "high": facts.type.high}
    if facts.type.values:
        variable["values"] = list(facts.type.values)
    return variable
