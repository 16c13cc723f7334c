"""`lint:` and `prose:` of `vn.yaml`: how severe findings are, and what texts are held against."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from comfyvn.model.base import Source
from comfyvn.model.families import FAMILIES
from comfyvn.source.codes import codes
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.nearest import nearest

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject

_FOREIGN = re.compile(r"(?!VN)[A-Z]{2,}[0-9]{1,6}")
"""The code of a pass that another package brings."""


class Prose(Source):
    """What texts are held against."""

    rows: Annotated[
        int, Field(ge=1, le=40, description="How many rows of the text box a line may take")
    ] = 6
    choice_rows: Annotated[
        int, Field(ge=1, le=10, description="How many rows the text of a choice may take")
    ] = 2
    spelling: Annotated[
        dict[str, str],
        Field(
            description="The dictionary of a language: `en: en_GB`, or `none`; without it all of "
            "the language that are found"
        ),
    ] = {}


def is_rule(name: str) -> bool:
    """Whether a code is one of ours, or has the form of one that another package brings."""
    return _FOREIGN.fullmatch(name) is not None or name in codes()


def check_lint(loaded: LoadedProject, out: Diagnostics) -> None:
    """Report what `lint` of `vn.yaml` names and there is not."""
    for name in loaded.project.lint:
        if name in FAMILIES or is_rule(name):
            continue
        near = nearest(name, (*FAMILIES, *codes()))
        out.warning(
            "VN1703",
            f"there is no rule and no family `{name}`",
            loaded.key_at("vn.yaml", "lint", name),
            help=f"did you mean `{near}`?" if near else f"families are {', '.join(FAMILIES)}",
        )
