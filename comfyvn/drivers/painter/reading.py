"""What the painter takes from the sources' words: no more than it draws.

Reading is cheap and draws nothing; what it gives keys the drawing, so a word that the painter does
not know may change without anything being drawn again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypedDict

from comfyvn.drivers.painter.words import TIMES, WEATHERS, Things, by_word, named, phrases, things


class Place(TypedDict):
    """What a background is drawn from; `name` decides what is left to chance."""

    name: str
    kind: str
    time: str
    weather: str
    things: Things
    brought: list[str]
    """Those of the things that only its time or weather brings."""


NOUNS = by_word(
    {
        "shelf": "shelf shelves bookshelf bookcase rack",
        "piano": "piano pianola organ",
        "desk": "desk writing_desk reception",
        "telephone": "telephone phone",
        "bench": "bench pew",
        "board": "timetable notice_board noticeboard board departures",
        "blackboard": "blackboard chalkboard whiteboard",
        "window": "window casement skylight",
        "hatch": "hatch ticket_window",
        "ferry": "ferry ship steamer liner",
        "boat": "boat yacht dinghy sail sailboat",
        "bollard": "bollard",
        "lighthouse": "lighthouse beacon",
        "lantern": "lantern",
        "candle": "candle candlelight",
        "lamp": "lamp desk_lamp lamplight",
        "ceiling_lamp": "chandelier pendant bulb ceiling_lamp",
        "umbrella": "umbrella parasol",
        "hat": "hat cap",
        "tree": "tree maple birch oak_tree",
        "cherry": "cherry sakura blossom",
        "pine": "pine_tree fir conifer pines spruce",
        "autumn": "autumn",
        "bed": "bed bunk cot",
        "camp_stove": "camping_stove camp_stove primus",
        "stove": "stove oven cooker hearth fireplace range",
        "bucket": "bucket pail",
        "drawer": "drawer chest dresser",
        "wheel": "wheel helm",
        "wheelhouse": "wheelhouse cockpit",
        "chart": "chart map",
        "letter": "letter envelope",
        "form": "form paper document",
        "table": "table workbench",
        "net": "net",
        "clock": "clock",
        "door": "door doorway",
        "book": "book novel",
        "pile": "pile_of_books",
        "sofa": "sofa couch settee",
        "armchair": "armchair",
        "chair": "chair stool",
        "plant": "plant fern ivy pot",
        "poster": "poster picture painting photograph photo",
        "mirror": "mirror",
        "cabinet": "cabinet cupboard wardrobe locker fridge refrigerator closet filing_cabinet",
        "counter": "counter till sink",
        "curtain": "curtain drape",
        "screen": "shoji screen tatami",
        "machine": "machine vending_machine jukebox arcade",
        "computer": "computer laptop monitor",
        "mug": "mug cup teacup tea coffee",
        "flower": "flower vase rose tulip",
        "crate": "crate box parcel",
        "barrel": "barrel cask",
        "bottle": "bottle jar",
        "dial": "dial gauge",
        "altar": "altar",
        "card": "card",
        "label": "label tag",
        "tile": "tile tiled tiling",
        "wall": "wall",
        "floor": "floor floorboard",
        "aisle": "aisle",
        "narrow": "narrow cramped",
        "stone": "stone cellar_wall",
        "cellar": "cellar basement tunnel",
        "breakwater": "breakwater mole jetty",
        "quay": "quay pier wharf",
        "steps": "step stair staircase",
        "sea": "sea ocean harbour bay water",
        "deck": "deck",
        "sand": "sand beach",
        "road": "road street pavement lane",
        "path": "path trail track",
        "city": "city skyline skyscraper",
        "tower": "tower",
        "neon": "neon",
        "house": "house cottage building home",
        "village": "village hamlet",
        "church": "church chapel",
        "mountain": "mountain peak",
        "hill": "hill hillside headland",
        "field": "field meadow",
        "grass": "grass lawn",
        "river": "river stream brook",
        "lake": "lake",
        "pond": "pond",
        "roof": "roof rooftop",
        "garden": "garden",
        "train": "train carriage railcar",
        "platform": "platform",
        "ground": "yard playground",
        "fountain": "fountain",
        "shrine": "shrine temple",
        "torii": "torii",
    }
)
"""What a word in a place's description is the painter's name for."""

KINDS = {
    "wheelhouse": "wheelhouse cockpit",
    "stores": "stores storeroom storage archive warehouse cellar basement attic stacks vault",
    "waiting": "waiting_room waiting lounge ward_room lobby",
    "harbour": "harbour harbor quay dock docks pier marina port wharf mooring moorings jetty",
    "station": "station platform railway tracks",
    "rooftop": "rooftop roof terrace balcony",
    "school_yard": (
        "school_yard schoolyard playground campus courtyard facade mansion castle palace"
    ),
    "school": "classroom school lecture_hall schoolroom",
    "library": "library bookshop study reading_room",
    "kitchen": "kitchen pantry galley",
    "cafe": "cafe café coffee_shop tearoom restaurant diner canteen bakery",
    "bar": "bar pub tavern inn izakaya",
    "shop": "shop store market_hall boutique chemist grocery pharmacy",
    "bedroom": "bedroom dormitory dorm nursery",
    "hospital": "hospital clinic ward infirmary surgery",
    "workshop": "workshop garage shed lab laboratory factory forge barn",
    "studio": "studio gallery atelier rehearsal theatre stage",
    "bath": "bathroom bath toilet washroom sauna",
    "church": "church chapel cathedral nave crypt",
    "hall": "hall hallway corridor stairwell stairs passage entrance",
    "cabin": "cabin hut berth cave tent hold",
    "office": "office bureau reception headquarters police",
    "home": "home living_room livingroom parlour sitting_room apartment flat house",
    "room": "room interior inside indoors",
    "forest": "forest wood woods jungle grove shrine_path",
    "garden": "garden park orchard graveyard cemetery shrine temple",
    "sea": "sea coast beach shore ocean island deck boat ferry ship lighthouse bay cliff",
    "street": (
        "street city town alley village road square market plaza bridge downtown crossing lane"
    ),
    "nature": (
        "nature hill hills field meadow mountain mountains valley river lake path "
        "trail moor desert countryside farm outdoors exterior outside"
    ),
}
"""What a location's kind, or a word about it, makes of it; the first of equals counts."""
INSIDE = frozenset(
    "wheelhouse stores waiting school library kitchen cafe bar shop bedroom hospital "
    "workshop studio bath church hall cabin office home room".split()
)


