"""The web target: a Program to a folder that any static host can serve, from any path."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comfyvn.data import data_folder
from comfyvn.drivers.placeholder.icon import draw_icon
from comfyvn.plan.assets import Asset, resolve_assets
from comfyvn.plan.requests import AssetRequest, asset_requests
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.program import Program
from comfyvn.targets.files import write_tree
from comfyvn.targets.web_fonts import fonts_needed
from comfyvn.targets.web_page import modules_needed, write_manifest, write_page, write_worker
from comfyvn.targets.web_story import digest, pack_story

MOST_FILES = 900
"""Files in a site: hosts that take a zip stop at 1,000."""
ICON_SIZES = (64, 180, 192, 512)
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)$\n?|/\*\*[^\n]*?\*/ ?", re.M)


def build(program: Program, root: Path, out_dir: Path, out: Diagnostics) -> int:
    """Write the site into `out_dir`; return how many files changed.

    Raises:
        OSError: an asset cannot be read or the folder cannot be written.
    """
    requests = asset_requests(program)
    found = resolve_assets(root, program, requests, out)
    return write_tree(out_dir, site_files(program, found))


def site_files(program: Program, found: Mapping[AssetRequest, Asset]) -> dict[str, bytes]:
    """Return the files of the site by path."""
    files, assets = _assets(found)
    templates = data_folder("templates") / "web"
    fonts, font_rules = fonts_needed(
        json.dumps(program, ensure_ascii=False),
        {path.name: path.read_bytes() for path in (templates / "fonts").iterdir()},
    )
    files |= {f"fonts/{name}": data for name, data in fonts.items()}
    code = _code(templates) | {"fonts.css": font_rules.encode()}
    folder = f"play-{digest(b''.join(name.encode() + code[name] for name in sorted(code)))}"
    files |= {f"{folder}/{name}": data for name, data in code.items()}
    story = pack_story(program, assets, MOST_FILES - len(files) - len(ICON_SIZES) - 3)
    files |= story.files
    palette = program["themes"].get(program.get("theme") or "", {}).get("palette", {})
    icons = {}
    for size in ICON_SIZES:
        data = draw_icon(palette, program["title"], size)
        icons[size] = f"icons/{size}-{digest(data)}.png"
        files[icons[size]] = data
    page = write_page(
        (templates / "index.html").read_text(encoding="utf-8"),
        program,
        code=folder,
        modules=modules_needed({name: data.decode() for name, data in code.items()}),
        story=story.index_file,
        first=story.first,
        backdrop=_backdrop(program, assets),
        icons=icons,
    )
    files["index.html"] = page.encode()
    files["manifest.webmanifest"] = write_manifest(program, icons).encode()
    worker = (templates / "sw.js").read_text(encoding="utf-8")
    files["sw.js"] = write_worker(worker, program["id"], files).encode()
    return files


def without_comments(source: str) -> str:
    """Return a script or style sheet without its comments and indentation.

    Half of the player's source is types for its readers. The templates keep to what this takes
    out: comments begin a line, except `/** … */`, which no string or pattern of theirs holds.
    """
    return re.sub(r"^\s+", "", COMMENT.sub("", source), flags=re.M)


def _assets(found: Mapping[AssetRequest, Asset]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the assets' files, and the file of each logical name (`sprite mei worried`)."""
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    paths: dict[Path, str] = {}
    for request, asset in found.items():
        if asset.path not in paths:
            data = asset.read()
            name = f"assets/{digest(data)}{asset.suffix}"
            paths[asset.path], files[name] = name, data
        names[f"{request.kind} {request.name}"] = paths[asset.path]
    return files, names


def _code(templates: Path) -> dict[str, bytes]:
    """Return the player's modules and its style sheet, by path below `templates/web`."""
    return {
        path.relative_to(templates).as_posix(): without_comments(path.read_text("utf-8")).encode()
        for path in sorted(templates.rglob("*"))
        if path.suffix in {".js", ".css"} and path.name != "sw.js" and path.is_file()
    }


def _backdrop(program: Mapping[str, Any], assets: Mapping[str, str]) -> str | None:
    """Return the picture behind the title: the first place of the start scene."""
    scene = program["scenes"][program["start"]]
    bodies = [scene.get("enter", []), *(section.get("body", []) for section in scene["sections"])]
    for body in bodies:
        for op in body:
            if op["op"] == "scene":
                traits = [op[kind] for kind in ("time", "weather") if op.get(kind)]
                return assets.get(" ".join(("background", op["location"], *traits)))
    return next((assets[name] for name in sorted(assets) if name.startswith("background ")), None)
