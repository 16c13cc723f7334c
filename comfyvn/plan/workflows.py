"""The workflows of a project, as far as they decide what a picture is rendered from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from comfyvn.model.find import PROJECT_FILE
from comfyvn.plan.library import SOUND_ENDINGS
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.files import read_file
from comfyvn.source.nearest import nearest

FOLDER = "workflows/"
NO_FILE = f"{FOLDER}."
"""A path that no source begins with: the field of a file that is not needed."""
NEEDS = ("models", "vram_gb", "seconds")
"""What a workflow may be known to take of a server (`resources` of a rule)."""
PICTURES = ("reference", "mask")
"""The inputs that are files: `workflows/reference/kit.png` of what shows `kit`."""

ALL = frozenset(("prompt", "negative", "seed", "width", "height", "loras", *PICTURES))
"""What a workflow may take; of one that cannot be read it is not known what it does."""
SPOKEN = frozenset(
    ("text", "voice", "description", "language", "speed", "pitch", "seed", "reference")
)
"""What one that speaks may take."""


def workflow_file(name: str, needs: Mapping[str, str]) -> str:
    """Return the file of a workflow of which `Workflows.needs` told what it needs."""
    return needs.get("file") or f"{FOLDER}{name}.json"


class _Use(NamedTuple):
    """What a workflow is used for.

    Attributes:
        does: in words, behind `which is to`.
        part: the part of `vn.yaml` that names workflows.
        kinds: what in that part says what makes one of several.
        kind: which of them.
        all: the values that such a workflow may take.
        ours: how to come to one of ours, if there is one.
    """

    does: str
    part: str
    kinds: str
    kind: str
    all: frozenset[str]
    ours: str = ""


def _picture(kind: str) -> _Use:
    ours = ", or begin with ours: `comfyvn assets workflows --checkpoint FILE`"
    return _Use(f"render each {kind}", "pictures", "kinds", kind, ALL, ours)


def _line(language: str) -> _Use:
    return _Use(f"speak the lines in `{language}`", "speech", "languages", language, SPOKEN)


class Workflows:
    """The workflows of a project, each read when it is first asked for."""

    def __init__(
        self,
        files: Iterable[str],
        read: Callable[[str], bytes],
        out: Diagnostics,
        models: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Prepare.

        Args:
            files: the paths of all files below `workflows/`.
            read: reads one of them, or `vn.yaml`.
            out: where findings go.
            models: the digests of model files that `compute.yaml` tells, by name.
        """
        self._files = frozenset(files)
        self._read, self._out, self._digests = read, out, models
        self._known: dict[str, frozenset[str]] = {}
        self._models: dict[str, tuple[str, ...]] = {}
        self._needs: dict[str, dict[str, str]] = {}

    @classmethod
    def of(cls, root: Path, out: Diagnostics) -> Workflows:
        """Return those of the project in a folder."""
        paths = (path for path in (root / FOLDER).rglob("*") if path.is_file())
        files = [path.relative_to(root).as_posix() for path in paths]

        def read(name: str) -> bytes:
            return read_file(root / name)

        from comfyvn.model.compute_checks import FILE as COMPUTE
        from comfyvn.model.compute_checks import read_compute

        models = read_compute(read, Diagnostics()).models if (root / COMPUTE).exists() else {}
        return cls(files, read, out, models)

    def inputs(self, name: str, kind: str) -> frozenset[str]:
        """Return the inputs that a workflow takes; report what is wrong with it, once.

        `kind` is the kind of picture that it is to render.
        """
        return self._inputs(name, _picture(kind))

    def spoken(self, name: str, language: str) -> frozenset[str]:
        """Return the inputs that a workflow takes which is to speak a language, as `inputs`."""
        return self._inputs(name, _line(language))

    def _inputs(self, name: str, use: _Use) -> frozenset[str]:
        if name not in self._known:
            path = self.file(name)
            if path in self._files:
                self._known[name] = self._taken(name, path, use)
            else:
                self._report_missing(name, use)
                self._known[name] = use.all
        return self._known[name]

    def file(self, name: str) -> str:
        """Return the file of a workflow: JSON, or a picture that ComfyUI made with it."""
        path = f"{FOLDER}{name}.json"
        png = f"{FOLDER}{name}.png"
        return png if png in self._files and path not in self._files else path

    def digests(self, name: str, loras: Iterable[str]) -> dict[str, str]:
        """Return the digests, where they are told, of the models that a workflow loads."""
        loaded = {*self._models.get(name, ()), *(each.replace("\\", "/") for each in loras)}
        told = {each.replace("\\", "/"): digest for each, digest in self._digests.items()}
        return {model: told[model] for model in sorted(loaded & told.keys())}

    def needs(self, name: str) -> dict[str, str]:
        """Return what a workflow takes of a server: `models`, `vram_gb`, `seconds`, where known;
        and the `file` that it stands in.

        LoRAs are left out: they change from one picture to the next, and load fast.
        """
        return self._needs.get(name, {})

    def picture(self, what: str, subject: str) -> str | None:
        """Return the file of a reference picture or a mask for what shows something."""
        return min(
            (each for each in self._named(what, subject) if not _is_sound(each)), default=None
        )

    def sample(self, subject: str) -> str | None:
        """Return the file of the voice that somebody is to speak with."""
        return min(filter(_is_sound, self._named("reference", subject)), default=None)

    def _named(self, what: str, subject: str) -> Iterator[str]:
        start = f"{FOLDER}{what}/{subject}."
        return (path for path in self._files if _is_named(path, start))

    def _taken(self, name: str, path: str, use: _Use) -> frozenset[str]:
        from comfyvn.drivers.comfyui.workflow import LINE, PICTURE, read_workflow

        beside = f"{FOLDER}{name}.yaml"
        try:
            notes = (beside, self._read(beside)) if beside in self._files else None
            takes = LINE if use.all is SPOKEN else PICTURE
            found = read_workflow(path, self._read(path), self._out, notes, takes)
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            self._out.error("VN0151", message, Span.whole_file(path))
            return use.all
        if found is None:
            return use.all
        self._models[name] = found.models
        needs = {
            "models": ", ".join(found.models) or name,
            "vram_gb": found.notes.vram_gb,
            "seconds": found.notes.seconds,
            "file": path,
        }
        self._needs[name] = {what: str(each) for what, each in needs.items() if each is not None}
        return found.names

    def _report_missing(self, name: str, use: _Use) -> None:
        there = sorted(
            {
                path.removeprefix(FOLDER).rpartition(".")[0]
                for path in self._files
                if path.endswith((".json", ".png")) and "/" not in path.removeprefix(FOLDER)
            }
        )
        near = nearest(name, there)
        listed = ", ".join(f"`{each}`" for each in there)
        self._out.error(
            "VN1410",
            f"there is no workflow `{name}`, which is to {use.does}",
            self._place(use),
            help=f"did you mean `{near}`? There are {listed}"
            if near
            else f"there are {listed}: name one, "
            f"`{use.part}: {{workflows: {{{use.kind}: {there[0]}}}}}`"
            if there
            else f"export one from ComfyUI (Export (API)) as `{FOLDER}{name}.json`{use.ours}",
        )

    def _place(self, use: _Use) -> Span:
        """Return where `vn.yaml` says what a workflow is used for."""
        from comfyvn.plan.yaml_node import yaml_node

        node = yaml_node(PROJECT_FILE, self._read)
        for steps in ((use.part, "workflows", use.kind), (use.part, use.kinds, use.kind)):
            if node.find(*steps) is not None:
                return node.at(*steps)
        return node.at(use.part, "make")


def _is_named(path: str, start: str) -> bool:
    return path.startswith(start) and "/" not in path[len(start) :]


def _is_sound(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in SOUND_ENDINGS
