"""The words of a picture's prompt, each with the place in the sources that it comes from.

A prompt goes from what is shown to how it is shown: subject, outfit, pose, expression, framing,
place, light, weather, style, mood. All expressions of a character share one composition, so that
two prompts of a set differ in nothing but the expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.plan.requests import LOOK_KINDS, SCENERY_KINDS, AssetRequest

SHIPPED = "comfyvn"
"""The origin of words that no source says, followed by what they are for."""
STORY = "the story"
"""The origin of words that a scene says: a time of day, the alt text of a picture."""

FRAMING = {
    "background": "wide view of the whole place, nobody in it",
    "sprite": "one person alone, seen from head to knees, facing the viewer, plain light grey "
    "background",
    "prop": "one object alone, seen whole and centred, plain light grey background",
    "image": "seen whole and centred",
    "picture": "one moment as a full-screen illustration",
}
AVOIDED = {
    "background": "people, figures, text, watermark",
    "sprite": "several people, cropped head, scenery, cast shadow, text, watermark",
    "prop": "people, hands, scenery, cast shadow, text, watermark",
    "image": "text, watermark",
    "picture": "speech bubbles, text, watermark",
}
_PERSON = {"she": "a woman", "he": "a man", "they": "a person", "it": "a creature"}

Said = Mapping[str, Any]
"""What the YAML sources say (`comfyvn.model.globals`): keys that they leave out are left out."""


class Piece(NamedTuple):
    """Some words of a prompt.

    Attributes:
        words: phrases parted by commas.
        origin: the file and the key that say them, such as
            `characters/kit.yaml look.expressions.grin`.
    """

    words: str
    origin: str


class Prompt(NamedTuple):
    """What a picture shows, and what it should not, in order."""

    positive: tuple[Piece, ...]
    negative: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The prompt."""
        return ", ".join(piece.words for piece in self.positive)

    @property
    def negative_text(self) -> str:
        """The negative prompt."""
        return ", ".join(piece.words for piece in self.negative)


def compose(said: Said, request: AssetRequest, alt: str = "") -> Prompt:
    """Return the prompt of a picture.

    Args:
        said: what the YAML sources say.
        request: which picture.
        alt: the alt text that the story gives it.
    """
    match request.kind:
        case "sprite":
            shown = _sprite(said, request)
        case "background":
            shown = _place(said, request)
        case "prop":
            shown = _prop(said, request)
        case _:
            shown = _moment(said, request, alt)
    return Prompt(
        tuple(_cleaned(shown)), tuple(_cleaned(_avoided(said.get("project", {}), request.kind)))
    )


def look_of(said: Said, request: AssetRequest) -> dict[str, str]:
    """Return the expression, pose and outfit of a sprite, those that it has."""
    look = said.get("characters", {}).get(request.subject, {}).get("look", {})
    return _parted(request.traits, {kind: look.get(f"{kind}s", ()) for kind in LOOK_KINDS})


def scenery_of(said: Said, request: AssetRequest) -> dict[str, str]:
    """Return the time and the weather of a background, those that it has."""
    _, place, world = location_of(said, request.subject)
    return _parted(
        request.traits,
        {kind: {*world.get(f"{kind}s", ()), *place.get(f"{kind}s", ())} for kind in SCENERY_KINDS},
    )


def people_in(said: Said, alt: str) -> list[str]:
    """Return the characters that an alt text names, in its order.

    By a name or an alias, or by the word of one that is their id too: `Odile` of `Odile Harker`.
    """
    found: dict[str, int] = {}
    for id, character in said.get("characters", {}).items():
        names = [character.get("name", id), *character.get("aliases", ())]
        names += [word for name in names for word in name.split() if word.casefold() == id]
        either = "|".join(map(re.escape, names))
        match = re.search(rf"(?<!\w)(?:{either})(?!\w)", alt)
        if match is not None:
            found[id] = match.start()
    return sorted(found, key=lambda id: (found[id], id))


# What each kind of picture shows


def _sprite(said: Said, request: AssetRequest) -> Iterator[Piece]:
    traits = look_of(said, request)
    yield from _person(said, request.subject)
    yield from _worn(said, request.subject, traits)
    yield from _framing(said, request.kind)
    yield from _style(said)
    yield from _tone(said, request.subject)


def _place(said: Said, request: AssetRequest) -> Iterator[Piece]:
    origin, place, _ = location_of(said, request.subject)
    key = next((key for key in ("look", "alt", "name") if place.get(key)), None)
    if key is None:
        yield Piece(request.subject.rpartition("/")[2].replace("_", " "), STORY)
    else:
        yield Piece(place[key], f"{origin}.{key}")
    if key != "look" and place.get("kind"):
        yield Piece(place["kind"], f"{origin}.kind")
    yield from _framing(said, request.kind)
    for kind, value in scenery_of(said, request).items():
        words = place.get(f"{kind}s", {}).get(value)
        if words:
            yield Piece(words, f"{origin}.{kind}s.{value}")
        else:
            yield Piece(value.replace("_", " "), f"{STORY}: {kind}")
    yield from _style(said)
    yield from _grading(said)
    yield from _tone(said, request.subject)


