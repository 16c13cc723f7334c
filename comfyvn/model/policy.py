"""`policy/ratings.yaml` and `licenses/NAME.yaml`: what people decided, and who did."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from comfyvn.model.base import Rating, Source

LICENCES_FOLDER = "licenses"


def _existing(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise PydanticCustomError("no_day", "there is no such day") from None
    return day


Day = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="A day: `2027-01-31`"),
    AfterValidator(_existing),
]


class Bucket(Source):
    """Words that hint at one thing for people of one age."""

    rating: Annotated[Rating, Field(description="Who what they hint at is for")]
    hint: Annotated[str, Field(min_length=1, description="What they hint at, in a few words")]
    sure: Annotated[
        float | int, Field(gt=0, lt=1, description="How often they really mean it, by our guess")
    ] = 0.5
    words: Annotated[
        dict[str, list[str]],
        Field(description="The words, by language; `*` at the end stands for any ending"),
    ] = {}


class Words(Source):
    """What words hint at, by name: `rules/ratings.yaml`, and what a project says otherwise."""

    buckets: Annotated[
        dict[str, Bucket | None], Field(description="By name; a project's own wins, null drops it")
    ] = {}
    harmless: Annotated[
        list[str], Field(description="Words that hint at nothing here, whatever the lists say")
    ] = []


class Override(Source):
    """What somebody decided about one thing."""

    item: Annotated[
        str,
        Field(
            min_length=1,
            description="The id of a line, choice, outcome or section; a scene; a label, "
            "`night/attic#the-trunk`; or an asset, `picture one_pair`",
        ),
    ]
    rating: Annotated[Rating, Field(description="Who it is for; this wins over all else")]
    reason: Annotated[str, Field(min_length=1, description="Why")]
    reviewer: Annotated[str | None, Field(description="Who says so")] = None
    date: Annotated[Day | None, Field(description="When")] = None
    sfw_variant: Annotated[
        str | None,
        Field(description="Of an asset: the one of the same kind for targets it does not fit"),
    ] = None
    sfw_alt: Annotated[
        str | None, Field(description="The alt text of a full-screen picture's `sfw_variant`")
    ] = None


class Ratings(Source):
    """`policy/ratings.yaml`."""

    words: Annotated[Words, Field(description="What words hint at here")] = Words()
    classifier: Annotated[
        str | None, Field(description="The installed classifier that looks at the pictures")
    ] = None
    overrides: Annotated[list[Override], Field(description="What was decided, item by item")] = []


class Acknowledgement(Source):
    """That somebody has read a text, as it was then."""

    sha256: Annotated[
        str, Field(pattern=r"^[0-9a-f]{64}$", description="The text's, with line ends as `\\n`")
    ]
    by: Annotated[str, Field(min_length=1, description="Who has read it")]
    date: Annotated[Day, Field(description="When")]
    notes: Annotated[str | None, Field(description="What they think of it")] = None


class LicenceText(Source):
    """`licenses/NAME.yaml`, beside the text in `licenses/NAME.txt`."""

    source: Annotated[str, Field(min_length=1, description="Where the text was taken from")]
    licence: Annotated[
        str | None, Field(description="An SPDX expression; `LicenseRef-NAME` for any other")
    ] = None
    covers: Annotated[
        list[str],
        Field(description="The models, LoRAs and files that it is for; `*` stands for anything"),
    ] = []
    date: Annotated[Day | None, Field(description="When the text was taken")] = None
    acknowledged: Annotated[
        list[Acknowledgement],
        Field(description="Who has read it; counts only for the text that they read"),
    ] = []
