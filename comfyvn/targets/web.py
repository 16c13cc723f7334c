"""The web target: a Program to a folder that any static host can serve, from any path.

The functions here make the parts of a site; the steps in `web_actions` call them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.data import data_folder
from comfyvn.plan.requests import AssetRequest
from comfyvn.targets.web_fonts import fonts_needed
from comfyvn.targets.web_page import modules_needed, write_manifest, write_page, write_worker
from comfyvn.targets.web_story import NO_AVIF, digest

ICON_SIZES = (64, 180, 192, 512)
NOT_SHIPPED = frozenset({"dev"})
"""Folders of the player that only `serve` uses."""
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)$\n?|/\*\*[^\n]*?\*/ ?", re.M)

Files = dict[str, bytes]
"""Content by the path in the site."""


def translated(head: Mapping[str, Any]) -> list[str]:
    """Return the languages that the story is translated into."""
    return [name for name in head.get("languages", ()) if name != head["language"]]


def asset_file(key: str, digest: str, suffix: str) -> str:
    """Return the name of an asset in the site."""
    return f"assets/{key}-{digest[:12]}{suffix}"


def backdrop_file(wanted: AssetRequest | None, names: Mapping[str, str]) -> str | None:
    """Return the picture behind the title: the first place of the start scene, or any at all."""
    if wanted is not None:
        return names.get(f"{wanted.kind} {wanted.name}")
    return next((names[name] for name in sorted(names) if name.startswith("background ")), None)


class Fonts(NamedTuple):
    """The files of the fonts, and which is their style sheet."""

    files: Files
    sheet: str


def font_files(scripts: Collection[str]) -> Fonts:
    """Return the fonts for some scripts.

    Raises:
        OSError: a font cannot be read.
    """
    folder = data_folder("templates") / "web" / "fonts"
    fonts, rules = fonts_needed(
        scripts, {path.name: path.read_bytes() for path in folder.iterdir()}
    )
    sheet = f"fonts/fonts-{digest(rules.encode())}.css"
    return Fonts({f"fonts/{n}": data for n, data in fonts.items()} | {sheet: rules.encode()}, sheet)


class Code(NamedTuple):
    """The player: its files, their folder, the modules that the first screen needs."""

    files: Files
    folder: str
    modules: list[str]


def code_files() -> Code:
    """Return the player's modules and its style sheet.

    Raises:
        OSError: a template cannot be read.
    """
    templates = data_folder("templates") / "web"
    code = {
        path.relative_to(templates).as_posix(): without_comments(path.read_text("utf-8"))
        for path in sorted(templates.rglob("*"))
        if path.suffix in {".js", ".css"} and path.name != "sw.js" and path.is_file()
        if path.parent.name not in NOT_SHIPPED
    }
    folder = f"play-{digest(''.join(name + code[name] for name in sorted(code)).encode())}"
    files = {f"{folder}/{name}": text.encode() for name, text in code.items()}
    return Code(files, folder, modules_needed(code))


def without_comments(source: str) -> str:
    """Return a script or style sheet without its comments and indentation.

    Half of the player's source is types for its readers. The templates keep to what this takes
    out: comments begin a line, except `/** … */`, which no string or pattern of theirs holds.
    """
    return re.sub(r"^\s+", "", COMMENT.sub("", source), flags=re.M)


class Icons(NamedTuple):
    """The icons, and their names by size."""

    files: Files
    names: dict[int, str]


def badge(about: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what the icons are drawn from: palette and title."""
    theme = about["themes"].get(about.get("theme") or "", {})
    return theme.get("palette", {}), about["title"]


def icon_files(palette: dict[str, object], title: str) -> Icons:
    """Draw the icons."""
    # What paints takes long to import, and is seldom asked for.
    from comfyvn.drivers.painter.icon import draw_icon

    icons = Icons({}, {})
    for size in ICON_SIZES:
        data = draw_icon(palette, title, size)
        icons.names[size] = f"icons/{size}-{digest(data)}.png"
        icons.files[icons.names[size]] = data
    return icons


def page_files(
    about: Mapping[str, Any],
    code: Code,
    fonts: str,
    icons: Mapping[int, str],
    index: str,
    first: str,
    behind: Sequence[str],
) -> Files:
    """Return the page and the manifest.

    `behind` is the picture behind the title and its AVIF, or nothing.

    Raises:
        OSError: a template cannot be read.
    """
    page = write_page(
        (data_folder("templates") / "web" / "index.html").read_text(encoding="utf-8"),
        about,
        code=code.folder,
        modules=code.modules,
        fonts=fonts,
        story=index,
        first=[first],
        backdrop=behind,
        icons=icons,
    )
    manifest = write_manifest(about, icons)
    return {"index.html": page.encode(), "manifest.webmanifest": manifest.encode()}


def worker(game: str, files: Mapping[str, str], avif: Mapping[str, str] = NO_AVIF) -> bytes:
    """Return the service worker for the files of a site, given with their digests.

    `avif` has the AVIF of each picture that has one.

    Raises:
        OSError: the template cannot be read.
    """
    template = (data_folder("templates") / "web" / "sw.js").read_text(encoding="utf-8")
    return write_worker(without_comments(template), game, files, avif).encode()
