"""What a picture is rendered from: the brief that a workflow is filled in with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comfyvn.engine.digest import digest_of
from comfyvn.engine.step import canonical
from comfyvn.plan.prompt import Prompt, Said, look_of, people_in
from comfyvn.plan.requests import SOUNDS, AssetRequest

SIZES = {
    "background": (1344, 768),
    "sprite": (832, 1216),
    "prop": (768, 768),
    "image": (1024, 1024),
    "picture": (1344, 768),
}
"""Width and height in pixels: about a megapixel, in multiples of 64, which is what SDXL takes."""

SEEDS = 1 << 53
"""Seeds are below this, so that every JSON reader keeps them exactly."""


def workflow_of(said: Said, kind: str) -> str:
    """Return the name of the workflow that renders a kind of picture."""
    return str(_pictures(said).get("workflows", {}).get(kind, kind))


def is_rendered(said: Said, kind: str) -> bool:
    """Whether `vn.yaml` leaves a kind of asset to ComfyUI; sounds never are."""
    if kind in SOUNDS:
        return False
    pictures = _pictures(said)
    return bool(pictures.get("kinds", {}).get(kind, pictures.get("make", "painter")) == "comfyui")


def brief_of(
    said: Said, request: AssetRequest, prompt: Prompt, alt: str = "", take: int = 1
) -> dict[str, Any]:
    """Return the brief of a picture: a workflow's name and its inputs, a JSON value.

    Args:
        said: what the YAML sources say.
        request: which picture.
        prompt: its prompt.
        alt: the alt text that the story gives it.
        take: which of its variations, counted from 1.
    """
    width, height = _pictures(said).get("size", {}).get(request.kind, SIZES[request.kind])
    return {
        "workflow": workflow_of(said, request.kind),
        "inputs": {
            "prompt": prompt.text,
            "negative": prompt.negative_text,
            "seed": seed_of(said, request, take),
            "width": width,
            "height": height,
            "loras": _loras(said, request, alt),
        },
    }


def seed_of(said: Said, request: AssetRequest, take: int = 1) -> int:
    """Return the seed of a take.

    All expressions of a character in one pose and outfit have the same, and a place has the same
    at every time and in every weather, so that they look alike. The first take of a character has
    the `look.seed` of the sheet, where there is one, and other takes follow from it.
    """
    shared: list[str] = []
    base = None
    if request.kind == "sprite":
        traits = look_of(said, request)
        shared = [traits.get(kind, "") for kind in ("outfit", "pose")]
        look = said.get("characters", {}).get(request.subject, {}).get("look", {})
        base = look.get("seed")
        if base is not None and take == 1:
            return int(base) % SEEDS
    facts = [request.kind, request.subject, shared, base, take]
    return int(digest_of(canonical(facts).encode())[:16], 16) % SEEDS


def _loras(said: Said, request: AssetRequest, alt: str) -> list[list[Any]]:
    """Return name and weight of each LoRA of who is shown, each once."""
    shown = [request.subject] if request.kind == "sprite" else people_in(said, alt)
    found: dict[str, Any] = {}
    for id in shown:
        for lora in said.get("characters", {}).get(id, {}).get("look", {}).get("loras", ()):
            found.setdefault(lora["name"], float(lora.get("weight", 1)))
    return [[name, weight] for name, weight in found.items()]


def _pictures(said: Said) -> Mapping[str, Any]:
    found: Mapping[str, Any] = said.get("project", {}).get("pictures", {})
    return found
