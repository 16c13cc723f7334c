"""What is wrong with what a project's sources say of voices, before anything is spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from comfyvn.model.find import PROJECT_FILE
from comfyvn.plan.scripts import COMFYUI, makers_of, workflow_of
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.nearest import did_you_mean, nearest

Known = Mapping[str, Mapping[str, bool] | None]
"""By maker, the voices that it knows, and whether each is on this machine
(`comfyvn.drivers.speech.voices`)."""


def check_speech(
    head: Mapping[str, Any],
    said: Mapping[str, Any],
    known: Known,
    workflows: Workflows,
    read: Callable[[str], bytes],
    out: Diagnostics,
) -> None:
    """Report names in the settings of speech that name nothing.

    Args:
        head: the Program; its scenes are not looked at.
        said: what the YAML sources say (`comfyvn.model.globals`).
        known: the makers of this machine.
        workflows: those of the project, which report what is wrong with themselves.
        read: reads a source, to find where something stands.
        out: where findings go.
    """
    speech = said["project"].get("speech")
    if not speech:
        return
    languages = list(dict.fromkeys([head["language"], *head.get("languages", ())]))
    _check_narrator(speech, said, read, out)
    _check_languages(speech, languages, read, out)
    used = makers_of(speech, languages)
    for language, maker in used.items():
        if maker == COMFYUI or language in speech.get("workflows", {}):
            workflows.spoken(workflow_of(speech, language), language)
    _check_voices(said["characters"], known, set(used.values()), read, out)


def _check_narrator(
    speech: Mapping[str, Any],
    said: Mapping[str, Any],
    read: Callable[[str], bytes],
    out: Diagnostics,
) -> None:
    narrator, sheets = speech.get("narrator"), said["characters"]
    if not narrator or narrator in sheets or said["unread"]:
        return
    from comfyvn.plan.yaml_node import yaml_node

    near = nearest(narrator, sheets)
    out.error(
        "VN1310",
        f"the narrator `{narrator}` is no character",
        yaml_node(PROJECT_FILE, read).at("speech", "narrator"),
        help=f"did you mean `{near}`?" if near else "name a file of `characters/`",
    )


def _check_languages(
    speech: Mapping[str, Any],
    languages: Iterable[str],
    read: Callable[[str], bytes],
    out: Diagnostics,
) -> None:
    for part in ("languages", "workflows"):
        for language in speech.get(part, {}):
            if language in languages:
                continue
            from comfyvn.plan.yaml_node import yaml_node

            root = language.partition("-")[0]
            kin = (each for each in languages if each.partition("-")[0] == root)
            near = nearest(language, languages) or next(kin, None)
            out.warning(
                "VN1314",
                f"`{language}` is no language of the story, so nothing is spoken in it",
                yaml_node(PROJECT_FILE, read).key_at("speech", part, language),
                help=f"did you mean `{near}`?" if near else "add it to `languages` in vn.yaml",
            )


def _check_voices(
    sheets: Mapping[str, Any],
    known: Known,
    used: Iterable[str],
    read: Callable[[str], bytes],
    out: Diagnostics,
) -> None:
    for id, maker, name in _named(sheets):
        voices = known.get(maker)
        if voices is None or voices.get(name):
            continue
        from comfyvn.plan.yaml_node import yaml_node

        path = f"characters/{id}.yaml"
        if name not in voices:
            out.error(
                "VN1312",
                f"`{maker}` has no voice `{name}`",
                yaml_node(path, read).at("voice", "names", maker),
                help=did_you_mean(name, voices),
            )
        elif maker in used:
            out.warning(
                "VN1313",
                f"the voice `{name}` of `{maker}` is not on this machine, "
                "and nothing is downloaded unasked",
                yaml_node(path, read).at("voice", "names", maker),
                help=f"`{maker} --voice {name} Hello -o hello.wav` fetches it",
            )


def _named(sheets: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each voice that a sheet names: the character, the maker, the voice."""
    for id, sheet in sheets.items():
        for maker, name in ((sheet.get("voice") or {}).get("names") or {}).items():
            if name:
                yield id, maker, name
