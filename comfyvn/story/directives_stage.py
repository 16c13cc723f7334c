"""Directives that change what is seen."""

from __future__ import annotations

from typing import Any

from comfyvn.source.nearest import did_you_mean, nearest
from comfyvn.story.directive_form import PLACES, TRANSITIONS, Given, Word
from comfyvn.story.directive_registry import Context, asset, directive
from comfyvn.story.resolve import Names
from comfyvn.story.types import Op

_MOVE_SECONDS = 0.5
_CAMERA_SECONDS = 0.8


def transition(given: Given, unsaid: str | None = None) -> Op:
    """Return the fields `with`, `seconds` and `wait`.

    `with` waits; `over N` alone dissolves alongside; `and wait` waits. `unsaid` is the
    transition, running alongside, when nothing is said.
    """
    name = given.get("with")
    over = given.get("over")
    wait = name is not None or "and" in given.values
    if name is None:
        name = unsaid or ("dissolve" if wait or over is not None else None)
    if name is None or name == "cut":
        return {"with": name} if name else {}
    fields: Op = {"with": name, "seconds": TRANSITIONS[name] if over is None else over}
    if wait:
        fields["wait"] = True
    return fields


def _timed(given: Given, seconds: float) -> Op:
    fields: Op = {"seconds": seconds if given.get("over") is None else given.get("over")}
    if "and" in given.values or "with" in given.values:
        fields["wait"] = True
    return fields


def _known(
    given: Given, to: Context, key: str, kind: str, code: str, valid: Any, *, closed: bool
) -> str | None:
    """Return the name given for `key` when it is declared; report it when it is not."""
    word: Word = given.values[key]
    if word.text in valid or not closed:
        return word.text
    help = did_you_mean(word.text, valid) or f"declare the {kind} first"
    to.error(code, f"there is no {kind} `{word.text}`", word.start, word.end, help)
    return None


def _time(given: Given, to: Context, key: str) -> str | None:
    times = to.names.times
    return _known(
        given,
        to,
        key,
        "time of day",
        "VN0607",
        sorted(times),
        closed=bool(times) and not to.names.worlds_unread,
    )


def _weather(given: Given, to: Context, key: str) -> str | None:
    weathers = to.names.weathers
    return _known(
        given,
        to,
        key,
        "weather",
        "VN0607",
        sorted(weathers),
        closed=bool(weathers) and not to.names.worlds_unread,
    )


def _at(given: Given, to: Context, prop: str | None = None, key: str = "at") -> Any:
    """Return a place's name, or [x, y]; None when it was reported."""
    value = given.values[key]
    if isinstance(value, list):
        return value
    anchors = to.names.props[prop].anchors if prop and prop in to.names.props else {}
    if value.text in anchors:
        return list(anchors[value.text])
    if value.text in PLACES:
        return value.text
    valid = [*anchors, *PLACES]
    if f"props/{prop}.yaml" in to.names.unread:
        return None
    help = did_you_mean(value.text, valid)
    to.error("VN0608", f"there is no place `{value.text}`", value.start, value.end, help)
    return None


@directive(
    "scene LOCATION [at TIME] [in WEATHER] [with TRANSITION] [over SECONDS] [and wait]",
    doc="Changes the background and empties the stage. The location's ambience begins.",
    example="scene school/roof at night with dissolve over 1.2",
)
def _scene(given: Given, to: Context) -> list[Op] | None:
    location = _known(
        given,
        to,
        "location",
        "location",
        "VN0605",
        list(to.names.locations),
        closed=not to.names.worlds_unread,
    )
    time = _time(given, to, "at") if given.get("at") else None
    weather = _weather(given, to, "in") if given.get("in") else None
    if location is None:
        return None
    op: Op = {"op": "scene", "location": location}
    if time:
        op["time"] = time
    if weather:
        op["weather"] = weather
    return [op | transition(given), *location_ambience(to.names, location)]


def location_ambience(names: Names, location: str) -> list[Op]:
    """Return the change of ambience that comes with a location.

    A location without one is silent, when any other has one.
    """
    ambience = names.locations.get(location)
    if ambience and ambience != "none":
        return [{"op": "play", "channel": "ambience", "name": ambience}]
    if any(names.locations.values()):
        return [{"op": "stop", "channel": "ambience"}]
    return []


def _what(given: Given, to: Context) -> tuple[str, str, list[Word]] | None:
    """Return what is meant, its kind, and the words that are left for its look."""
    word: Word = given.values["what"]
    rest: list[Word] = given.get("look") or []
    if word.text in to.names.characters:
        return word.text, "sprite", rest
    if word.text in to.names.props:
        return word.text, "prop", rest
    declared = [*to.names.characters, *to.names.props]
    near = nearest(word.text, declared)
    if near and not (near.startswith(word.text) or word.text.startswith(near)):
        to.error(
            "VN0606",
            f"there is no character, prop or image `{word.text}`",
            word.start,
            word.end,
            f"did you mean `{near}`?",
        )
        return None
    if asset(word, to) is None:
        return None
    return " ".join([word.text, *(each.text for each in rest)]), "image", []


