"""The page of a site, its manifest and its service worker."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from string import Template
from typing import Any

from comfyvn.targets.web_story import PROBE, digest

IMPORT = re.compile(
    r"""^(?:import|export)\b[^"';(]*["'](\.[^"']+)["']|^import ["'](\.[^"']+)["']""", re.M
)
"""Static imports, which the templates write at the beginning of a line."""
COLOURS = ("background", "surface", "text", "muted", "accent", "accent_text")


def write_page(
    template: str,
    program: Mapping[str, Any],
    *,
    code: str,
    modules: Sequence[str],
    fonts: str,
    story: str,
    first: Sequence[str],
    backdrop: Sequence[str],
    icons: Mapping[int, str],
) -> str:
    """Fill in `index.html`.

    Args:
        template: the page.
        program: the Program, or what `face` keeps of it.
        code: the folder of the player; `modules`: those of its files that the first screen needs.
        fonts: the style sheet of the fonts.
        story: the index of the story; `first`: what else the first line needs.
        backdrop: the picture behind the title and, if there is one, its AVIF; or nothing.
        icons: by size.
    """
    about = program.get("about", {})
    theme = _theme(program)
    palette = theme.get("palette", {})
    config = {
        "id": program["id"],
        "language": program["language"],
        "languages": program.get("languages") or [program["language"]],
        "story": story,
    }
    preloads = [
        f'<link rel="preload" href="{escape(name)}" as="fetch" crossorigin="anonymous">'
        for name in (story, *first)
    ]
    preloads += [f'<link rel="modulepreload" href="{code}/{name}">' for name in modules]
    subtitle = about.get("subtitle")
    authors = ", ".join(about.get("authors", []))
    return Template(template).substitute(
        language=escape(program["language"]),
        body=escape(theme.get("type", {}).get("body", "serif")),
        interface=escape(theme.get("type", {}).get("interface", "sans")),
        title=escape(program["title"]),
        description=escape(about.get("description") or subtitle or program["title"]),
        background=palette.get("background", "#14171f"),
        colours=";".join(
            f"--{name.replace('_', '-')}:{palette[name]}" for name in COLOURS if name in palette
        ),
        icon=icons[64],
        touch_icon=icons[180],
        code=code,
        fonts=fonts,
        preloads="\n".join(preloads),
        config=json.dumps(config, ensure_ascii=False).replace("<", "\\u003c"),
        backdrop=_backdrop(*backdrop) if backdrop else "",
        subtitle=f'<p class="subtitle">{escape(subtitle)}</p>' if subtitle else "",
        foot=escape(" · ".join(part for part in (authors, program.get("version", "")) if part)),
    )


def _backdrop(file: str, avif: str = "") -> str:
    better = f'<source type="image/avif" srcset="{escape(avif)}">' if avif else ""
    return f'<picture class="backdrop">{better}<img src="{escape(file)}" alt=""></picture>'


def write_manifest(program: Mapping[str, Any], icons: Mapping[int, str]) -> str:
    """Return the web app manifest; all of its addresses are relative."""
    background = _theme(program).get("palette", {}).get("background", "#14171f")
    manifest = {
        "name": program["title"],
        "short_name": program["title"][:24],
        "description": program.get("about", {}).get("description") or program["title"],
        "lang": program["language"],
        "start_url": "./",
        "scope": "./",
        "display": "fullscreen",
        "display_override": ["fullscreen", "standalone"],
        "background_color": background,
        "theme_color": background,
        "categories": ["games"],
        "icons": [
            {"src": icons[size], "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def write_worker(
    template: str, game: str, files: Mapping[str, str], avif: Mapping[str, str]
) -> str:
    """Return the service worker: what it fetches at once, and what it keeps in the background.

    Voices it keeps when they are asked for, and AAC that is there for who cannot play Ogg. `files`
    has the digests of all files of the site, `avif` the AVIF of each picture that has one: only
    one of the two is kept.
    """
    own = sorted(name for name in files if name.startswith(("assets/", "story/")))
    ogg = {name.partition("-")[0] for name in own if name.endswith((".ogg", ".opus"))}
    twins = [name for name in own if name.endswith(".m4a") and name.partition("-")[0] in ogg]
    voices = sorted([*twins, *(name for name in files if name.startswith("voice/"))])
    kept = sorted({*own} - {*twins})
    code = sorted(files.keys() - {*voices, *kept})
    return Template(template).substitute(
        version=digest(json.dumps(sorted(files.items())).encode()),
        game=f"comfyvn-{game}",
        code_files=json.dumps(["./", *code]),
        kept_files=json.dumps(kept),
        avif=json.dumps(dict(avif), sort_keys=True),
        probe=PROBE,
        voice_files=json.dumps(voices),
    )


def modules_needed(sources: Mapping[str, str], start: str = "main.js") -> list[str]:
    """Return the modules that importing `start` loads, in the order of discovery."""
    found = [start]
    for name in found:
        folder = name.rpartition("/")[0]
        for match in IMPORT.finditer(sources[name]):
            target = _join(folder, match[1] or match[2])
            if target not in found:
                found.append(target)
    return found


def _join(folder: str, path: str) -> str:
    parts = folder.split("/") if folder else []
    for part in path.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


FACE = ("id", "title", "version", "language", "languages", "about", "theme")


def face(program: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page, the manifest and the icons show of a Program."""
    kept = {name: program[name] for name in FACE if name in program}
    name = program.get("theme") or ""
    return kept | {"themes": {name: _theme(program)}}


def _theme(program: Mapping[str, Any]) -> Mapping[str, Any]:
    theme: Mapping[str, Any] = program.get("themes", {}).get(program.get("theme") or "", {})
    return theme
