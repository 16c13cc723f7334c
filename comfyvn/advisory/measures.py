"""What advice on hand-made files wants to know of them, besides what a build looks into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

    from comfyvn.drivers.audio.clip import Clip

_SOLID = 32
"""Of 255: what is fainter is a glow or a shadow, and no part of a figure."""
_AROUND = 0.005
"""Seconds on both sides of a seam that say how much a sound moves there anyway."""
_HEARD = 0.01
"""What part of its peak a sound has where it begins: 40 dB below."""


def figure_in(image: Image) -> Mapping[str, Any] | None:
    """Return where the figure of a cut-out begins and ends, in parts of the picture's height.

    `top` and `bottom` are counted from the upper edge. None if all or nothing is transparent.
    """
    if image.mode != "RGBA":
        return None
    alpha = image.getchannel("A")
    box = alpha.point([0] * _SOLID + [255] * (256 - _SOLID)).getbbox()
    if box is None:
        return None
    _, top, _, bottom = box
    return {"top": round(top / image.height, 4), "bottom": round(bottom / image.height, 4)}


def sound_in(clip: Clip, loop: Mapping[str, float] | None) -> Mapping[str, Any]:
    """Return what is heard at the beginning of a sound, on each side, and where it is repeated.

    Args:
        clip: the sound.
        loop: `start` and perhaps `end` of what is repeated, in seconds; None for all of it.

    Returns:
        `lead`: seconds before anything is heard; `sides`: the greatest value of each channel;
        `jump`: by how much the signal leaps where it is repeated; `usual`: by how much it moves
        from one sample to the next there, at most. All but seconds are parts of full scale.
    """
    import numpy as np

    samples = clip.samples
    level = np.abs(samples)
    sides = level.max(axis=0)
    peak = float(sides.max())
    heard = np.flatnonzero(level.max(axis=1) >= peak * _HEARD) if peak else np.zeros(0)
    start, end = 0, len(samples)
    if loop is not None:
        start = min(round(loop.get("start", 0) * clip.rate), end - 1)
        end = min(round((loop.get("end") or clip.seconds) * clip.rate), len(samples))
    reach = max(2, round(_AROUND * clip.rate))
    before, behind = samples[max(start, end - reach) : end], samples[start : start + reach]
    moves = [np.abs(np.diff(part, axis=0)) for part in (before, behind)]
    leaps = np.abs(behind[0] - before[-1])
    usual = np.maximum(*(move.max(axis=0, initial=0) for move in moves))
    worst = int((leaps - usual).argmax())
    return {
        "lead": round(int(heard[0]) / clip.rate, 3) if len(heard) else 0.0,
        "sides": [round(float(side), 4) for side in sides],
        "jump": round(float(leaps[worst]), 4),
        "usual": round(float(usual[worst]), 4),
    }
