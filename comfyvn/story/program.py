"""The types of the Program; `docs/program.md` says what everything means.

At run time a Program is plain JSON data. `schemas/program.schema.json` is generated from these
types.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

Value = bool | int | float | str | list[str]
Expr = list[Any]
"""`[operator, …]`."""
Place = str
"""`scene#label`; the label is empty for a scene's top."""
Look = dict[str, str]
"""`expression`, `pose` and `outfit` to the name of one."""
Rating = Literal["everyone", "teen", "mature", "adult"]
"""Who something is for. Players do not look at it; `comfyvn.story.content` does."""
Position = str | list[float]
"""A named place, or x and y from 0 to 1."""

# Text


class Emphasis(TypedDict):
    """Emphasised text."""

    em: Text


class Strong(TypedDict):
    """Strong text."""

    strong: Text


Deleted = TypedDict("Deleted", {"del": "Text"})


class Ruby(TypedDict):
    """A base with its reading."""

    ruby: Text
    rt: str


class Printed(TypedDict):
    """A slot's value."""

    v: int
    digits: NotRequired[int]


class Wording(TypedDict):
    """One of several wordings; the slot holds the draw."""

    wording: int
    of: list[Text]


class Plural(TypedDict):
    """The form of a number's category."""

    plural: int
    forms: dict[str, Text]


class Select(TypedDict):
    """The form that a value names."""

    select: int
    forms: dict[str, Text]


class Effects(TypedDict):
    """Stage ops that fire when the text reaches them."""

    fx: list[Op]


Fragment = str | Emphasis | Strong | Deleted | Ruby | Printed | Wording | Plural | Select | Effects
Text = list[Fragment]


class Translated(TypedDict):
    """A text in another language."""

    text: Text
    extra: NotRequired[list[Expr]]


# Ops

Say = TypedDict(
    "Say",
    {
        "op": Literal["say"],
        "id": str,
        "who": list[str],
        "as": NotRequired[str],
        "look": NotRequired[Look],
        "manner": NotRequired[Literal["whisper", "thought", "off"]],
        "text": Text,
        "slots": NotRequired[list[Expr]],
        "if": NotRequired[Expr],
        "once": NotRequired[bool],
        "count": NotRequired[bool],
        "gap": NotRequired[bool],
        "rating": NotRequired[Rating],
    },
)


class Page(TypedDict):
    """A page of a document."""

    op: Literal["page"]
    body: list[Op]


Choice = TypedDict(
    "Choice",
    {
        "id": str,
        "text": Text,
        "slots": NotRequired[list[Expr]],
        "if": NotRequired[Expr],
        "locked": NotRequired[Text],
        "locked_slots": NotRequired[list[Expr]],
        "once": NotRequired[bool],
        "else": NotRequired[bool],
        "timeout": NotRequired[float],
        "rating": NotRequired[Rating],
        "body": "list[Op]",
    },
)


class Menu(TypedDict):
    """The player chooses."""

    op: Literal["menu"]
    id: str
    choices: list[Choice]


Item = TypedDict(
    "Item",
    {
        "id": str,
        "weight": NotRequired[float],
        "if": NotRequired[Expr],
        "once": NotRequired[bool],
        "rating": NotRequired[Rating],
        "body": "list[Op]",
    },
)


class Pick(TypedDict):
    """The story chooses."""

    op: Literal["pick"]
    id: str
    mode: Literal["random", "shuffle", "cycle", "sequence"]
    items: list[Item]


Branch = TypedDict("Branch", {"if": NotRequired[Expr], "body": "list[Op]"})


class If(TypedDict):
    """The first branch whose condition holds."""

    op: Literal["if"]
    branches: list[Branch]


class Jump(TypedDict):
    """To a place, given or computed."""

    op: Literal["jump"]
    to: NotRequired[Place]
    value: NotRequired[Expr]


class Call(TypedDict):
    """To a place and back."""

    op: Literal["call"]
    id: str
    to: Place
    args: NotRequired[dict[str, Expr]]
    into: NotRequired[str]


class Return(TypedDict):
    """Back to the latest call."""

    op: Literal["return"]
    value: NotRequired[Expr]


class Set(TypedDict):
    """An assignment."""

    op: Literal["set"]
    var: str
    how: Literal["=", "+=", "-="]
    value: Expr


class Input(TypedDict):
    """The player writes a text."""

    op: Literal["input"]
    id: str
    var: str
    prompt: Text
    slots: NotRequired[list[Expr]]
    default: NotRequired[str]
    max: NotRequired[int]


class Ending(TypedDict):
    """The game is over."""

    op: Literal["ending"]
    id: str
    name: str
    title: str


class Break(TypedDict):
    """A scene break."""

    op: Literal["break"]
    id: str


class Picture(TypedDict):
    """A full-screen picture."""

    op: Literal["picture"]
    id: str
    asset: str
    alt: str


class Unlock(TypedDict):
    """Persistent, for galleries."""

    op: Literal["unlock"]
    name: str


class Notify(TypedDict):
    """A toast."""

    op: Literal["notify"]
    text: Text
    slots: NotRequired[list[Expr]]


