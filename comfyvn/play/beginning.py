"""Where a test begins, if not where the story does, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comfyvn.model.checks import is_of_type
from comfyvn.play.trail import Trail
from comfyvn.source.nearest import nearest


class BeginningError(ValueError):
    """A place or a value with which no game can begin; the message says why.

    Attributes:
        code: of the finding.
        help: what to write instead; None if nothing is near.
    """

    def __init__(self, code: str, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.code, self.help = code, help


def place_of(trail: Trail, written: str) -> str:
    """Return a place as `Story.start` takes it.

    Raises:
        BeginningError: there is no such place.
    """
    found = trail.place(written)
    if found is None:
        places = [each for each in trail.places if "#^" not in each]
        near = nearest(written, places)
        help = f"did you mean `{near}`?" if near else f"there are {', '.join(places)}"
        raise BeginningError("VN2002", f"the story has no place `{written}`", help)
    return found


def value_of(program: Mapping[str, Any], name: str, written: Any) -> Any:
    """Return a variable's value as the Program has it.

    Raises:
        BeginningError: there is no such variable, or it cannot hold the value.
    """
    variables: Mapping[str, Any] = program.get("variables", {})
    variable = variables.get(name)
    if variable is None:
        near = nearest(name, variables)
        help = f"did you mean `{near}`?" if near else None
        raise BeginningError("VN2002", f"the story has no variable `{name}`", help)
    value = written
    if variable["type"] == "label" and isinstance(written, str):
        path, _, label = written.partition("#")
        value = f"{path.removesuffix('.md')}#{label}"
    if (problem := _misfit(variable, value)) is not None:
        raise BeginningError("VN2007", f"`{name}` cannot be {_shown(value)}: {problem}")
    return value


def _misfit(variable: Mapping[str, Any], value: Any) -> str | None:
    """Return why a variable cannot hold a value; None if it can."""
    kind, values = variable["type"], variable.get("values")
    if not is_of_type(value, kind):
        return f"it is of type {kind}"
    if values is not None:
        listed = value if isinstance(value, list) else [value]
        if any(each not in values for each in listed):
            return f"it can be {', '.join(f'`{each}`' for each in values)}"
    low, high = variable.get("low"), variable.get("high")
    if (low is not None and value < low) or (high is not None and value > high):
        return f"it goes from {low} to {high}"
    return None


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{', '.join(value)}`" if isinstance(value, list) else f"`{value}`"