def read_place(
    name: str, kind: str, look: str, alt: str, traits: Sequence[str], details: Iterable[str]
) -> Place:
    """Return what a place is drawn from at a moment.

    Args:
        name: the location's id.
        kind: its `kind`.
        look: its description for a painter; `alt`: for who does not see it.
        traits: its time and weather, as the story calls them.
        details: what these say they change.
    """
    said = named(KINDS, [kind]) if kind else ""
    if not said or said == "room":
        # `interior` says only that it has walls: its name and its description say which.
        words = [name.rpartition("/")[2], *look.replace(",", " ").split(), *alt.split()]
        inside = {key: value for key, value in KINDS.items() if key in INSIDE and key != "room"}
        pairs = [f"{a}_{b}" for a, b in pairwise(words)]
        said = (
            named(inside if said == "room" else KINDS, [words[0], *_known(pairs), *words[1:]])
            or said
            or "nature"
        )
    found = things(look, NOUNS)
    for noun, like in things(alt, NOUNS).items():
        found.setdefault(noun, like)
    lasting = frozenset(found)
    for detail in details:
        for noun, like in things(detail, NOUNS).items():
            found[noun] = [*dict.fromkeys((*like, *found.get(noun, ())))]
    if said == "wheelhouse":
        found.setdefault("wheelhouse", [])
    return Place(
        name=name,
        kind=said,
        time=named(TIMES, traits) or "day",
        weather=named(WEATHERS, traits),
        things=found,
        brought=[noun for noun in found if noun not in lasting],
    )


def _known(pairs: Iterable[str]) -> list[str]:
    words = {word for known in KINDS.values() for word in known.split()}
    return [pair for pair in pairs if pair.casefold() in words]


class Picture(TypedDict):
    """What a full-screen picture is drawn from."""

    name: str
    place: Place
    things: Things
    people: int
    at: str
    """What one of the people is at: `piano`, or nothing."""
    shown: str
    """A keepsake that all of it is about, or nothing."""


class Prop(TypedDict):
    """What a prop is drawn from: what it is, a value of `PROPS`, and how."""

    name: str
    thing: str
    like: list[str]
    things: Things


