"""What the interface shows of a story: its themes, title picture, endings, languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comfyvn.model.theme import Theme
from comfyvn.targets.renpy.context import Context
from comfyvn.targets.renpy.dialogue import language_name
from comfyvn.targets.renpy.names import PICTURE, SCENERY, ops

COLOURS = ("background", "surface", "text", "muted", "accent", "accent_text")
LANGUAGE_NAMES = {
    "ar": "العربية", "cs": "Čeština", "de": "Deutsch", "el": "Ελληνικά", "en": "English",
    "es": "Español", "fi": "Suomi", "fr": "Français", "he": "עברית", "hu": "Magyar",
    "id": "Indonesia", "it": "Italiano", "ja": "日本語", "ko": "한국어", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "sv": "Svenska",
    "tr": "Türkçe", "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip


def facts(context: Context, images: Mapping[str, str]) -> dict[str, Any]:
    """Return what `themes.rpy` is filled in with; `images` are the image names there are."""
    program = context.program
    about = program["about"]
    themes = program.get("themes") or {"": {}}
    parsed = {name: _theme(theme) for name, theme in themes.items()}
    default = program.get("theme") or next(iter(parsed))
    notes = about.get("content_notes", ())
    return {
        "theme": default if default in parsed else next(iter(parsed)),
        "palettes": {name: _variants(theme) for name, theme in parsed.items()},
        "types": {name: theme.type for name, theme in parsed.items()},
        "title_picture": _title_picture(context, images),
        "subtitle": about.get("subtitle") or "",
        "content_notes": ", ".join(notes),
        "credits": [*about.get("authors", ()), *filter(None, [about.get("licence")])],
        "endings": _endings(context),
        "unlocks": [
            (name, f"{PICTURE} {tag}" if f"{PICTURE} {tag}" in images else None)
            for name in program.get("unlocks", ())
            for tag in [context.names.pictures.get(name)]
        ],
        "languages": _languages(context),
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


def _title_picture(context: Context, images: Mapping[str, str]) -> str | None:
    """Return the first background of the start scene."""
    program = context.program
    start = program["scenes"][program["start"]]
    for op in start.get("enter", ()):
        if op["op"] == "scene":
            words = [
                SCENERY,
                *context.names.scenery(op["location"], op.get("time"), op.get("weather")),
            ]
            near = [other for other in images if set(words) <= set(other.split())]
            return min(near, key=len, default=None)
    return None


def _endings(context: Context) -> list[tuple[str, str]]:
    titles: dict[str, str] = {}
    for op in ops(context.program):
        if op["op"] == "ending":
            titles.setdefault(op["name"], op["title"])
    return list(titles.items())


def _languages(context: Context) -> list[tuple[str, str | None]]:
    if not context.languages:
        return []
    return [(_called(context.language), None)] + [
        (_called(language), language_name(language)) for language in context.languages
    ]


def _called(language: str) -> str:
    return LANGUAGE_NAMES.get(language.partition("-")[0], language)