@directive(
    "show WHAT [LOOK…] [at PLACE] [z LAYER] [with TRANSITION] [over SECONDS] [and wait]",
    doc=(
        "Shows a character in the look given, a prop, or an image. Showing again keeps the place. "
        "PLACE is `far_left`, `left`, `center`, `right`, `far_right`, a prop's anchor, "
        "or X Y from 0 to 1."
    ),
    example="show mei angry at center with shake",
    inline="show",
)
def _show(given: Given, to: Context) -> list[Op] | None:
    meant = _what(given, to)
    if meant is None:
        return None
    what, kind, rest = meant
    op: Op = {"op": "show", "what": what, "kind": kind}
    unsaid = None
    if kind == "sprite" and rest:
        look = to.look(what, rest)
        if look is None:
            return None
        op["look"] = look
    elif kind == "prop":
        if rest:
            to.error(
                "VN0803",
                f"the prop `{what}` has no looks",
                rest[0].start,
                rest[-1].end,
                f"write `show {what}`",
            )
            return None
        op["z"] = to.names.props[what].z
        unsaid = to.names.props[what].tween
    if given.get("at") is not None:
        at = _at(given, to, what)
        if at is None:
            return None
        op["at"] = at
    if given.get("z") is not None:
        op["z"] = given.get("z")
    return [op | transition(given, unsaid)]


@directive(
    "prop NAME [at PLACE] [z LAYER] [with TRANSITION] [over SECONDS] [and wait]",
    doc="Puts a prop on the stage, at one of its anchors or any place. `hide` takes it away.",
    example="prop lamp at desk",
)
def _prop(given: Given, to: Context) -> list[Op] | None:
    name = _known(given, to, "name", "prop", "VN0606", list(to.names.props), closed=True)
    if name is None:
        return None
    given.values["what"] = given.values["name"]
    return _show(given, to)


@directive(
    "hide WHAT [LOOK…] [with TRANSITION] [over SECONDS] [and wait]",
    doc="Takes a character, prop, image or picture off the stage.",
    example="hide mei with fade",
    inline="hide",
)
def _hide(given: Given, to: Context) -> list[Op] | None:
    meant = _what(given, to)
    if meant is None:
        return None
    what, _, rest = meant
    if rest:
        to.error(
            "VN0803",
            "`hide` takes no look",
            rest[0].start,
            rest[-1].end,
            f"write `hide {what}`",
        )
        return None
    return [{"op": "hide", "what": what} | transition(given)]


@directive(
    "move WHAT at PLACE [over SECONDS] [and wait]",
    doc="Moves what is on the stage to another place.",
    example="move mei at right over 1 and wait",
)
def _move(given: Given, to: Context) -> list[Op] | None:
    meant = _what(given, to)
    if meant is None:
        return None
    at = _at(given, to, meant[0], "place")
    if at is None:
        return None
    return [{"op": "move", "what": meant[0], "at": at} | _timed(given, _MOVE_SECONDS)]


@directive(
    "camera [zoom FACTOR] [at PLACE] [with TRANSITION] [over SECONDS] [and wait]",
    doc="Moves the camera to a point and zooms; `camera` alone goes back to the whole view.",
    example="camera zoom 1.4 at 0.5 0.3 over 2",
    inline="camera",
)
def _camera(given: Given, to: Context) -> list[Op] | None:
    op: Op = {"op": "camera"}
    if given.get("zoom") is not None:
        op["zoom"] = given.get("zoom")
    if given.get("at") is not None:
        at = _at(given, to)
        if at is None:
            return None
        op["at"] = at if isinstance(at, list) else [PLACES[at], 0.5]
    if given.get("with") == "cut":
        return [op | {"with": "cut"}]
    if given.get("with"):
        op["with"] = given.get("with")
    return [op | _timed(given, TRANSITIONS.get(given.get("with"), _CAMERA_SECONDS))]


@directive("time TIME", doc="Changes the time of day of the background.", example="time dusk")
def _set_time(given: Given, to: Context) -> list[Op] | None:
    value = _time(given, to, "time")
    return None if value is None else [{"op": "time", "value": value}]


@directive("weather WEATHER", doc="Changes the weather of the background.", example="weather rain")
def _set_weather(given: Given, to: Context) -> list[Op] | None:
    value = _weather(given, to, "weather")
    return None if value is None else [{"op": "weather", "value": value}]


@directive("theme THEME", doc="Changes the theme, until the next scene.", example="theme night")
def _theme(given: Given, to: Context) -> list[Op] | None:
    value = _known(given, to, "theme", "theme", "VN0609", list(to.names.themes), closed=True)
    return None if value is None else [{"op": "theme", "value": value}]
