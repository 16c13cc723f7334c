"""What the painter is told: as much of the sources as it uses for one picture, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comfyvn.drivers.painter import PALETTE, Brief
from comfyvn.drivers.painter.person import read_figure
from comfyvn.drivers.painter.reading import Place, read_picture, read_place, read_prop
from comfyvn.plan.prompt import location_of
from comfyvn.plan.requests import AssetRequest

Moments = Mapping[str, AssetRequest]
"""The background behind each full-screen picture, by the picture's name."""


def brief_of(
    head: Mapping[str, Any],
    said: Mapping[str, Any],
    alts: Mapping[str, str],
    moments: Moments,
    request: AssetRequest,
) -> Brief:
    """Return what a picture is painted from.

    Args:
        head: the Program; its scenes are not looked at.
        said: what the YAML sources say (`comfyvn.model.globals`).
        alts: the alt texts of full-screen pictures.
        moments: where these are shown.
        request: the picture.
    """
    theme = head.get("themes", {}).get(head.get("theme") or "", {})
    palette = {name: value for name, value in theme.get("palette", {}).items() if name in PALETTE}
    return Brief(kind=request.kind, of=_of(said, alts, moments, request), palette=palette)


def _of(
    said: Mapping[str, Any], alts: Mapping[str, str], moments: Moments, request: AssetRequest
) -> dict[str, Any]:
    if request.kind == "background":
        return {**_place(said, request)}
    if request.kind == "sprite":
        character = said["characters"].get(request.subject, {})
        return {
            **read_figure(
                request.subject,
                character.get("colour", ""),
                character.get("pronouns", ""),
                character.get("look", {}),
                list(request.traits),
            )
        }
    if request.kind == "picture":
        moment = moments.get(request.subject)
        cast = [
            name
            for character in said["characters"].values()
            for name in (character["name"], *character.get("aliases", ()))
        ]
        place = _place(said, moment) if moment else None
        return {**read_picture(request.subject, alts.get(request.subject, ""), place, cast)}
    prop = said["props"].get(request.subject, {})
    return {**read_prop(request.subject, prop.get("look") or "", prop.get("alt", ""))}


def _place(said: Mapping[str, Any], request: AssetRequest) -> Place:
    """Return what a location is painted from at a moment."""
    _, location, _ = location_of(said, request.subject)
    details = [
        location.get(kind, {}).get(trait, "")
        for kind in ("times", "weathers")
        for trait in request.traits
    ]
    return read_place(
        request.subject,
        location.get("kind") or "",
        location.get("look") or "",
        location.get("alt") or location.get("name") or "",
        request.traits,
        details,
    )