MOTIFS = {
    **NOUNS,
    "hand": "hand",
    "finger": "hand",
    "glove": "glove",
    "mitten": "glove",
    "seat": "seat",
}
ALONE = frozenset(
    "altar armchair barrel bed bench blackboard board bucket cabinet camp_stove candle chair clock "
    "computer counter crate desk dial door drawer flower lamp lantern machine mirror mug net piano "
    "pile plant poster screen shelf sofa stove table telephone umbrella".split()
)
"""What of a room's things a prop may be."""
KEEPSAKE_WORDS = by_word(
    {
        "letter": "letter envelope",
        "page": "page papers form document note card ticket chart map label tag newspaper",
        "book": "book novel diary notebook journal ledger album",
        "bottle": "bottle jar flask vial phial potion",
        "key": "key",
        "ring": "ring",
        "necklace": "necklace locket pendant amulet medallion",
        "watch": "watch pocket_watch wristwatch stopwatch",
        "compass": "compass",
        "blade": "knife dagger sword blade razor",
        "camera": "camera",
        "radio": "radio wireless transistor",
        "bag": "bag handbag satchel suitcase briefcase backpack rucksack purse",
        "hat": "hat cap",
        "coin": "coin medal token",
        "guitar": "guitar violin fiddle ukulele lute cello",
        "parcel": "parcel package gift",
    }
)
"""What a word for a thing that a hand holds is the painter's name for."""
CLOSE = frozenset(KEEPSAKE_WORDS.values()) - {"watch", "ring", "letter"}
"""Those that a full-screen picture shows alone: `We watch the ferry` is of no watch, and a letter
has a picture of its own."""
PROPS = {word: noun for word, noun in NOUNS.items() if noun in ALONE} | KEEPSAKE_WORDS
"""What a word about a prop is the painter's name for."""
COUNTS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "couple": 2,
    "crowd": 6,
    "everyone": 5,
}
AT_PIANO = r"\b(?:at|plays?|playing) (?:\w+ ){0,3}piano\b"
PEOPLE = frozenset(
    "people person man woman men women boy girl boys girls children friends strangers".split()
)


def read_picture(name: str, alt: str, place: Place | None, cast: Iterable[str]) -> Picture:
    """Return what a picture is drawn from.

    Args:
        name: what the story calls it.
        alt: its alt text.
        place: where the story is when it is shown, if anywhere.
        cast: the names of the characters, to count who is on the picture.
    """
    words = [word for phrase in phrases(alt) for word in phrase]
    found = things(alt, MOTIFS)
    time = named(TIMES, [word for word in words if word not in {"dark", "late", "early", "golden"}])
    own = [
        word
        for word in words
        if word in {"deck", "beach", "forest", "street", "rooftop", "station", "garden"}
    ]
    if place is None or own:
        base = read_place(name, own[0] if own else "", alt, "", [time] if time else [], [])
        moment = place or base
        place = Place(
            name=name,
            kind="sea" if own[:1] == ["deck"] else base["kind"],
            time=time or moment["time"],
            weather=moment["weather"],
            things={} if own else base["things"],
            brought=[],
        )
        if "deck" in own:
            found.setdefault("deck", [])
            found.pop("ferry", None)
    people = sum(first.casefold() in words for each in cast for first in each.split()[:1])
    for i, word in enumerate(words):
        if word in PEOPLE:
            people = max(people, COUNTS.get(words[i - 1] if i else "", 1 if word[-1] != "s" else 3))
    played = people and re.search(AT_PIANO, alt.casefold())
    at = "piano" if played else ""
    shown = "" if people else _thing(alt, {**MOTIFS, **KEEPSAKE_WORDS})
    if shown in CLOSE:
        found.setdefault(shown, things(alt, PROPS).get(shown, []))
    else:
        shown = ""
    return Picture(name=name, place=place, things=found, people=people, at=at, shown=shown)


def read_prop(name: str, look: str, alt: str) -> Prop:
    """Return what a prop is drawn from: the thing that its name, else its texts mention first.

    Where none of their words is known it is a parcel.
    """
    thing = next((thing for text in (name, alt, look) if (thing := _thing(text, PROPS))), "parcel")
    return Prop(
        name=name,
        thing=thing,
        like=things(f"{look}, {alt}", PROPS).get(thing, []),
        things={"card": [], "label": []} if thing == "shelf" else {},
    )


def _thing(text: str, nouns: Mapping[str, str]) -> str:
    """Return the last noun of the first phrase that has one: a book bag is a bag."""
    for phrase in phrases(text.replace("_", " ")):
        found = list(things(" ".join(phrase), nouns))
        if found:
            return found[-1]
    return ""
