"""The web target: a Program to a folder that any static host can serve, from any path.

The functions here make the parts of a site; `web_actions` has them run one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.data import data_folder
from comfyvn.plan.assets import Asset, resolve_assets
from comfyvn.plan.requests import AssetRequest, asset_requests, backdrop, gallery, skeletons
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.canonical import packed
from comfyvn.story.program import Program
from comfyvn.targets.files import write_tree
from comfyvn.targets.web_fonts import fonts_needed, scripts_used
from comfyvn.targets.web_page import face, modules_needed, write_manifest, write_page, write_worker
from comfyvn.targets.web_story import digest, group_scenes, pack_fragment, pack_index, words_of

ICON_SIZES = (64, 180, 192, 512)
NOT_SHIPPED = frozenset({"dev"})
"""Folders of the player that only `serve` uses."""
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)$\n?|/\*\*[^\n]*?\*/ ?", re.M)

Files = dict[str, bytes]
"""Content by the path in the site."""


def build(program: Program, root: Path, out_dir: Path, out: Diagnostics) -> int:
    """Write the site into `out_dir`; return how many files changed.

    Raises:
        OSError: an asset cannot be read or the folder cannot be written.
    """
    requests = asset_requests(program)
    found = resolve_assets(root, program, requests, out)
    return write_tree(out_dir, site_files(program, found))


def site_files(program: Mapping[str, Any], found: Mapping[AssetRequest, Asset]) -> Files:
    """Return the files of the site by path: what the steps of a build make, made at once.

    Raises:
        OSError: an asset or a template cannot be read.
    """
    bare = skeletons(program)
    head = packed(head_of(program)).encode()
    files: Files = {}
    placed = {}
    for asset in dict.fromkeys(found.values()):
        data = asset.read()
        placed[asset.key] = asset_file(asset.key, digest(data), asset.suffix)
        files[placed[asset.key]] = data
    names = {f"{request.kind} {request.name}": placed[a.key] for request, a in found.items()}
    fragments, texts = [], [head]
    languages = translated(program)
    groups = group_scenes(
        program["scenes"], program["start"], languages=len(languages), assets=len(placed)
    )
    for key, group in groups:
        scenes = {name: packed(program["scenes"][name]).encode() for name in group}
        words = {
            language: [packed(words_of(program["scenes"][name], texts)).encode() for name in group]
            for language, texts in program.get("translations", {}).items()
            if language in languages
        }
        fragment, made = pack_fragment(key, scenes, words)
        fragments.append(fragment)
        texts += made.values()
        files |= made
    index, files[index] = pack_index(head, fragments, names, gallery(bare))
    about = face(program)
    fonts = font_files(scripts_used(texts))
    code = code_files()
    icons = icon_files(*badge(about))
    files |= fonts.files | code.files | icons.files
    first = next(part.file for part in fragments if program["start"] in part.scenes)
    behind = backdrop_file(backdrop(bare[program["start"]]), names)
    files |= page_files(about, code, fonts.sheet, icons.names, index, first, behind)
    files["sw.js"] = worker(about["id"], {name: digest(data) for name, data in files.items()})
    return files


def head_of(program: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Program, its scenes and translations emptied."""
    return {n: {} if n in {"scenes", "translations"} else part for n, part in program.items()}


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
    from comfyvn.drivers.placeholder.icon import draw_icon

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
    behind: str | None,
) -> Files:
    """Return the page and the manifest.

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


def worker(game: str, files: Mapping[str, str]) -> bytes:
    """Return the service worker for the files of a site, given with their digests.

    Raises:
        OSError: the template cannot be read.
    """
    template = (data_folder("templates") / "web" / "sw.js").read_text(encoding="utf-8")
    return write_worker(template, game, files).encode()
