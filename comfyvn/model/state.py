"""`state.yaml`: the variables of a story."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from comfyvn.model.base import Identifier, Source

VariableType = Literal["bool", "int", "number", "text", "enum", "set", "label"]
Scope = Literal["persistent", "run", "scene"]


class Variable(Source):
    """One variable.

    `values` lists the members of an `enum` or `set`, and the possible places (link targets,
    such as `lab.md#result`) of a `label`. `range` is `[low, high]`, both included, for `int`
    and `number`; a value outside is brought to the nearer end. Without `default` a variable
    starts as false, 0 (or the nearest end of its range), empty text, the first value of an enum
    or label, or the empty set.
    """

    type: Annotated[VariableType, Field(description="What its values are")]
    default: Annotated[
        bool | int | float | str | list[str] | None, Field(description="Its value at the start")
    ] = None
    range: Annotated[
        list[int | float] | None,
        Field(min_length=2, max_length=2, description="`[low, high]`, both included"),
    ] = None
    values: Annotated[
        list[str] | None, Field(min_length=1, description="What an enum, a set or a label can hold")
    ] = None
    scope: Annotated[
        Scope,
        Field(
            description="`persistent` outlives the run, `run` lasts one game, `scene` resets when "
            "the scene is entered"
        ),
    ] = "run"
    doc: Annotated[str | None, Field(description="What it is for; for the authors")] = None


class State(RootModel[dict[Identifier, Variable]]):
    """Variables by name; a name is an identifier."""
