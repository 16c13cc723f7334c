"""What the painter takes from the words about a character: a person, clothes, a pose, a face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from comfyvn.drivers.painter.words import COLOURS, by_word, named, phrases, singulars, things


class Person(TypedDict):
    """What never changes about a character; words are those of the tables below."""

    name: str
    """Decides what is left to chance."""
    build: str
    """`she`, `he`, or nothing for neither."""
    age: str
    skin: str
    hair: str
    style: str
    eyes: str
    extras: list[str]
    """Glasses, a hat, a beard, freckles…, each with the colour it has: `hat brown`."""


class Dress(TypedDict):
    """What a character wears."""

    kind: str
    colour: str
    """A key of `COLOURS`, or nothing: the character's own colour."""
    under: str
    trim: str
    extras: list[str]


class Figure(TypedDict):
    """What a sprite is drawn from."""

    person: Person
    colour: str
    dress: Dress
    arms: str
    held: str
    face: list[str]
    """The expression (a key of `FACES`), and what else shows in the face."""


STYLES = {
    "bald": "bald shaven shaved",
    "plait": "plait plaits braid braids braided plaited",
    "twintails": "twintails pigtails bunches",
    "bun": "bun chignon topknot updo knot",
    "ponytail": "ponytail tail",
    "curly": "curly curls curled afro frizzy ringlets",
    "bob": "bob bobbed chin_length shoulder_length",
    "cropped": "cropped pixie spiky crew_cut buzz tousled messy stubble",
    "flat": "flattened slicked sleek combed plastered",
    "long": "long waist_length flowing loose",
    "short": "short neat trimmed",
}
HAIR = (
    "hair haired curl ringlet bob plait braid twintail pigtail bun chignon topknot ponytail afro "
    "fringe bangs mane"
).split()
"""What the words before it tell the hair's colour of."""
AGES = {
    "child": "child boy girl kid toddler little",
    "young": "teen teenage teenager student schoolgirl schoolboy youth young",
    "old": "old elderly aged grandmother grandfather granny grandma grandpa wrinkled",
    "middle": "middle_aged",
}
SKINS = {
    "deep": "ebony black dark deep",
    "brown": "brown",
    "tan": "tan tanned bronze olive weathered golden",
    "light": "fair light peach rosy",
    "pale": "pale white porcelain ivory",
}
EXTRAS = by_word(
    {
        "glasses": "glasses spectacles eyeglasses",
        "hat": "hat fedora trilby bowler",
        "cap": "cap beret",
        "beanie": "beanie bobble_hat",
        "beard": "beard bearded",
        "moustache": "moustache mustache",
        "freckles": "freckle freckled freckles",
        "gloves": "glove",
        "scar": "scar",
        "earrings": "earring",
        "scarf": "scarf shawl",
        "pencil": "pencil pen",
        "ribbon": "ribbon bow",
        "headphones": "headphone",
        "flower": "flower",
        "gap": "gap",
        "headscarf": "headscarf hijab veil",
    }
)
KINDS = {
    "oilskins": "oilskin sou_wester waterproofs",
    "raincoat": "raincoat mac mackintosh anorak parka",
    "coat": "coat overcoat trenchcoat cloak cape duffel greatcoat robe",
    "cardigan": "cardigan",
    "jumper": "jumper sweater pullover hoodie sweatshirt jersey knit knitwear turtleneck",
    "kimono": "kimono yukata hakama",
    "apron": "apron overall dungaree",
    "uniform": "uniform blazer sailor school_uniform",
    "suit": "suit tuxedo waistcoat tie",
    "jacket": "jacket leather_jacket bomber vest",
    "dress": "dress gown frock sundress nightgown",
    "blouse": "shirt blouse tunic polo",
    "tee": "t_shirt tshirt tee top singlet pyjamas pajamas swimsuit",
}
INNER = frozenset({"jumper", "dress", "blouse", "tee"})
"""What others of `KINDS` are worn over."""
HELD = {
    "handbag": "handbag purse bag satchel",
    "roll": "roll toolroll bundle",
    "book": "book notebook folder",
    "letter": "letter envelope",
    "umbrella": "umbrella",
    "mug": "mug cup",
    "flowers": "bouquet flowers",
    "box": "box parcel crate basket",
    "lantern": "lantern",
    "case": "suitcase briefcase",
}
ARMS = {
    "crossed": "crossed folded",
    "hip": "hip hips akimbo braced confident swagger",
    "chin": "chin thinking thoughtful pondering",
    "seated": "seated sitting sits sat kneeling",
    "clasped": "clasped upright prim formal praying bowing",
    "sleeves": "sleeves pulled shy",
    "raised": "waving wave raised pointing cheering",
    "sides": "standing relaxed neutral sides",
}
FACES = {
    "laugh": "laugh laughing laughs laughter joy delighted hysterics",
    "grin": "grin grinning beaming bright excited cheerful",
    "wry": "wry smirk sly dry amused teasing ironic eyebrow smug",
    "smile": "smile happy glad warm fond soft pleased kind gentle smiling content",
    "cry": "cry crying tears weeping sobbing",
    "sad": "sad down low grief hurt lonely melancholy gloomy sorrow",
    "worried": (
        "worried anxious nervous unsure afraid scared fear uneasy concerned frightened worry"
    ),
    "angry": "angry cross furious stern hard annoyed mad glare frown rage",
    "surprised": "surprised shock shocked startled wide gasp amazed astonished caught",
    "shy": "shy blush blushing embarrassed flustered",
    "thinking": "thinking doubt curious puzzled confused thoughtful pensive",
    "tired": "tired sleepy weary exhausted drowsy",
    "closed": "asleep closed peaceful eyes_closed sleeping",
    "calm": "calm serene still composed",
    "plain": "plain neutral normal default attentive polite",
}


