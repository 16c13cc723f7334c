"""Colours as they are told apart: contrast, difference, and how colour-blind people see them."""

from __future__ import annotations

from collections.abc import Mapping
from math import dist

Triple = tuple[float, float, float]

DEFICIENCIES: Mapping[str, tuple[Triple, Triple, Triple]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What becomes of linear sRGB: Machado, Oliveira and Fernandes, A Physiologically-based Model for
Simulation of Color Vision Deficiency (2009), doi:10.1109/TVCG.2009.113, at severity 1.0."""

_TO_XYZ: tuple[Triple, Triple, Triple] = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
"""From linear sRGB, white at D65 (IEC 61966-2-1)."""
_WHITE = (0.95047, 1.0, 1.08883)


def linear(colour: str) -> Triple:
    """Return `#rrggbb` in linear light, from 0 to 1 (IEC 61966-2-1)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2, from 0 to 1."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def difference(one: str, other: str, deficiency: str = "") -> float:
    """Return how far two colours are apart: CIE 1976 ΔE*ab; 2.3 is just seen side by side.

    Args:
        one: `#rrggbb`.
        other: likewise.
        deficiency: one of `DEFICIENCIES`: as somebody with it sees them.
    """
    return dist(_lab(one, deficiency), _lab(other, deficiency))


def _lab(colour: str, deficiency: str) -> Triple:
    rgb = linear(colour)
    if deficiency:
        rgb = _times(DEFICIENCIES[deficiency], rgb)
        rgb = (_within(rgb[0]), _within(rgb[1]), _within(rgb[2]))
    x, y, z = (
        _root(value / white) for value, white in zip(_times(_TO_XYZ, rgb), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29


def _times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    first, second, third = (
        sum(factor * value for factor, value in zip(row, vector, strict=True)) for row in matrix
    )
    return first, second, third
