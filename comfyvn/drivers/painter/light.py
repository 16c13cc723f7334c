"""Light: what a time of day and a weather make of the palette's colours."""

from __future__ import annotations

from typing import NamedTuple

from comfyvn.drivers.painter.paint import WHITE, Colour, Paints, colour, lighter, mix


class Light(NamedTuple):
    """The light of a moment.

    Attributes:
        top: the colour of the sky overhead; `low`: above the horizon; `haze`: of what is far.
        ambient: what light without a lamp leaves of every colour, outside.
        indoors: the same inside.
        sun: the colour of the sun, the moon or a bright sky.
        height: where the sun or moon stands, as a part of the picture's height from the top.
        night: whether lamps are lit.
        dull: how much of the sky clouds cover, 0 to 1.
    """

    time: str
    weather: str
    top: Colour
    low: Colour
    haze: Colour
    ambient: Colour
    indoors: Colour
    sun: Colour
    height: float
    night: bool
    dull: float


DULL = {"storm": 1.0, "rain": 0.8, "snow": 0.75, "fog": 0.85, "overcast": 0.7}


def light_of(paints: Paints, time: str, weather: str) -> Light:
    """Return the light of a time (a key of `TIMES`) and a weather (a key of `WEATHERS`)."""
    dull = DULL.get(weather, 0.0)
    warm = mix(paints.accent, colour("#f3a77c"), 0.55)
    pale = lighter(paints.ramp(1.0), 0.35)
    match time:
        case "dawn":
            top, low = mix(paints.ramp(0.45), colour("#9db6d0"), 0.5), mix(warm, pale, 0.45)
            ambient, indoors = (0.96, 0.89, 0.87), (1.0, 0.93, 0.87)
            sun, height = mix(pale, warm, 0.2), 0.47
        case "dusk":
            top, low = (
                mix(paints.ramp(0.14), colour("#3d4f86"), 0.45),
                mix(warm, colour("#e58a6a"), 0.4),
            )
            ambient, indoors = (0.70, 0.64, 0.73), (0.70, 0.68, 0.76)
            sun, height = mix(warm, pale, 0.35), 0.5
        case "night":
            top, low = (
                mix(paints.ramp(0.0), colour("#0d1733"), 0.6),
                mix(paints.ramp(0.28), colour("#2c4a78"), 0.5),
            )
            ambient, indoors = (0.36, 0.43, 0.62), (0.34, 0.39, 0.56)
            sun, height = mix(pale, WHITE, 0.3), 0.2
        case _:
            top, low = (
                mix(paints.ramp(0.55), colour("#6fa6cc"), 0.55),
                mix(pale, colour("#dbe9ea"), 0.5),
            )
            ambient, indoors = (1.0, 0.98, 0.95), (1.0, 0.97, 0.94)
            sun, height = mix(pale, WHITE, 0.6), 0.16
    grey = mix(mix(top, low, 0.45), paints.ramp(0.4 if time != "night" else 0.16), 0.5)
    if weather == "fog":
        grey = lighter(grey, 0.25 if time != "night" else 0.06)
    if weather == "storm":
        grey = mix(grey, paints.ramp(0.05), 0.45)
    top, low = mix(top, grey, dull * 0.85), mix(low, lighter(grey, 0.12), dull * 0.72)
    dim = 1 - 0.2 * dull - (0.12 if weather == "storm" else 0)
    cool = (dim * (1 - 0.05 * dull), dim, min(dim * (1 + 0.07 * dull), 1.0))
    ambient = ambient[0] * cool[0], ambient[1] * cool[1], ambient[2] * cool[2]
    indoors = indoors[0] * cool[0], indoors[1] * cool[1], indoors[2] * cool[2]
    return Light(
        time, weather, top, low, mix(low, top, 0.3), ambient, indoors, sun, height,
        time in {"dusk", "night"} or weather == "storm", dull,
    )  # fmt: skip