def read_person(name: str, base: str, pronouns: str) -> Person:
    """Return the person that a description of a character's looks means."""
    said = things(
        base,
        {
            **EXTRAS,
            **dict.fromkeys(HAIR, "hair"),
            "skin": "skin",
            "eye": "eyes",
            "woman": "she",
            "girl": "she",
            "lady": "she",
            "man": "he",
            "boy": "he",
        },
    )
    words = [word for phrase in phrases(base) for word in phrase]
    build = (
        pronouns
        if pronouns in {"she", "he"}
        else "she"
        if "she" in said
        else "he"
        if "he" in said
        else ""
    )
    years = next((int(word) for word in words if word.isdecimal() and 1 <= int(word) <= 120), 0)
    age = (
        (
            "child"
            if years < 12
            else "young"
            if years < 20
            else "adult"
            if years < 45
            else "middle"
            if years < 62
            else "old"
        )
        if years
        else named(AGES, words) or "adult"
    )
    hair = next((w for w in said.get("hair", ()) if w in COLOURS), "") or next(
        (w for w in words if w in {"blonde", "blond", "redhead", "brunette"}), ""
    )
    hair = {"redhead": "copper", "brunette": "brown", "blond": "blonde"}.get(hair, hair)
    extras = []
    for extra in dict.fromkeys(EXTRAS.values()):
        if extra in said and not (extra == "flower" and "hair" not in said):
            tint = next((w for w in said[extra] if w in COLOURS), "")
            extras.append(f"{extra} {tint}".strip())
    return Person(
        name=name,
        build=build,
        age=age,
        skin=named(SKINS, said.get("skin", ()))
        or ("light" if {"japanese", "chinese", "korean"} & set(words) else ""),
        hair=hair,
        style=_style(words),
        eyes=next((w for w in said.get("eyes", ()) if w in COLOURS), ""),
        extras=extras,
    )


