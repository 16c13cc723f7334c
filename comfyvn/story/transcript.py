"""The types of a transcript's records; `docs/program.md` says what they mean."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from comfyvn.story.program import Channel, Look, Position, Transition, Value


class LineRecord(TypedDict):
    """A beat, up to its first effect."""

    t: Literal["line"]
    id: str
    who: list[str]
    name: str
    text: str
    page: NotRequired[Literal[True]]
    manner: NotRequired[Literal["whisper", "thought", "off"]]


class MoreRecord(TypedDict):
    """What follows an effect."""

    t: Literal["more"]
    id: str
    text: str


StageRecord = TypedDict(
    "StageRecord",
    {
        "t": Literal["stage"],
        "do": str,
        "id": NotRequired[str],
        "what": NotRequired[str],
        "kind": NotRequired[Literal["sprite", "prop", "image"]],
        "look": NotRequired[Look],
        "location": NotRequired[str],
        "time": NotRequired[str],
        "weather": NotRequired[str],
        "asset": NotRequired[str],
        "alt": NotRequired[str],
        "zoom": NotRequired[float],
        "at": NotRequired[Position],
        "with": NotRequired[Transition],
        "seconds": NotRequired[float],
        "wait": NotRequired[bool],
        "channel": NotRequired[Channel],
        "name": NotRequired[str],
        "once": NotRequired[bool],
        "loop": NotRequired[bool],
        "fade": NotRequired[float],
        "volume": NotRequired[float],
        "factor": NotRequired[float],
        "value": NotRequired[str],
    },
)


class OfferRecord(TypedDict):
    """A choice in a menu."""

    id: str
    text: str
    enabled: bool
    reason: NotRequired[str]


class MenuRecord(TypedDict):
    """A menu that opened."""

    t: Literal["menu"]
    id: str
    choices: list[OfferRecord]


class ChoiceRecord(TypedDict):
    """A choice that was taken."""

    t: Literal["choice"]
    id: str
    menu: str


class PickRecord(TypedDict):
    """An item that the story chose."""

    t: Literal["pick"]
    id: str
    item: str


class DrawRecord(TypedDict):
    """A draw: the integer of 53 bits."""

    t: Literal["draw"]
    stream: str
    value: int


class SetRecord(TypedDict):
    """What a variable holds after an assignment."""

    t: Literal["set"]
    var: str
    value: Value


class InputRecord(TypedDict):
    """What the player wrote."""

    t: Literal["input"]
    id: str
    value: str


class BreakRecord(TypedDict):
    """A scene break."""

    t: Literal["break"]
    id: str


class UnlockRecord(TypedDict):
    """Something that is unlocked."""

    t: Literal["unlock"]
    name: str


class NotifyRecord(TypedDict):
    """A toast."""

    t: Literal["notify"]
    text: str


class EndingRecord(TypedDict):
    """The end."""

    t: Literal["ending"]
    id: str
    name: str
    title: str


class WaitingRecord(TypedDict):
    """The answers ran out at this menu or input."""

    t: Literal["waiting"]
    id: str


class StuckRecord(TypedDict):
    """The story ran on without end."""

    t: Literal["stuck"]


AnyRecord = (
    LineRecord
    | MoreRecord
    | StageRecord
    | MenuRecord
    | ChoiceRecord
    | PickRecord
    | DrawRecord
    | SetRecord
    | InputRecord
    | BreakRecord
    | UnlockRecord
    | NotifyRecord
    | EndingRecord
    | WaitingRecord
    | StuckRecord
)
"""`schemas/transcript.schema.json` is generated from this."""
