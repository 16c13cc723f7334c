"""`compute.yaml`: what renders and speaks, beyond this machine's own cores."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from comfyvn.model.base import Source

ServerName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
PoolName = Annotated[str, Field(min_length=1, description="As in the `pool` of a rule")]
Role = Literal["image", "speech"]


class Server(Source):
    """A server that makes pictures or speech."""

    kind: Annotated[Literal["comfyui", "openai"], Field(description="What it speaks")] = "comfyui"
    url: Annotated[str, Field(pattern=r"^https?://", description="Where it is")]
    roles: Annotated[list[Role], Field(min_length=1, description="What it is used for")] = ["image"]
    remote: Annotated[
        bool, Field(description="Whether it is somebody else's: used only if the policy says so")
    ] = False
    vram_gb: Annotated[float | int | None, Field(gt=0, description="Memory for models")] = None
    speed: Annotated[
        float | int, Field(gt=0, description="How fast it is, beside others: 2 is twice as fast")
    ] = 1
    slots: Annotated[int, Field(ge=1, le=8, description="How many jobs it holds at once")] = 2
    stall: Annotated[
        float | int,
        Field(gt=0, description="Seconds without any progress after which it is taken for stuck"),
    ] = 300
    priority: Annotated[int, Field(description="Higher ones are used first")] = 0
    hourly: Annotated[
        float | int, Field(ge=0, description="What an hour of it costs, in `currency`")
    ] = 0


class Compute(Source):
    """Where renders and speech run. Without this file, nothing leaves the machine."""

    policy: Annotated[
        Literal["auto", "manual", "sticky"],
        Field(
            description="auto: any server that suits; manual: those of `use`; sticky: a model "
            "stays where it was loaded"
        ),
    ] = "auto"
    use: Annotated[
        dict[Role, list[ServerName]], Field(description="With `manual`: who does what")
    ] = {}
    remote: Annotated[
        Literal["never", "ask", "always"],
        Field(description="Whether remote servers are used; ask: only with `build --remote`"),
    ] = "never"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="Of all prices")] = "EUR"
    pools: Annotated[
        dict[PoolName, Annotated[int, Field(ge=1)]],
        Field(description="How many steps of a pool that has no servers run at once"),
    ] = {}
    servers: Annotated[dict[ServerName, Server], Field(description="The servers, by name")] = {}
    models: Annotated[
        dict[str, str], Field(description="Digests of model files; a new one renders anew")
    ] = {}
