"""The kinds of places under the sky."""

from __future__ import annotations

from collections.abc import Callable

from comfyvn.drivers.painter.country import forest, garden, nature
from comfyvn.drivers.painter.scene import Scene
from comfyvn.drivers.painter.shore import harbour, sea
from comfyvn.drivers.painter.town import rooftop, school, station, street

OUTSIDE: dict[str, Callable[[Scene], None]] = {
    "harbour": harbour,
    "sea": sea,
    "street": street,
    "rooftop": rooftop,
    "nature": nature,
    "forest": forest,
    "garden": garden,
    "station": station,
    "school_yard": school,
}
"""Kinds of places under the sky, and what draws each."""
