"""Texts of licences that people have to read: `licenses/NAME.txt`, with `NAME.yaml` beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from comfyvn.model.policy import LicenceText
from comfyvn.source.diagnostics import Diagnostics, Span


class Snapshot(NamedTuple):
    """A licence's text and what is known of it.

    Attributes:
        name: the stem of its files.
        path: the YAML file.
        told: what that says.
        sha256: of the text, with line ends as `\\n`; None if there is no text.
        needed: whether something that the game is made with is under it.
    """

    name: str
    path: str
    told: LicenceText
    sha256: str | None
    needed: bool = True

    @property
    def acknowledged(self) -> bool:
        """Whether somebody has read the text as it is now."""
        return any(each.sha256 == self.sha256 for each in self.told.acknowledged)

    def covers(self, name: str) -> bool:
        """Whether it is the licence of a model or file."""
        return any(fnmatchcase(name.lower(), each.lower()) for each in self.told.covers)


def digest_of_text(data: bytes) -> str:
    """Return the SHA-256 of a text, the same whatever line ends it was written with."""
    plain = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(plain).hexdigest()


def check_snapshots(
    snapshots: Iterable[Snapshot], models: Mapping[str, Span], out: Diagnostics
) -> list[Snapshot]:
    """Report models without a licence's text, and texts that nobody has read as they are.

    Args:
        snapshots: all that there are.
        models: the models and LoRAs that pictures and voices are made with, and where they stand.
        out: where findings go.

    Returns:
        The snapshots, those that nothing is under as not needed. One that covers nothing by name
        is needed: somebody put it there for the whole game.
    """
    found = []
    snapshots = list(snapshots)
    for model, span in sorted(models.items()):
        if not any(each.covers(model) for each in snapshots):
            out.warning(
                "VN1920",
                f"there is no copy of the licence of the model `{model}`",
                span,
                help="put its text into `licenses/NAME.txt`, and beside it `NAME.yaml` with "
                f'`covers: ["{model}"]` and `source:`',
            )
    for each in snapshots:
        needed = not each.told.covers or any(map(each.covers, models))
        found.append(each._replace(needed=needed))
        whole = Span.whole_file(each.path)
        text = each.path.removesuffix(".yaml") + ".txt"
        if each.sha256 is None:
            out.warning(
                "VN1922",
                f"there is no `{text}` with the text that this file tells of",
                whole,
                help=f"copy it from {each.told.source}",
            )
        elif needed and not each.acknowledged:
            out.warning(
                "VN1921",
                f"`{text}` has changed since it was acknowledged"
                if each.told.acknowledged
                else f"nobody has acknowledged `{text}` yet",
                whole,
                help=f"read it, and run `comfyvn publish --ack {each.name} --by NAME`",
            )
    return found
