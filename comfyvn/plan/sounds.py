"""What holds of sounds wherever they are planned: which are made, how loud they are played."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from comfyvn.drivers.ambience.names import recipe_of
from comfyvn.drivers.music.loop import SHORTEST
from comfyvn.plan.requests import AssetRequest

KEPT = frozenset({".ogg", ".opus", ".mp3"})
"""Endings of sounds that every target plays, and that are not made smaller by another format."""
LEVELS: Mapping[str, float] = {"music": -20.0, "ambience": -30.0, "voice": -18.0}
"""LUFS to which sounds are brought; effects are as loud as they are made."""
CEILING = -1.0
"""dBTP that no sound passes when it is played at its level."""
LOUDER, SOFTER = 12.0, -24.0
"""dB by which a sound is changed at most: what needs more is meant to be so, or broken."""

_BEDS = frozenset({"music", "ambience"})
"""What has no short loops; effects may be repeated as fast as one likes."""
_ROUNDED = 0.001


def can_hear() -> bool:
    """Return whether sounds can be read and written on this machine, without loading anything."""
    return find_spec("av") is not None


def ambience_of(request: AssetRequest) -> str | None:
    """Return what a sound can be made as that no file answers; None if nothing is known of it."""
    return recipe_of(request.subject) if request.kind == "ambience" else None


def gain(role: str, facts: Mapping[str, Any]) -> float:
    """Return by how many dB a sound is played louder, for its role: `music`, `sfx`…

    It never lifts a peak above `CEILING`, and turns down what is above it. `facts` are those of
    `@checked/KEY`; where they do not say how loud it is, it is played as it is.
    """
    loudness, peak = facts.get("loudness"), facts.get("peak")
    if loudness is None or peak is None:
        return 0.0
    wanted = LEVELS[role] - loudness if role in LEVELS else 0.0
    change = min(max(min(wanted, LOUDER), SOFTER), CEILING - float(peak))
    return round(change, 1) + 0.0


def loop_fault(
    role: str, start: float, end: float, seconds: float | None
) -> tuple[str, str] | None:
    """Return why what a sidecar says is no loop, as a clause, and what helps; None if it is one.

    Args:
        role: what the sound is: `music`, `sfx`…
        start: where it begins, in seconds.
        end: where it ends.
        seconds: how long the sound is, if that is known.
    """
    if seconds is not None and start > seconds - _ROUNDED:
        return (
            f"begins at {start:g} s, and it is {seconds:g} s long",
            "let it lie within the sound, in seconds from its beginning",
        )
    if seconds is not None and end > seconds + _ROUNDED:
        return (
            f"goes to {end:g} s, and it is {seconds:g} s long",
            "let it end within the sound, or leave `end` out",
        )
    if role in _BEDS and end - start < SHORTEST:
        return (
            f"lasts {end - start:.2g} s: as {role} that is a buzz",
            f"let it last {SHORTEST:g} s or more; it counts seconds",
        )
    return None
