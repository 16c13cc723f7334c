"""What every part of a scenery is handed: the sheet, the palette, the light, the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from comfyvn.drivers.painter.finish import Lamp, Lighting
from comfyvn.drivers.painter.light import Light
from comfyvn.drivers.painter.paint import Colour, Dice, Paints, colour, mix
from comfyvn.drivers.painter.sheet import Sheet
from comfyvn.drivers.painter.words import COLOURS, Things

Like = Sequence[str]
"""The known words that say how a thing is."""


class Box(NamedTuple):
    """A place in the picture: its upper left corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def foot(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The middle between left and right."""
        return self.x + self.width / 2

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the point at parts of the box."""
        return self.x + self.width * x, self.y + self.height * y

    def part(self, x: float, y: float, width: float, height: float) -> Box:
        """Return a box inside, by parts of this one."""
        return Box(
            self.x + self.width * x,
            self.y + self.height * y,
            self.width * width,
            self.height * height,
        )


@dataclass
class Scene:
    """One picture that is being made."""

    sheet: Sheet
    paints: Paints
    light: Light
    dice: Dice
    lighting: Lighting
    things: Things
    brought: frozenset[str] = frozenset()
    """Those of the things that only the time or the weather brings."""
    stands: dict[str, Box] = field(default_factory=dict)
    """Where furniture stands, as far as it is drawn."""

    def hue(self, like: Iterable[str], default: str) -> Colour:
        """Return the colour that words give a thing, toned to the palette."""
        word = next((word for word in like if word in COLOURS), "")
        return self.paints.tone(colour(COLOURS[word] if word else default), 0.22 if word else 0.34)

    def said(self, *names: str) -> bool:
        """Whether the description mentions one of these."""
        return any(name in self.things for name in names)

    def like(self, name: str) -> list[str]:
        """Return the words that say how a thing is."""
        return self.things.get(name, [])

    def lamp(
        self,
        x: float,
        y: float,
        reach: float,
        strength: float = 1.0,
        halo: float = 0.35,
        paint: Colour | None = None,
        flat: float = 1.0,
    ) -> None:
        """Add a lamp, warm unless it has a colour; by day lamps are faint."""
        warm = mix(self.paints.accent, (1.0, 0.66, 0.32), 0.7)
        if not self.light.night:
            strength, halo = strength * 0.35, halo * 0.5
        self.lighting.lamps.append(
            Lamp(x, y, reach * 1.3, paint or warm, strength * 1.15, halo, flat)
        )

    def far(self, paint: Colour, share: float) -> Colour:
        """Return a colour as the air makes it: a part `share` of the way to the haze."""
        return mix(paint, self.light.haze, share)
