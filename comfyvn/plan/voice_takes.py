"""Takes of a spoken line: what speaks it says it again, a little otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.step import canonical
from comfyvn.model.globals import globals_of
from comfyvn.model.load import LoadedProject
from comfyvn.plan.build import Builder
from comfyvn.plan.casting import LINE, Casting
from comfyvn.plan.clips import FILE, LINES, SCRIPTS
from comfyvn.plan.library import files_below
from comfyvn.plan.outcome import Outcome
from comfyvn.plan.recording_script import spoken as as_read
from comfyvn.plan.recordings import recorded, recordings
from comfyvn.plan.scripts import COMFYUI
from comfyvn.plan.speech import Spoken, says, spoken
from comfyvn.plan.takes import TakesOrder, run_takes
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics

_OVER = ("clip", "spoken", "asked", "performed")


class VoicedLine(NamedTuple):
    """A line as it is spoken in one language.

    Attributes:
        scene: the scene that it stands in.
        id: of the line.
        language: a BCP 47 tag.
        maker: what speaks it; `FILE` where it is recorded.
        path: the file of a recording.
    """

    scene: str
    id: str
    language: str
    maker: str
    path: str

    @property
    def name(self) -> str:
        """What it is called in the registry and in pins."""
        return f"{LINE} {self.id} {self.language}"


class Clip(NamedTuple):
    """One text of a line as a take says it; None of what could not be made.

    Attributes:
        opus: Ogg Opus.
        aac: AAC in MP4, for who cannot play the other.
    """

    text: str
    opus: bytes | None
    aac: bytes | None


class VoiceTake(NamedTuple):
    """One take of a line.

    Attributes:
        number: counted from 1.
        seed: what it was made with.
        clips: one for each text that the line can have.
    """

    number: int
    seed: int
    clips: tuple[Clip, ...]

    @property
    def is_made(self) -> bool:
        """Whether all of it could be made."""
        return all(clip.opus for clip in self.clips)


class Voices:
    """The spoken lines of a project."""

    def __init__(
        self,
        root: Path,
        loaded: LoadedProject,
        program: Mapping[str, Any],
        pins: Mapping[str, int],
    ) -> None:
        """Find out who speaks.

        Args:
            root: the project's folder.
            loaded: its YAML sources, without errors.
            program: its Program.
            pins: those of `vn.lock`.
        """
        self.root, self.program = root, program
        self.workflows = Workflows.of(root, Diagnostics())
        said = globals_of(loaded)
        self.casting = Casting.of(program, said, Diagnostics(), self.workflows, pins=pins)
        paths = recordings(files_below(root))
        self.recorded = recorded(paths, self.casting.languages, said["characters"], Diagnostics())

    def lines(self) -> dict[str, VoicedLine]:
        """Return each line that is heard, once in each language, by its name."""
        found = {}
        for scene in self.program["scenes"]:
            made = self._spoken(scene, self.casting)
            for language, id, key, maker, *more in made.lines:
                # What is not translated is heard in the story's own language.
                if key and made.briefs[key]["language"] == language:
                    path = more[0] if maker == FILE else ""
                    line = VoicedLine(scene, id, language, maker, path)
                    found[line.name] = line
        return found

    def take_of(self, line: VoicedLine) -> int:
        """Return the take that is in use."""
        return self.casting.takes.get(f"{line.id} {line.language}", 1)

    def told(self, name: str) -> dict[str, Any]:
        """Return what is known of a clip in the registry, by its name without the kind: `words`,
        `speaker`, `voice`, `manner` and the pinned `take`; None of what there is not."""
        id, language, *number = name.split()
        lines = ((scene, op) for scene, part in self.program["scenes"].items() for op in says(part))
        scene, op = next(each for each in lines if each[1]["id"] == id)
        made = self._spoken(scene, self.casting)
        keys = [key for each in made.lines if each[:2] == [language, id] for key in each[2:3]]
        brief = made.briefs.get(keys[int(number[0]) - 1 if number else 0], {})
        cast = self.program.get("characters", {})
        words = self.program.get("translations", {}).get(language, {}).get(id, op)
        slots = [*op.get("slots", ()), *words.get("extra", ())]
        speaker = " & ".join(cast.get(who, {}).get("name", who) for who in op.get("who", ()))
        return {
            "words": brief.get("text") or as_read(words["text"], slots),
            "speaker": speaker or "narration",
            "voice": brief.get("voice"),
            "manner": brief.get("manner") or op.get("manner"),
            "take": self.casting.takes.get(f"{id} {brief.get('language', language)}"),
        }

    def no_takes(self, line: VoicedLine) -> str | None:
        """Return why there are no takes of a line; None if there can be."""
        if line.maker == FILE:
            return f"`{line.name}` is recorded: {line.path}"
        if line.maker == COMFYUI:
            script = self.casting.scripts[line.language]
            if "seed" not in script.inputs:
                file = self.workflows.file(script.workflow)
                return (
                    f"`{line.name}` is spoken by {file}, which takes no `@seed`: "
                    "each take would be the same"
                )
        return None

    def make(
        self, builder: Builder, line: VoicedLine, count: int
    ) -> tuple[list[VoiceTake], Outcome]:
        """Have a line spoken in its first takes; those that were spoken are not again.

        Returns:
            The takes, and what became of the steps that make them.

        Raises:
            OSError: the project's folder cannot be read or `.comfyvn/` not written.
            KeyboardInterrupt: what was made is kept.
        """
        values: dict[str, bytes] = {}
        entries: list[list[str]] = []
        briefs: dict[int, dict[str, Mapping[str, Any]]] = {}
        for number in range(1, count + 1):
            takes = {f"{line.id} {line.language}": number}
            made = self._spoken(line.scene, self.casting._replace(takes=takes))
            own = [each for each in made.lines if each[:2] == [line.language, line.id] and each[2]]
            entries += own
            briefs[number] = {key: made.briefs[key] for _, _, key, *_ in own}
            for key, brief in briefs[number].items():
                values[f"@say/{key}"] = canonical(brief).encode()
                if key in made.scripts:
                    values[f"@script/{key}"] = canonical(made.scripts[key]).encode()
        workflows = {script.workflow for script in self.casting.scripts.values()}
        needs = {name: self.workflows.needs(name) for name in sorted(workflows)}
        facts = {
            f"{LINES}{line.scene}": json.dumps(entries).encode(),
            SCRIPTS: canonical(needs).encode(),
        }
        keys = [key for each in briefs.values() for key in each]
        names = [f"@voice/{key}{ending}" for key in keys for ending in (".opus", ".m4a")]
        order = TakesOrder(values, facts, _OVER, ("@voice/*", "@origin/*"), names)
        heard, outcome = run_takes(builder, order)
        return [
            VoiceTake(
                number,
                next(iter(each.values()))["seed"],
                tuple(
                    Clip(
                        brief["text"],
                        heard.get(f"@voice/{key}.opus"),
                        heard.get(f"@voice/{key}.m4a"),
                    )
                    for key, brief in each.items()
                ),
            )
            for number, each in briefs.items()
        ], outcome

    def _spoken(self, scene: str, casting: Casting) -> Spoken:
        words = self.program.get("translations", {})
        return spoken(scene, self.program["scenes"][scene], words, self.recorded, casting)
