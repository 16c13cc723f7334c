"""What a ComfyUI workflow is given of a line that it speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from comfyvn.drivers.speech.words import sayable
from comfyvn.plan.workflows import Workflows

COMFYUI = "comfyui"
DEFAULT = "speech"
"""The workflow that speaks where `vn.yaml` names none: `workflows/speech.json`."""


class Script(NamedTuple):
    """How a language is spoken.

    Attributes:
        workflow: the name of the workflow.
        inputs: the values that it takes.
        models: the digests of the models that it loads, where `compute.yaml` tells them.
    """

    workflow: str
    inputs: list[str]
    models: dict[str, str]

    def of(self, text: str, language: str, voice: Mapping[str, Any], seed: int) -> dict[str, Any]:
        """Return the `@script/KEY` of a line, which `comfyvn.drivers.comfyui` renders.

        A change of what the workflow does not take must not speak the line again, and what the
        sheet leaves out stays as the workflow has it.

        Args:
            text: as it is to be said.
            language: a BCP 47 tag.
            voice: that of who says it; nothing for the workflow's own.
            seed: of the line.
        """
        values = {
            "text": sayable(text, language),
            "language": language,
            "seed": seed,
            "speed": voice.get("pace"),
            "pitch": voice.get("pitch"),
            "voice": voice.get("name"),
            "description": voice.get("description"),
            "reference": voice.get("reference"),
        }
        given = {name: values[name] for name in self.inputs if values[name] not in (None, "")}
        brief: dict[str, Any] = {"workflow": self.workflow, "inputs": given}
        return brief | {"models": self.models} if self.models else brief


def workflow_of(speech: Mapping[str, Any], language: str) -> str:
    """Return the name of the workflow that `vn.yaml` has a language spoken with."""
    return str(speech.get("workflows", {}).get(language, DEFAULT))


def makers_of(speech: Mapping[str, Any], languages: Iterable[str]) -> dict[str, str]:
    """Return what is to speak each language, as `vn.yaml` names it."""
    others = speech.get("languages", {})
    return {each: others.get(each, speech.get("make", "hibari")) for each in languages}


def script_of(speech: Mapping[str, Any], language: str, workflows: Workflows) -> Script:
    """Return how a workflow speaks a language; what is wrong with it is reported."""
    name = workflow_of(speech, language)
    return Script(name, sorted(workflows.spoken(name, language)), workflows.digests(name, ()))
