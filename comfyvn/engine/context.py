"""The contexts that actions run in: in the build's own process, and in a worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from comfyvn.engine.action import Action
from comfyvn.engine.digest import ABSENT
from comfyvn.engine.findings import as_json
from comfyvn.engine.pattern import is_pattern, matches
from comfyvn.engine.placement import Place
from comfyvn.engine.step import Rule, Step
from comfyvn.source.diagnostics import Diagnostic

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory


class Artifacts(Protocol):
    """What a build knows of all artifacts."""

    def digest(self, name: str) -> str:
        """Return the digest of an artifact; `ABSENT` if there is none."""

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return what was written under an output with a `*`, sorted."""

    def content(self, name: str) -> bytes:
        """Return the content of an artifact that is there.

        Raises:
            OSError: it cannot be read.
        """

    def file(self, name: str) -> Path:
        """Return a file that holds the content of an artifact."""


class Copied(NamedTuple):
    """An output that has the content of an artifact."""

    source: str


class UndeclaredError(Exception):
    """An action read or wrote what its rule does not allow."""


class LocalContext:
    """A step that runs in the build's own process.

    Attributes:
        place: the device that it was given, if it is a job for one.
    """

    def __init__(
        self, step: Step, rule: Rule, artifacts: Artifacts, place: Place | None = None
    ) -> None:
        self.step = step
        self.rule = rule
        self.place = place or Place()
        self._artifacts = artifacts
        self._declared: Collection[str] | None = None
        self._patterns: tuple[str, ...] = ()
        self._params: Mapping[str, Any] | None = None
        self.discovered: dict[str, str] = {}
        self.made: dict[str, bytes | Copied] = {}
        self.findings: list[Any] = []

    @property
    def params(self) -> Mapping[str, Any]:
        """The step's parameters."""
        if self._params is None:
            self._params = json.loads(self.step.params)
        return self._params

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the declared inputs, in the order of the rule."""
        return self.step.inputs

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the declared outputs, in the order of the rule; patterns as they stand."""
        return self.step.outputs

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return what an input with a `*` stands for, sorted."""
        if pattern not in self.step.inputs:
            raise UndeclaredError(f"`{self.step.name}` has no input `{pattern}`")
        return self._artifacts.names(pattern)

    def _is_declared(self, name: str) -> bool:
        if self._declared is None:
            inputs = self.step.inputs
            # A few names are found sooner in a row than a set of them is made.
            self._declared = inputs if len(inputs) < 9 else frozenset(inputs)
            self._patterns = tuple(filter(is_pattern, inputs))
        return name in self._declared or any(matches(each, name) for each in self._patterns)

    def _may_find(self, name: str) -> None:
        if not any(matches(pattern, name) for pattern in self.rule.reads):
            raise UndeclaredError(
                f"`{self.step.name}` reads `{name}`, which is neither an input nor in `reads`"
            )

    def digest(self, name: str) -> str:
        """Return the digest of an artifact; `ABSENT` if there is none."""
        found = self._artifacts.digest(name)
        if not self._is_declared(name):
            self._may_find(name)
            self.discovered[name] = found
        return found

    def find(self, name: str) -> bytes | None:
        """Return the content of an artifact; None if there is none."""
        return None if self.digest(name) == ABSENT else self._artifacts.content(name)

    def read(self, name: str) -> bytes:
        """Return the content of an artifact.

        Raises:
            KeyError: there is none.
            UndeclaredError: the rule does not allow it.
            OSError: it cannot be read.
        """
        if self.digest(name) == ABSENT:
            raise KeyError(name)
        return self._artifacts.content(name)

    def path(self, name: str) -> Path:
        """Return where the file of an artifact is, to be read and not written."""
        if self.digest(name) == ABSENT:
            raise KeyError(name)
        return self._artifacts.file(name)

    def write(self, name: str, data: bytes) -> None:
        """Set an output."""
        self.made[name] = data

    def copy(self, name: str, source: str) -> None:
        """Make an output of the same content as an input, without reading it."""
        if self.digest(source) == ABSENT:
            raise KeyError(source)
        self.made[name] = Copied(source)

    def report(self, finding: Diagnostic) -> None:
        """Report something about the sources."""
        self.findings.append(as_json(finding))


class Parcel(NamedTuple):
    """A step on its way to a worker: all that it may read."""

    step: Step
    rule: Rule
    contents: dict[str, bytes]
    files: dict[str, str]
    digests: dict[str, str]
    names: dict[str, tuple[str, ...]]


class Answer(NamedTuple):
    """What came back from a worker."""

    outputs: dict[str, bytes | Copied]
    findings: list[Any]


class ParcelArtifacts:
    """The inputs that came with a parcel."""

    def __init__(self, parcel: Parcel) -> None:
        self.parcel = parcel
        self._scratch: TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Remove the files that were made."""
        if self._scratch is not None:
            self._scratch.cleanup()

    def digest(self, name: str) -> str:
        """Return the digest of an input; `ABSENT` if there is none."""
        return self.parcel.digests.get(name, ABSENT)

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return what an input with a `*` stands for, sorted."""
        return self.parcel.names[pattern]

    def content(self, name: str) -> bytes:
        """Return the content of an input."""
        data = self.parcel.contents.get(name)
        return Path(self.parcel.files[name]).read_bytes() if data is None else data

    def file(self, name: str) -> Path:
        """Return a file that holds an input; one that came by value has one until the step ends."""
        if name not in self.parcel.files:
            if self._scratch is None:
                from tempfile import TemporaryDirectory

                self._scratch = TemporaryDirectory(prefix="comfyvn-")
            path = (
                Path(self._scratch.name) / f"{len(self.parcel.files)}{PurePosixPath(name).suffix}"
            )
            path.write_bytes(self.parcel.contents[name])
            self.parcel.files[name] = str(path)
        return Path(self.parcel.files[name])


def pack(step: Step, rule: Rule, artifacts: Artifacts) -> Parcel:
    """Return a step with all it may read, to be run elsewhere.

    Raises:
        OSError: an input cannot be read.
    """
    names = {name: artifacts.names(name) for name in step.inputs if is_pattern(name)}
    single = [name for name in step.inputs if name not in names]
    single += [name for found in names.values() for name in found]
    digests = {name: artifacts.digest(name) for name in single}
    there = [name for name in single if digests[name] != ABSENT]
    return Parcel(
        step,
        rule,
        {name: artifacts.content(name) for name in there if name.startswith("@")},
        {name: str(artifacts.file(name)) for name in there if not name.startswith("@")},
        digests,
        names,
    )


def run_parcel(parcel: Parcel, resolve: Callable[[Rule], Action]) -> Answer:
    """Run a step in this process, from what came with it."""
    artifacts = ParcelArtifacts(parcel)
    context = LocalContext(parcel.step, parcel.rule, artifacts)
    try:
        resolve(parcel.rule)(context)
    finally:
        artifacts.close()
    return Answer(context.made, context.findings)
