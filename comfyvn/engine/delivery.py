"""Where outputs go: files to their places, all else into the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from comfyvn.engine.again import SourceChangedError
from comfyvn.engine.artifacts import RunArtifacts
from comfyvn.engine.context import Copied, UndeclaredError
from comfyvn.engine.digest import digest_of
from comfyvn.engine.manifest import Stamp
from comfyvn.engine.outputs import Outputs
from comfyvn.engine.pattern import is_pattern
from comfyvn.engine.result import Result
from comfyvn.engine.step import Rule, Step
from comfyvn.engine.store import SMALL

Row = tuple[str, str, int]
"""Name, digest and size of an output."""


class Delivery:
    """Delivers what the steps of one run made, or made before.

    Attributes:
        outputs: the files among it.
    """

    def __init__(
        self,
        artifacts: RunArtifacts,
        known: Mapping[str, Stamp],
        announce: Callable[[str], None],
    ) -> None:
        """Prepare.

        Args:
            artifacts: those of the run.
            known: the stamps that files were left with, by path.
            announce: is told of files that are not known, before they are written.
        """
        self._artifacts, self._store, self._sources = artifacts, artifacts.store, artifacts.sources
        self.outputs = Outputs(artifacts.sources.root, artifacts.store, known, announce)
        self._written: dict[str, str] = {}

    def left(self, step: Step) -> dict[str, str]:
        """Return the digests of what a step wrote last."""
        made = self._store.made(step.name)
        return {name: digest for name, digest, _ in made.result.outputs} if made else {}

    def restore(self, step: Step, result: Result) -> bool:
        """Whether all outputs are as a result says, put back where they were not."""
        left = self.left(step)
        for name, digest, _ in result.outputs:
            if name[0] == "@":
                if not self._store.has(digest):
                    return False
                continue
            if not self.outputs.is_there(name, digest, left.get(name)):
                data = self._store.get(digest)
                if data is None:
                    return False
                self.outputs.put(name, digest, data)
        return True

    def deliver(
        self, step: Step, rule: Rule, outputs: Mapping[str, bytes | Copied]
    ) -> tuple[Row, ...]:
        """Put what a step made where it belongs; return it in the order of the names.

        Raises:
            UndeclaredError: it is not what the step is declared to make.
            OSError: it cannot be written.
            SourceChangedError: a source was written while it was copied.
        """
        self._check(step, outputs)
        files = [name for name in outputs if name[0] != "@"]
        left = self.left(step) if files else {}
        try:
            return tuple(
                self._deliver(name, outputs[name], rule, left.get(name)) for name in sorted(outputs)
            )
        except BaseException:
            for name in files:
                self.outputs.forget(name)
            raise

    def _check(self, step: Step, outputs: Mapping[str, bytes | Copied]) -> None:
        for name in outputs:
            if name not in step.outputs and not step.may_write(name):
                raise UndeclaredError(
                    f"`{step.name}` writes `{name}`, which is not in its `outputs`"
                )
        for name in step.outputs:
            if name not in outputs and name[0] != "@" and not is_pattern(name):
                raise UndeclaredError(f"`{step.name}` did not write `{name}`")
        for name in outputs:
            other = self._written.setdefault(name, step.name) if name[0] != "@" else step.name
            if other != step.name:
                raise UndeclaredError(f"`{step.name}` and `{other}` both write `{name}`")

    def _deliver(self, name: str, value: bytes | Copied, rule: Rule, left: str | None) -> Row:
        if isinstance(value, Copied):
            source = value.source
            digest = self._artifacts.digest(source)
            content = self._sources.kept if source[0] != "@" else self._artifacts.content
            data = content(source)
            if data is None:
                return self._copy(name, digest, source, left)
        else:
            data, digest = value, ""
        if name[0] == "@":
            return name, self._store.put(data), len(data)
        digest = digest or digest_of(data)
        if rule.cache == "shared" or len(data) > SMALL:
            self._store.put(data)
        if not self.outputs.is_there(name, digest, left):
            self.outputs.put(name, digest, data)
        return name, digest, len(data)

    def _copy(self, name: str, digest: str, source: str, left: str | None) -> Row:
        """Copy a file too large to be kept in memory."""
        file = self._artifacts.file(source)
        size = file.stat().st_size
        if name[0] == "@":
            return name, self._store.put(self._artifacts.content(source)), size
        if not self.outputs.is_there(name, digest, left):
            self.outputs.copy(name, digest, file)
            if source in self._sources.digests and not self._sources.unchanged(source):
                raise SourceChangedError(f"`{source}` was written while it was being built")
        return name, digest, size
