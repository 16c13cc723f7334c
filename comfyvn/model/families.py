"""The families that rules belong to, and how severe a project may find what they find."""

from __future__ import annotations

from typing import Literal

Level = Literal["off", "note", "warning", "error"]

FAMILIES = (
    "structure",
    "names",
    "variables",
    "text",
    "translation",
    "assets",
    "audio",
    "accessibility",
    "performance",
    "licences",
    "ratings",
    "release",
)

ADVISORY = ("VN16", "VN17", "VN18", "VN19", "VN20")
"""How the codes begin that are advice: even an error among them is a matter of opinion."""

_FAMILIES = {
    "VN03": "text",
    "VN04": "text",
    "VN05": "variables",
    "VN06": "names",
    "VN07": "structure",
    "VN08": "structure",
    "VN09": "translation",
    "VN0229": "translation",
    "VN0231": "translation",
    "VN10": "assets",
    "VN12": "assets",
    "VN1202": "licences",
    "VN1213": "ratings",
    "VN1214": "performance",
    "VN1215": "performance",
    "VN1220": "release",
    "VN13": "audio",
    "VN14": "assets",
    "VN16": "structure",
    "VN1611": "variables",
    "VN1614": "variables",
    "VN1615": "variables",
    "VN1616": "variables",
    "VN170": "release",
    "VN171": "text",
    "VN172": "text",
    "VN173": "structure",
    "VN174": "names",
    "VN175": "translation",
    "VN18": "assets",
    "VN181": "audio",
    "VN182": "accessibility",
    "VN183": "accessibility",
    "VN184": "performance",
    "VN19": "ratings",
    "VN1909": "licences",
    "VN191": "licences",
    "VN192": "licences",
    "VN20": "release",
    "VN2001": "structure",
    "VN2002": "names",
    "VN2003": "structure",
    "VN2004": "variables",
    "VN2005": "names",
    "VN2006": "names",
    "VN2007": "variables",
}
"""The family of the codes that begin so; the longest beginning counts."""


def family_of(code: str) -> str | None:
    """Return the family that a code belongs to; None for one that has none."""
    for length in (6, 5, 4):
        if (family := _FAMILIES.get(code[:length])) is not None:
            return family
    return None