def _prop(said: Said, request: AssetRequest) -> Iterator[Piece]:
    prop = said.get("props", {}).get(request.subject, {})
    key = next((key for key in ("look", "name", "alt") if prop.get(key)), None)
    if key is None:
        yield Piece(request.subject.replace("_", " "), STORY)
    else:
        yield Piece(prop[key], f"props/{request.subject}.yaml {key}")
    yield from _framing(said, request.kind)
    yield from _style(said)


def _moment(said: Said, request: AssetRequest, alt: str) -> Iterator[Piece]:
    yield Piece(
        alt or request.subject.rpartition("/")[2].replace("_", " "),
        f"{STORY}: {'alt text' if alt else 'name'} of `{request.subject}`",
    )
    for id in people_in(said, alt):
        look = said["characters"][id].get("look", {})
        yield from _person(said, id)
        outfit = next(iter(look.get("outfits", ())), None)
        yield from _worn(said, id, {"outfit": outfit} if outfit else {})
    yield from _framing(said, request.kind)
    yield from _style(said)
    yield from _grading(said)
    yield from _tone(said, request.subject)


# Parts


def _person(said: Said, id: str) -> Iterator[Piece]:
    character = said.get("characters", {}).get(id, {})
    base = character.get("look", {}).get("base")
    if base:
        yield Piece(base, f"characters/{id}.yaml look.base")
    else:
        yield Piece(_PERSON[character.get("pronouns", "they")], f"characters/{id}.yaml pronouns")


def _worn(said: Said, id: str, traits: Mapping[str, str]) -> Iterator[Piece]:
    """Yield outfit, pose and expression: what stays comes before what changes."""
    look = said.get("characters", {}).get(id, {}).get("look", {})
    for kind in reversed(LOOK_KINDS):
        value = traits.get(kind)
        if value is None:
            continue
        words = look.get(f"{kind}s", {}).get(value)
        if words:
            yield Piece(words, f"characters/{id}.yaml look.{kind}s.{value}")
        else:
            yield Piece(value.replace("_", " "), f"{STORY}: {kind}")


def _framing(said: Said, kind: str) -> Iterator[Piece]:
    own = said.get("project", {}).get("pictures", {}).get("framing", {}).get(kind)
    if own is not None:
        yield Piece(own, f"vn.yaml pictures.framing.{kind}")
    else:
        yield Piece(FRAMING[kind], f"{SHIPPED}: framing of a {kind}")


def _style(said: Said) -> Iterator[Piece]:
    yield from _of_theme(said, "prompt_style")


def _grading(said: Said) -> Iterator[Piece]:
    # Not for what is cut out: it stands before every place, in every light.
    yield from _of_theme(said, "grading")


def _of_theme(said: Said, key: str) -> Iterator[Piece]:
    themes = said.get("themes", {})
    name = said.get("project", {}).get("theme")
    id = name if name in themes else next(iter(themes), None)
    if id is not None and themes[id].get(key):
        yield Piece(themes[id][key], f"themes/{id}.yaml {key}")


def _tone(said: Said, subject: str) -> Iterator[Piece]:
    """Yield the first sentence of the world's tone: what follows it is for writers."""
    for id, world in _worlds(said):
        named = world.get("tone")
        if named and (len(_worlds(said)) == 1 or subject in world.get("locations", {})):
            yield Piece(re.split(r"(?<=[.!?])\s", named.strip())[0], f"worlds/{id}.yaml tone")
            return


def _avoided(project: Mapping[str, Any], kind: str) -> Iterator[Piece]:
    negative = project.get("pictures", {}).get("negative")
    if negative:
        yield Piece(negative, "vn.yaml pictures.negative")
    yield Piece(AVOIDED[kind], f"{SHIPPED}: not in a {kind}")


def _worlds(said: Said) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the worlds that locations are looked up in, as the Program does it."""
    worlds = said.get("worlds", {})
    named = said.get("project", {}).get("world")
    return [(named, worlds[named])] if named in worlds else list(worlds.items())


def location_of(said: Said, id: str) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """Return where a location is declared, what is said of it, and its world."""
    for name, world in reversed(_worlds(said)):
        if id in world.get("locations", {}):
            return f"worlds/{name}.yaml locations.{id}", world["locations"][id], world
    return "", {}, {}


def _parted(traits: Iterable[str], known: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Give each trait, in the order of the kinds, the first kind that knows it."""
    left = list(traits)
    found: dict[str, str] = {}
    for kind, values in known.items():
        if left and left[0] in values:
            found[kind] = left.pop(0)
    for kind in known:
        if left and kind not in found:
            found[kind] = left.pop(0)
    return {kind: found[kind] for kind in known if kind in found}


# Words


def _cleaned(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces on one line each, and every phrase only where it is said first."""
    said: set[str] = set()
    for words, origin in pieces:
        fresh = []
        for phrase in _phrases(" ".join(words.split())):
            phrase = phrase.strip(" .")  # noqa: PLW2901
            if phrase and phrase.casefold() not in said:
                said.add(phrase.casefold())
                fresh.append(phrase)
        if fresh:
            yield Piece(", ".join(fresh), origin)


def _phrases(text: str) -> Sequence[str]:
    """Part a text at its commas, but not within brackets: `(red hair, blue eyes:1.2)`."""
    found, depth, start = [], 0, 0
    for index, letter in enumerate(text):
        depth = max(0, depth + (letter in "([{<") - (letter in ")]}>"))
        if letter == "," and depth == 0:
            found.append(text[start:index])
            start = index + 1
    return [*found, text[start:]]
