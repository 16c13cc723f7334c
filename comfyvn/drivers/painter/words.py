"""The words that the painter knows, and how it reads a text for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

Things = dict[str, list[str]]
"""The known nouns that a text mentions, each with the known words that say how it is."""

COLOURS = {
    "white": "#efe9dc",
    "ivory": "#ece2c8",
    "cream": "#eadfc2",
    "silver": "#b9c0c4",
    "grey": "#8d949b",
    "gray": "#8d949b",
    "charcoal": "#3e434b",
    "black": "#24262c",
    "ebony": "#221f22",
    "red": "#b8433a",
    "scarlet": "#c23a30",
    "crimson": "#9c2f3a",
    "maroon": "#6e2f36",
    "burgundy": "#6b2a38",
    "pink": "#d9929b",
    "rose": "#cf8088",
    "coral": "#df7f68",
    "orange": "#d9803c",
    "copper": "#b8623a",
    "ginger": "#b9653a",
    "auburn": "#7f3f2c",
    "rust": "#a5532f",
    "amber": "#d79a3f",
    "yellow": "#e0b441",
    "mustard": "#c4972f",
    "gold": "#d3a74a",
    "golden": "#d3a74a",
    "blond": "#dcbc7c",
    "blonde": "#dcbc7c",
    "fair": "#d8bb86",
    "sandy": "#c9a877",
    "straw": "#d9bf7e",
    "olive": "#7a7a45",
    "khaki": "#a39766",
    "lime": "#9bb04e",
    "green": "#4f7a5c",
    "emerald": "#2f7d5b",
    "mint": "#a5cdb5",
    "teal": "#34747a",
    "turquoise": "#4ba3a0",
    "cyan": "#62adb8",
    "blue": "#3f6a94",
    "navy": "#2b3a58",
    "indigo": "#3b3d6e",
    "azure": "#5b93bf",
    "violet": "#6f5a95",
    "purple": "#6a4a7c",
    "lavender": "#a79cc4",
    "lilac": "#b7a1c8",
    "magenta": "#a8457e",
    "brown": "#6e4c36",
    "chestnut": "#6f412b",
    "tan": "#b48c63",
    "beige": "#cdbb98",
    "russet": "#8c4f34",
    "dark": "#2f2a2c",
    "pale": "#d9d3c3",
    "light": "#d9d2be",
    "bright": "#e5c25a",
    "deep": "#33394a",
    "walnut": "#6b4630",
    "oak": "#a07a4c",
    "pine": "#bd935c",
    "teak": "#8c5b35",
    "mahogany": "#6a352a",
    "wooden": "#8f6a45",
    "wood": "#8f6a45",
    "varnished": "#9a6638",
    "bamboo": "#b3a15e",
    "leather": "#6e4733",
    "brass": "#c39a4b",
    "bronze": "#8c6a3e",
    "iron": "#3d4248",
    "steel": "#75828b",
    "metal": "#79848b",
    "tin": "#9aa1a2",
    "chrome": "#b5bfc4",
    "granite": "#7c7f85",
    "stone": "#8d8a83",
    "marble": "#d4d0c8",
    "concrete": "#8f908d",
    "brick": "#a05a45",
    "clay": "#ad6f4e",
    "slate": "#56626f",
    "glass": "#a9c3c9",
    "bakelite": "#26211f",
    "velvet": "#6a2c3d",
    "paper": "#e6dbc2",
    "pastel": "#d3b9c0",
    "rusty": "#96583a",
    "mossy": "#6d7a4b",
    "tiled": "#b9cfc6",
    "neon": "#e05a9c",
    "bloody": "#8c2b2b",
}
"""Words for colours and materials, and the colour that each means before a palette tones it."""

SHAPES = frozenset(
    "long short tall low large big small huge tiny narrow cramped wide round square upright grand "
    "open closed worn old broken empty stained arched shaded packed piled painted lit unlit".split()
)
"""Other words that change how a thing is drawn."""

TIMES = {
    "dawn": "dawn daybreak sunrise early before_light first_light morning_light cockcrow",
    "day": "day morning noon midday afternoon daytime late_morning daylight breakfast lunch",
    "dusk": "dusk sunset twilight late_afternoon golden golden_hour evening late nightfall dinner",
    "night": "night midnight small_hours dark late_night moonlight",
}
WEATHERS = {
    "storm": "storm thunderstorm thunder heavy_rain downpour gale tempest hurricane lightning",
    "rain": "rain drizzle rainy shower showers sleet wet",
    "snow": "snow snowy blizzard snowfall flurries",
    "fog": "fog mist foggy misty haze smoke smog",
    "overcast": "overcast cloud clouds cloudy grey gray wind windy dull",
    "clear": "clear sun sunny fair fine bright still",
}


def token(name: str) -> str:
    """Return a name as the tables have it: `Late Afternoon` is `late_afternoon`."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", name).casefold()).strip("_")


def by_word(table: Mapping[str, str]) -> dict[str, str]:
    """Return a table of words, each list of them under its name, as the name of each word."""
    return {word: name for name, words in table.items() for word in words.split()}


def named(table: Mapping[str, str], names: Iterable[str]) -> str:
    """Return the key of the table that one of the names means, or nothing.

    A whole name counts before its single words, and an earlier name before a later one.
    """
    known = by_word(table)
    for name in names:
        whole = token(name)
        for word in (whole, *whole.split("_")):
            if word in known:
                return known[word]
    return ""


def phrases(text: str) -> list[list[str]]:
    """Return a text's words, in the groups that its punctuation and its joints make."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("’", "'").replace("'s", "")
    parts = re.split(
        r"[,;:.()!?–—\n]| with | under | on | in | over | beside | behind | of | by | for | below "
        r"| against | beyond | at | from ",
        f" {plain} ",
    )
    return [found for part in parts if (found := re.findall(r"[^\W_]+", part))]


def singulars(word: str) -> list[str]:
    """Return the word, and what may be its singular in English, the likeliest first."""
    found = [word]
    for ending, instead in (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            found.append(word[: -len(ending)] + instead)
    return found


def things(text: str, nouns: Mapping[str, str]) -> Things:
    """Return the nouns that a text mentions.

    `nouns` maps words, two joined by `_` among them, to what they are called. The words before a
    noun describe it, and the nouns behind it in its phrase until others do; `no` and `without` take
    a noun back.
    """
    found: Things = {}
    for phrase in phrases(text):
        like: list[str] = []
        absent = joined = behind = False
        for i, word in enumerate(phrase):
            if word in {"no", "without", "never"}:
                absent = True
            if joined:
                joined = False
                continue
            pair = f"{word}_{phrase[i + 1]}" if i + 1 < len(phrase) else ""
            joined = any(each in nouns for each in singulars(pair))
            candidates = (*singulars(pair), *singulars(word))
            noun = next((nouns[each] for each in candidates if each in nouns), "")
            if noun and not absent:
                known = found.setdefault(noun, [])
                known.extend(w for w in like if w not in known)
            if word in COLOURS or word in SHAPES:
                # `green shelves and a walnut piano`: the shelves are behind the walnut.
                like = [*([] if behind and not noun else like), word]
                behind = False
            elif noun:
                behind = True
    return found
