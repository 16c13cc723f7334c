"""The site as it was last built: its page, and its story in memory."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.targets.web_story import digest

STORY = "story"
"""The folder of the story's files, whose names hold their digests."""

_CONFIG = re.compile(r'<script type="application/json" id="config">(.*?)</script>', re.S)
_CODE = re.compile(r'<script type="module" src="([^"]+)/main\.js">')


class Site(NamedTuple):
    """One build of the site.

    Attributes:
        page: the page as it was built.
        code: the folder of the player's modules.
        story: the file of the story's index.
        index: what is in it.
        files: the story's files by path. Those of the build before are there too, as a page may
            still be asking for them.
        shell: changes when an open page has to be loaded again: what its scripts and settings are.
    """

    page: str
    code: str
    story: str
    index: Any
    files: dict[str, bytes]
    shell: str

    @property
    def version(self) -> str:
        """Changes when anything in the page does."""
        return digest(self.page.encode())


def read_site(folder: Path, before: Site | None = None) -> Site | None:
    """Read what was built into a folder; None when there is no whole site.

    What `before` has already is not read again.
    """
    try:
        page = (folder / "index.html").read_text(encoding="utf-8")
        names = [f"{STORY}/{path.name}" for path in (folder / STORY).iterdir()]
        held = before.files if before else {}
        files = {
            name: held[name] if name in held else (folder / name).read_bytes() for name in names
        }
        config, code = _CONFIG.search(page), _CODE.search(page)
        if config is None or code is None:
            return None
        settings = json.loads(config[1])
        story = settings.pop("story")
        index = before.index if before and story == before.story else json.loads(files[story])
    except (OSError, ValueError, KeyError):
        return None
    shell = digest(json.dumps([settings, code[1]], sort_keys=True).encode())
    last = {name: held[name] for name in _named(before)} if before else {}
    return Site(page, code[1], story, index, last | files, shell)


def _named(site: Site | None) -> set[str]:
    """Return the files that the index of a site names, and the index itself."""
    if site is None:
        return set()
    found = {site.story}
    stack = [site.index.get("fragments"), site.index.get("words")]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        elif value in site.files:
            found.add(value)
    return found
