"""Spoken lines: a file for each, and how Ren'Py finds them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from comfyvn.engine.action import Context
from comfyvn.plan.clips import Line, file_of, folder_of, lines_of
from comfyvn.plan.content_actions import kept_in
from comfyvn.targets.renpy.interface import template

SHOWN = "@shown/"
Texts = dict[str, dict[str, dict[str, str]]]
"""File by what is shown, by line, by language."""


def place(step: Context) -> None:
    """Place a clip; one that could not be made was reported and is left out."""
    (clip,) = step.inputs
    if step.find(clip) is not None:
        step.copy(step.outputs[0], clip)


def found(step: Context) -> None:
    """Write what finds a line's file: `@head`, `@shown/*`, the `@lines` of these scenes."""
    texts: Texts = {}
    gone = _gone(step)
    for name in step.inputs:
        if name.startswith(SHOWN) and (shown := step.find(name)) is not None:
            scene = name.removeprefix(SHOWN)
            said = lines_of(scene, step.read(f"@lines/{scene}"))
            lines = [line for line in said if line.line not in gone]
            for language, found in varying(lines, json.loads(shown)).items():
                texts.setdefault(language, {}).update(found)
    language = folder_of(json.loads(step.read("@head"))["language"])
    text = template("game/voices.rpy.j2").render(texts=texts, language=language)
    step.write(step.outputs[0], text.encode())


def _gone(step: Context) -> frozenset[str]:
    """Return the lines that Ren'Py has not."""
    kept = kept_in(step, "renpy")
    return frozenset(kept.gone if kept is not None else ())


def varying(lines: Iterable[Line], shown: Mapping[str, tuple[str, str]]) -> Texts:
    """Return which file speaks which text of the lines whose words vary.

    Ren'Py begins to speak when a line's first part shows. Of two texts that begin alike up to its
    first effect neither is spoken.
    """
    files: dict[str, dict[str, dict[str, str | None]]] = {}
    for line in lines:
        if line.key in shown:
            by_text = files.setdefault(folder_of(line.language), {}).setdefault(line.line, {})
            start = shown[line.key][1]
            by_text[start] = None if start in by_text else file_of(line)
    return {
        language: {
            line: {text: file for text, file in by_text.items() if file is not None}
            for line, by_text in lines.items()
        }
        for language, lines in files.items()
    }
