"""Who speaks, and how: what `vn.yaml` and the cast's sheets say of voices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from comfyvn.drivers.speech.makers import ASKED, HERE, lacking
from comfyvn.model.voice import voice_of
from comfyvn.plan.line_texts import Domain, members_of
from comfyvn.plan.scripts import COMFYUI, Script, makers_of, script_of
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics, Span

LINE = "voice line"
"""What the names of lines begin with in the registry and in pins: `voice line b9iezj9y en`."""
_DESCRIBED = frozenset({"openai", "comfyui"})
"""What speaks as a voice is described in words; the others go by its numbers."""
_SMALL = 100
"""Values that a range may have to be listed one by one."""


class Casting(NamedTuple):
    """What the lines of a story are spoken with.

    Attributes:
        language: the story's own language.
        languages: all languages, that one first.
        makers: what speaks each language; none of those that stay silent.
        narrator: whose voice tells what nobody says; empty for nobody's.
        voices: how each character sounds, by id, to each maker.
        scripts: how a workflow speaks, for each language that one does.
        variables: what can be printed: the values of each variable, and whether these are all.
        plurals: the plural rules by language.
        takes: the takes of lines that `vn.lock` pins, by the line and its language.
    """

    language: str
    languages: list[str]
    makers: dict[str, str]
    narrator: str
    voices: dict[str, dict[str, dict[str, Any]]]
    scripts: dict[str, Script]
    variables: dict[str, Domain]
    plurals: dict[str, list[tuple[str, list[Any]]]]
    takes: dict[str, int]

    @classmethod
    def of(
        cls,
        head: Mapping[str, Any],
        said: Mapping[str, Any],
        out: Diagnostics,
        workflows: Workflows,
        present: Collection[str] = (*HERE, *ASKED),
        pins: Mapping[str, int] = MappingProxyType({}),
    ) -> Casting:
        """Cast a story. A language that its maker cannot speak stays silent.

        Args:
            head: the Program; its scenes are not looked at.
            said: what the YAML sources say (`comfyvn.model.globals`).
            out: where findings go.
            workflows: those of the project.
            present: which of all makers there are.
            pins: those of `vn.lock`.
        """
        speech = said["project"].get("speech") or {}
        languages = list(dict.fromkeys([head["language"], *head.get("languages", ())]))
        makers = {}
        if speech:
            makers = {
                each: maker
                for each, maker in makers_of(speech, languages).items()
                if maker != "none" and _can_speak(maker, each, present, out)
            }
        narrator = speech.get("narrator") or ""
        sheets = said["characters"]
        if narrator and narrator not in sheets and not said["unread"]:
            narrator = ""  # `comfyvn.plan.speech_checks` says so
        return cls(
            language=head["language"],
            languages=languages,
            makers=makers,
            narrator=narrator,
            voices={
                maker: {id: _voice(id, sheet, maker, workflows) for id, sheet in sheets.items()}
                for maker in sorted({*makers.values()})
            },
            scripts={
                language: script_of(speech, language, workflows)
                for language, maker in makers.items()
                if maker == COMFYUI
            },
            variables=_domains(head.get("variables", {})) if makers else {},
            plurals=head.get("plurals", {}) if makers else {},
            takes={
                name.removeprefix(f"{LINE} "): take
                for name, take in pins.items()
                if name.startswith(f"{LINE} ")
            },
        )

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Casting:
        """Return what `_asdict` gave, after a way through JSON."""
        domains = {name: Domain(*each) for name, each in value["variables"].items()}
        scripts = {language: Script(*each) for language, each in value["scripts"].items()}
        return cls(**{**value, "variables": domains, "scripts": scripts})

    def voice(self, who: list[str], maker: str) -> dict[str, Any] | None:
        """Return how a line sounds that some people say, to a maker; None if nobody says it.

        Several who speak at once have the first one's voice. Who is unknown has the maker's own.
        """
        if not who and not self.narrator:
            return None
        return self.voices[maker].get(who[0] if who else self.narrator, {})


def _can_speak(maker: str, language: str, present: Collection[str], out: Diagnostics) -> bool:
    lacks = lacking(maker, language, present)
    if lacks is not None:
        why, help = lacks
        where = Span.whole_file("vn.yaml")
        out.warning("VN1303", f"the lines in `{language}` stay silent: {why}", where, help=help)
    return lacks is None


def _voice(id: str, sheet: Mapping[str, Any], maker: str, workflows: Workflows) -> dict[str, Any]:
    voice: dict[str, Any] = voice_of(id, sheet, maker)._asdict()
    described = (sheet.get("voice") or {}).get("description")
    if described and maker in _DESCRIBED:
        voice["description"] = described
    if maker == COMFYUI and (sample := workflows.sample(id)):
        voice["reference"] = sample
    return voice


def _domains(variables: Mapping[str, Mapping[str, Any]]) -> dict[str, Domain]:
    found = {}
    for name, facts in variables.items():
        match facts["type"]:
            case "bool":
                found[name] = Domain([False, True])
            case "enum":
                found[name] = Domain(facts["values"])
            case "set":
                found[members_of(name)] = Domain(facts["values"])
            case "int" if 0 <= facts.get("high", _SMALL) - facts.get("low", 0) < _SMALL:
                found[name] = Domain(list(range(facts["low"], facts["high"] + 1)))
            case "int" | "number" | "text":
                # The compiler adds names, which few stories change.
                if facts["default"] != "":
                    fixed = name.endswith((".name", ".gender"))
                    found[name] = Domain([facts["default"]], fixed)
    return found