def _style(words: list[str]) -> str:
    """Return how hair is worn: `loose` and `long` count less than what it is bound into."""
    known = by_word(STYLES)
    bound = [known[word] for word in words if word in known]
    near = bound
    if "hair" in words:
        at = words.index("hair")
        near = [known[w] for w in words[max(at - 4, 0) : at + 6] if w in known]
    return next((s for s in near if s not in {"long", "short"}), near[0] if near else "")


def read_dress(outfit: str, words: str) -> Dress:
    """Return the clothes that an outfit's name and words mean."""
    first = words or outfit.replace("_", " ")
    nouns = by_word(KINDS) | {
        "collar": "collar",
        "tag": "tag",
        "button": "button",
        "stripe": "stripe",
        "striped": "stripe",
        "scarf": "scarf",
        "shawl": "scarf",
        "pocket": "pocket",
        "badge": "badge",
        "tie": "tie",
        "necklace": "necklace",
    }
    said = things(first, nouns)
    kinds = [noun for noun in said if noun in KINDS]
    named_kind = named(KINDS, [outfit])
    outer = [noun for noun in kinds if noun not in INNER]
    kind = named_kind if named_kind in kinds or not kinds else (outer or kinds)[0]
    under = next((noun for noun in kinds if noun != kind), "")
    return Dress(
        kind=kind or "blouse",
        colour=_tint(said.get(kind, [])),
        under=_tint(said.get(under, [])),
        trim=_tint(said.get("collar", [])) or _tint(said.get("scarf", [])),
        extras=[noun for noun in said if noun not in KINDS],
    )


def _tint(like: list[str]) -> str:
    return next((word for word in reversed(like) if word in COLOURS), "")


def read_held(*texts: str) -> str:
    """Return what a character holds, by words of the outfit and the pose."""
    # `as straight as an umbrella` holds none.
    said = [text.partition(" as ")[0] for text in texts]
    words = [word for text in said for phrase in phrases(text) for word in phrase]
    return named(HELD, [each for word in words for each in singulars(word)])


def read_arms(pose: str, words: str) -> str:
    """Return what a pose does with the arms."""
    return named(ARMS, [pose, *(word for phrase in phrases(words) for word in phrase)])


def read_face(expression: str, words: str) -> list[str]:
    """Return what an expression shows: its name counts before its words."""
    said = [word for phrase in phrases(words) for word in phrase]
    face = named(FACES, [expression]) or named(FACES, said) or "plain"
    also = []
    if face != "cry" and {"tear", "tears"} & set(said):
        also.append("tear")
    if {"crooked", "lopsided"} & set(said):
        also.append("crooked")
    if "blush" in said or "blushing" in said:
        also.append("blush")
    return [face, *also]


def read_figure(
    name: str,
    colour: str,
    pronouns: str,
    look: Mapping[str, object],
    traits: list[str],
) -> Figure:
    """Return what a sprite is drawn from.

    Args:
        name: the character's id.
        colour: their colour, `#rrggbb`.
        pronouns: their pronouns.
        look: their `look` in YAML: `base`, `outfits`, `poses`, `expressions`.
        traits: the names of those that are worn, in any order.
    """

    def worn(kind: str) -> tuple[str, str]:
        listed = look.get(kind)
        texts = listed if isinstance(listed, dict) else {}
        trait = next((trait for trait in traits if trait in texts), "")
        return trait, str(texts.get(trait) or "")

    outfit, outfit_words = worn("outfits")
    pose, pose_words = worn("poses")
    expression, expression_words = worn("expressions")
    dress = read_dress(outfit, outfit_words)
    base = str(look.get("base") or "")
    person = read_person(name, base, pronouns)
    if "glove" in outfit_words and not any(e.startswith("gloves") for e in person["extras"]):
        person["extras"].append("gloves")
    return Figure(
        person=person,
        colour=colour,
        dress=dress,
        arms=read_arms(pose, pose_words),
        held=read_held(outfit_words, pose_words),
        face=read_face(expression, expression_words),
    )
