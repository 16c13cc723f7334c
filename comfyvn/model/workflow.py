"""The type of `workflows/*.yaml`: what a workflow's own file does not say of itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Source

InputName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Small letters, digits and `_`")
]
Place = (
    Annotated[
        str,
        Field(
            pattern=r"^[^.\s]+(\.\S+)?$",
            description="An input as `NODE.INPUT`; a node alone stands for its main input",
        ),
    ]
    | int
)


class Workflow(Source):
    """What is filled into a ComfyUI workflow, and what it needs of a server.

    The workflow itself lies beside it, in API format: `workflows/sprite.json`.
    """

    inputs: Annotated[
        dict[InputName, Place | list[Place]],
        Field(
            description="Where values go: prompt, negative, seed, width, height, size, reference, "
            "mask, loras; of a line text, voice, description, language, speed, pitch, seed, "
            "reference"
        ),
    ] = {}
    output: Annotated[
        str | int | None, Field(description="The node that saves the result; needed if several do")
    ] = None
    vram_gb: Annotated[
        float | int | None, Field(gt=0, description="Memory that its models take")
    ] = None
    models: Annotated[
        list[str], Field(description="Model files it loads that are not named in its nodes")
    ] = []
    seconds: Annotated[
        float | int | None, Field(gt=0, description="How long one run takes, about")
    ] = None
