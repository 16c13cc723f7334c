"""What the interface shows of a story: its themes, title picture, endings, languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

import jinja2

from comfyvn.data import data_folder
from comfyvn.model.theme import Theme
from comfyvn.targets.renpy.dialogue import language_name
from comfyvn.targets.renpy.expressions import literal
from comfyvn.targets.renpy.names import PICTURE, SCENERY, Head
from comfyvn.targets.renpy.scope import other_languages
from comfyvn.targets.renpy.whole import Whole

COLOURS = ("background", "surface", "text", "muted", "accent", "accent_text")
LANGUAGE_NAMES = {
    "ar": "العربية", "cs": "Čeština", "de": "Deutsch", "el": "Ελληνικά", "en": "English",
    "es": "Español", "fi": "Suomi", "fr": "Français", "he": "עברית", "hu": "Magyar",
    "id": "Indonesia", "it": "Italiano", "ja": "日本語", "ko": "한국어", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "sv": "Svenska",
    "tr": "Türkçe", "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip


def story_files(head: Head, whole: Whole, images: Collection[str]) -> dict[str, str]:
    """Return what of the interface depends on the story; `images` are the names there are.

    Raises:
        OSError: a template cannot be read.
    """
    about = head["about"]
    values = {
        "id": head["id"],
        "title": head["title"],
        "version": head["version"],
        "about": about.get("description") or "",
        "features": {"rollback": True, "skip": True, "timers": True, **about.get("features", {})},
        "start": whole.names.scenes[head["start"]],
        **_shown(head, whole, images),
    }
    return {
        name: template(f"{name}.j2").render(**values)
        for name in ("game/script.rpy", "game/options.rpy", "game/themes.rpy")
    }


def engine_files(languages: Iterable[str]) -> dict[str, bytes]:
    """Return what every story has: screens, letters, the functions of `vn/`, their translations.

    Raises:
        OSError: a file cannot be read.
    """
    folder = data_folder("templates/renpy")
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((folder / "game").rglob("*"))
        if path.is_file() and path.suffix != ".j2"
    }
    for language in languages:
        words = folder / "tl" / language.partition("-")[0] / "interface.rpy"
        if words.is_file():
            ours = language_name(language)
            text = words.read_text("utf-8").replace("LANGUAGE", ours, 1)
            files[f"game/tl/{ours}/interface.rpy"] = text.encode()
    return files


@cache
def template(name: str) -> jinja2.Template:
    """Return a template of `templates/renpy`."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_folder("templates/renpy")),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,
    )
    environment.filters["literal"] = literal
    return environment.get_template(name)


def _shown(head: Head, whole: Whole, images: Collection[str]) -> dict[str, Any]:
    """Return what `themes.rpy` is filled in with."""
    about = head["about"]
    themes = head.get("themes") or {"": {}}
    parsed = {name: _theme(theme) for name, theme in themes.items()}
    default = head.get("theme") or next(iter(parsed))
    notes = about.get("content_notes", ())
    return {
        "theme": default if default in parsed else next(iter(parsed)),
        "palettes": {name: _variants(theme) for name, theme in parsed.items()},
        "types": {name: theme.type for name, theme in parsed.items()},
        "title_picture": _title_picture(whole, images),
        "subtitle": about.get("subtitle") or "",
        "content_notes": ", ".join(notes),
        "credits": [*about.get("authors", ()), *filter(None, [about.get("licence")])],
        "endings": whole.endings,
        "unlocks": [
            (name, f"{PICTURE} {tag}" if f"{PICTURE} {tag}" in images else None)
            for name in head.get("unlocks", ())
            for tag in [whole.names.pictures.get(name)]
        ],
        "languages": _languages(head),
    }


def _theme(theme: Mapping[str, Any]) -> Theme:
    return Theme.model_validate({key: value for key, value in theme.items() if value is not None})


def _variants(theme: Theme) -> dict[str, dict[str, str]]:
    base = {colour: getattr(theme.palette, colour) for colour in COLOURS}
    found = {"base": base}
    for name in ("high_contrast", "colour_blind"):
        change = getattr(theme.variants, name)
        found[name] = {colour: getattr(change, colour) or base[colour] for colour in COLOURS}
    return found


def _title_picture(whole: Whole, images: Collection[str]) -> str | None:
    """Return the first background of the start scene."""
    if whole.opening is None:
        return None
    words = {SCENERY, *whole.names.scenery(*whole.opening)}
    near = [other for other in images if words <= set(other.split())]
    return min(near, key=len, default=None)


def _languages(head: Head) -> list[tuple[str, str | None]]:
    others = other_languages(head)
    if not others:
        return []
    return [(_called(head["language"]), None)] + [
        (_called(language), language_name(language)) for language in others
    ]


def _called(language: str) -> str:
    return LANGUAGE_NAMES.get(language.partition("-")[0], language)
