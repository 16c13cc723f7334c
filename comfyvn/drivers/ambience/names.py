"""Which ambience a name asks for. Read at every build: it imports nothing that takes time."""

from __future__ import annotations

import re

ALIASES: dict[str, tuple[str, ...]] = {
    "storm": ("storm", "thunderstorm", "tempest", "thunder", "tormenta"),
    "downpour": ("downpour", "heavy rain", "rain heavy", "pouring rain", "aguacero"),
    "drizzle": ("drizzle", "light rain", "rain light", "soft rain", "dripping", "llovizna"),
    "rain": ("rain", "raining", "rainfall", "rainy", "lluvia"),
    "wind": ("wind", "windy", "gale", "breeze", "blizzard", "viento"),
    "sea": (
        "sea",
        "ocean",
        "waves",
        "surf",
        "beach",
        "shore",
        "seaside",
        "harbour",
        "harbor",
        "mar",
    ),
    "stream": ("stream", "river", "brook", "creek", "fountain", "water", "río", "rio"),
    "crowd": (
        "crowd",
        "chatter",
        "people",
        "cafe",
        "café",
        "restaurant",
        "bar",
        "market",
        "babble",
    ),
    "night": ("crickets", "insects", "night", "cicadas", "summer night", "noche"),
    "forest": ("forest", "birds", "birdsong", "woods", "park", "garden", "bosque"),
    "fire": ("fire", "fireplace", "campfire", "hearth", "bonfire", "fuego"),
    "train": ("train", "railway", "carriage", "subway", "tren"),
    "city": ("city", "traffic", "street", "road", "town", "ciudad"),
    "hum": (
        "hum",
        "machine",
        "machines",
        "engine",
        "fan",
        "fans",
        "server",
        "servers",
        "ventilation",
    ),
    "room": ("room", "room tone", "indoors", "interior", "silence", "quiet", "office", "library"),
}
"""What can be made, and the names that ask for it, in the order in which they are looked for."""

_PHRASES = tuple(
    (tuple(alias.split()), recipe) for recipe, aliases in ALIASES.items() for alias in aliases
)


def recipe_of(name: str) -> str | None:
    """Return what an ambience of this name is made as; None if the name says nothing known.

    The words of a known name may stand anywhere in it: `night_rain_on_roof` is rain, as what falls
    comes before where and when.
    """
    words = tuple(re.findall(r"[^\W_]+", name.casefold()))
    for phrase, recipe in _PHRASES:
        starts = range(len(words) - len(phrase) + 1)
        if any(words[at : at + len(phrase)] == phrase for at in starts):
            return recipe
    return None
