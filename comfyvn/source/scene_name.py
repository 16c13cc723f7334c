"""Which names of files can be ids of scenes."""

from __future__ import annotations

import re

# A name that is right at first sight, as nearly all are.
_PLAIN_NAME = re.compile(
    r"(?:(?!(?i:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:/|$))[a-zA-Z0-9_-]+(?:/(?!$)|$))+"
)
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?")


def unusable_scene(name: str) -> str | None:
    """Return why the name of a scene's file cannot be an id on every system; None when it can."""
    if _PLAIN_NAME.fullmatch(name):
        return None
    bad = re.search(r'[\x00-\x1f\x7f-\x9f\\:*?"<>|#%\ufffd]', name)
    parts = name.split("/")
    if bad and bad[0] == "\ufffd":
        return "the name of this file is not UTF-8"
    if bad:
        return f"the name of a scene cannot have {bad[0]!a} in it"
    if any(part != part.strip(" .") or not part for part in parts):
        return "the name of a scene cannot begin or end with a space or a full stop"
    if any(_DEVICE.fullmatch(part) for part in parts):
        return "Windows keeps this name for a device"
    return None
