"""The type of `rules/*.yaml`: how build steps are declared."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, RootModel

from comfyvn.model.base import Source
from comfyvn.model.project import TargetName

RuleName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_-]*$", description="Small letters, digits, `-` and `_`")
]
Positive = Annotated[float, Field(gt=0)]


class FileSelection(Source):
    """A rule's items: one for each source file."""

    files: Annotated[
        str,
        Field(
            min_length=1,
            description="A pattern such as `art/**/*.svg`: `*` stays in one folder, `**` goes "
            "through any; an item has the fields path, name, stem, suffix and folder",
        ),
    ]


class RuleEntry(Source):
    """How a kind of step is run."""

    over: Annotated[
        str | FileSelection | None,
        Field(alias="for", description="The collection with one step for each item"),
    ] = None
    stage: Annotated[
        Literal["front", "back", "advice", "exploration"],
        Field(
            description="front: from sources to the Program; back: what the Program asks for; "
            "advice: what `comfyvn check` looks at besides; exploration: of that, what takes long, "
            "and is done when nobody types"
        ),
    ] = "back"
    target: Annotated[
        TargetName | None, Field(description="Planned only when this target is built")
    ] = None
    message: Annotated[str, Field(description="What is shown while a step runs")] = ""
    inputs: Annotated[
        list[str],
        Field(description="The files and results (`@name`) that a step reads, `{field}` and `*`"),
    ] = []
    reads: Annotated[
        list[str], Field(description="Patterns of what the action may ask for while it runs")
    ] = []
    outputs: Annotated[
        list[str],
        Field(
            description="The files below `build/` and results (`@name`) that a step writes; "
            "without any, it is run for what it finds wrong"
        ),
    ] = []
    params: Annotated[
        dict[str, Any], Field(description="What the action is told; texts may hold `{field}`")
    ] = {}
    action: Annotated[
        str | None,
        Field(description="`module:function`, or an entry point of the group `comfyvn.actions`"),
    ] = None
    command: Annotated[
        list[str] | None,
        Field(min_length=1, description="A command line, run in a folder that holds the inputs"),
    ] = None
    version: Annotated[
        str | int, Field(description="Change it when equal inputs give another output")
    ] = 1
    where: Annotated[
        Literal["here", "worker", "command", "job"] | None,
        Field(description="What runs a step; `command` for commands, else `here`"),
    ] = None
    cache: Annotated[
        Literal["local", "shared"], Field(description="shared: dear to make, so kept singly")
    ] = "local"
    reproducible: Annotated[
        bool, Field(description="Whether equal inputs always give equal bytes")
    ] = True
    tool: Annotated[bool, Field(description="Whether an update of ComfyVN runs a step again")] = (
        True
    )
    pool: Annotated[str, Field(description="The pool that limits how many run at once")] = ""
    cpu: Annotated[int, Field(ge=1, description="How many cores a step keeps busy")] = 1
    resources: Annotated[
        dict[str, Positive | str],
        Field(
            description="What a step takes of a server: `models` (the set that it loads), "
            "`vram_gb`, `seconds`, `kind`; texts may hold `{field}`"
        ),
    ] = {}
    timeout: Annotated[
        float, Field(ge=0, description="Seconds until a step is given up; 0: never")
    ] = 0


class RuleFile(RootModel[dict[RuleName, RuleEntry]]):
    """Rules by name."""
