"""What the words of an expression do to a face."""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    """What an expression does to a face."""

    mouth: float = 0.08
    """Curve of the mouth: 1 smiles, -1 frowns."""
    gape: float = 0.0
    """How far it is open."""
    brow: float = 0.0
    """Tilt of the brows: 1 angry (inner ends down), -1 worried (inner ends up)."""
    lift: float = 0.0
    """How high the brows are."""
    eye: float = 1.0
    """How open the eyes are; 0 is a closed lid."""
    lid: int = -1
    """Closed lids curve down (-1, asleep) or up (1, laughing)."""
    aside: float = 0.0
    """Where the eyes look, -1 to 1."""
    blush: float = 0.0
    tear: bool = False
    skew: float = 0.0
    """How much higher one brow and one corner of the mouth are than the other."""
    teeth: bool = False


LOOKS = {
    "plain": Look(),
    "calm": Look(0.15, eye=0.8),
    "smile": Look(0.72, 0.0, -0.15, 0.12, 0.9, blush=0.35),
    "grin": Look(1.0, 0.62, -0.05, 0.45, 0.92, blush=0.5, teeth=True),
    "laugh": Look(1.0, 0.85, -0.25, 0.55, 0.0, 1, blush=0.6, teeth=True),
    "sad": Look(-0.6, 0.0, -0.8, 0.1, 0.68, aside=-0.35),
    "cry": Look(-0.8, 0.2, -0.9, 0.15, 0.0, -1, tear=True, blush=0.4),
    "worried": Look(-0.42, 0.08, -1.0, 0.35, 1.04, aside=-0.3),
    "angry": Look(-0.6, 0.0, 1.0, -0.35, 0.78),
    "surprised": Look(0.0, 0.62, -0.2, 1.0, 1.3),
    "shy": Look(0.35, 0.0, -0.5, 0.15, 0.72, aside=0.6, blush=1.0),
    "wry": Look(0.45, 0.0, 0.05, 0.2, 0.82, aside=0.3, skew=1.0),
    "thinking": Look(-0.12, 0.0, 0.1, 0.35, 0.9, aside=0.6, skew=0.8),
    "tired": Look(0.02, 0.0, -0.35, -0.05, 0.52),
    "closed": Look(0.25, 0.0, -0.1, 0.05, 0.0, -1),
}


def look_of(words: list[str]) -> Look:
    """Return the look of a face: a key of `LOOKS`, then what else shows in it."""
    look = LOOKS.get(words[0] if words else "", Look())
    if "tear" in words[1:]:
        look = look._replace(tear=True)
    if "crooked" in words[1:]:
        look = look._replace(skew=0.75)
    if "blush" in words[1:]:
        look = look._replace(blush=1.0)
    return look