Transition = Literal[
    "cut",
    "dissolve",
    "fade",
    "flash",
    "wipe_left",
    "wipe_right",
    "wipe_up",
    "wipe_down",
    "slide_left",
    "slide_right",
    "shake",
]
SceneOp = TypedDict(
    "SceneOp",
    {
        "op": Literal["scene"],
        "location": str,
        "time": NotRequired[str],
        "weather": NotRequired[str],
        "with": NotRequired[Transition],
        "seconds": NotRequired[float],
        "wait": NotRequired[bool],
    },
)
Show = TypedDict(
    "Show",
    {
        "op": Literal["show"],
        "what": str,
        "kind": Literal["sprite", "prop", "image"],
        "look": NotRequired[Look],
        "at": NotRequired[Position],
        "z": NotRequired[int],
        "with": NotRequired[Transition],
        "seconds": NotRequired[float],
        "wait": NotRequired[bool],
    },
)
Hide = TypedDict(
    "Hide",
    {
        "op": Literal["hide"],
        "what": str,
        "with": NotRequired[Transition],
        "seconds": NotRequired[float],
        "wait": NotRequired[bool],
    },
)


class Move(TypedDict):
    """To another place on the stage."""

    op: Literal["move"]
    what: str
    at: Position
    seconds: NotRequired[float]
    wait: NotRequired[bool]


Camera = TypedDict(
    "Camera",
    {
        "op": Literal["camera"],
        "zoom": NotRequired[float],
        "at": NotRequired[list[float]],
        "with": NotRequired[Transition],
        "seconds": NotRequired[float],
        "wait": NotRequired[bool],
    },
)
Channel = Literal["music", "ambience", "sfx"]


class Play(TypedDict):
    """A sound begins."""

    op: Literal["play"]
    channel: Channel
    name: str
    once: NotRequired[bool]
    loop: NotRequired[bool]
    fade: NotRequired[float]
    volume: NotRequired[float]


class Stop(TypedDict):
    """A channel falls silent."""

    op: Literal["stop"]
    channel: Channel
    fade: NotRequired[float]


class Voice(TypedDict):
    """A recording for the next spoken beat."""

    op: Literal["voice"]
    name: str


class Pause(TypedDict):
    """A rest, or a wait for the player."""

    op: Literal["pause"]
    seconds: NotRequired[float]


class Speed(TypedDict):
    """The typewriter's."""

    op: Literal["speed"]
    factor: float


class Setting(TypedDict):
    """The time of day, the weather or the theme."""

    op: Literal["time", "weather", "theme"]
    value: str


Op = (
    Say
    | Page
    | Menu
    | Pick
    | If
    | Jump
    | Call
    | Return
    | Set
    | Input
    | Ending
    | Break
    | Picture
    | Unlock
    | Notify
    | SceneOp
    | Show
    | Hide
    | Move
    | Camera
    | Play
    | Stop
    | Voice
    | Pause
    | Speed
    | Setting
)

# The whole


class Section(TypedDict):
    """A heading and what follows it. The first has an empty label and the scene's id."""

    id: str
    label: str
    title: str
    body: list[Op]


class Scene(TypedDict):
    """One file below `scenes/`."""

    id: str
    title: NotRequired[str]
    chapter: NotRequired[str]
    enter: NotRequired[list[Op]]
    sections: list[Section]
    next: NotRequired[str]
    params: NotRequired[list[str]]
    returns: NotRequired[Any]
    scene_variables: NotRequired[list[str]]
    rating: NotRequired[Rating]
    sfw_variant: NotRequired[str]


class Variable(TypedDict):
    """A declared variable."""

    type: Literal["bool", "int", "number", "text", "enum", "set", "label"]
    default: Value
    scope: Literal["persistent", "run", "scene"]
    low: NotRequired[float]
    high: NotRequired[float]
    values: NotRequired[list[str]]


class Wardrobe(TypedDict):
    """The names of a character's looks, the default first."""

    outfits: NotRequired[list[str]]
    poses: NotRequired[list[str]]
    expressions: NotRequired[list[str]]


class Character(TypedDict):
    """One of the cast."""

    name: str
    colour: str
    pronouns: str
    gender: str
    look: NotRequired[Wardrobe]


class EndingFacts(TypedDict):
    """An ending, for the list of them."""

    id: str
    name: str
    title: str
    scene: str


class Program(TypedDict):
    """A story, compiled."""

    format: Literal[1]
    id: str
    title: str
    version: str
    language: str
    languages: list[str]
    seed: NotRequired[int]
    start: str
    variables: NotRequired[dict[str, Variable]]
    characters: NotRequired[dict[str, Character]]
    scenes: dict[str, Scene]
    endings: NotRequired[list[EndingFacts]]
    unlocks: NotRequired[list[str]]
    plurals: NotRequired[dict[str, list[tuple[str, Expr]]]]
    translations: NotRequired[dict[str, dict[str, Translated]]]
    gone: NotRequired[dict[str, str]]
    about: dict[str, Any]
    theme: NotRequired[str]
    themes: NotRequired[dict[str, Any]]
    locations: NotRequired[dict[str, Any]]
    props: NotRequired[dict[str, Any]]
