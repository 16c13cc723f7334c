"""Whether what a step made stands, and if it does not, why."""

from __future__ import annotations

from collections.abc import Iterable

from comfyvn.engine.artifacts import RunArtifacts, UnfinishedError
from comfyvn.engine.digest import digest_file, step_key
from comfyvn.engine.ran import Reason
from comfyvn.engine.result import Result
from comfyvn.engine.step import Step


class Standing:
    """Compares the results of steps with the artifacts as they are."""

    def __init__(self, artifacts: RunArtifacts, *, tool: str, always: Iterable[str]) -> None:
        """Prepare.

        Args:
            artifacts: those of the run.
            tool: the digest of ComfyVN itself.
            always: rules whose steps run whatever was made before.
        """
        self.always = frozenset(always)
        self._artifacts, self._store = artifacts, artifacts.store
        self._definitions = {
            rule.name: (*rule.definition, tool if rule.tool else "")
            for rule in artifacts.plan.rules.values()
        }

    def key(self, step: Step) -> str:
        """Return the digest of all that decides what a step makes, but for what it asks for."""
        facts = (*self._definitions[step.rule], step.name, step.params, *step.outputs)
        digest = self._artifacts.digest
        return step_key(facts, [(name, digest(name)) for name in step.inputs])

    def inputs(self, step: Step) -> tuple[str, ...]:
        """Return the beginning of each declared input's digest, as results have it."""
        return tuple(self._artifacts.digest(name)[:8] for name in step.inputs)

    def holds(self, result: Result) -> bool:
        """Whether all that a step asked for is as it was."""
        return all(self._is_still(name, digest) for name, digest in result.reads)

    def _is_still(self, name: str, digest: str) -> bool:
        """Whether an artifact is as it was once; what a failed step makes is not."""
        try:
            return self._artifacts.digest(name) == digest
        except UnfinishedError:
            return False

    def reason(self, step: Step, key: str) -> Reason:
        """Return why a step of this key has to run."""
        made = self._store.made(step.name)
        if step.rule in self.always:
            return Reason("always")
        if made is None:
            return Reason("new")
        if not made.key:
            return Reason("unfinished")
        if made.key == key:
            changed = [name for name, was in made.result.reads if not self._is_still(name, was)]
            if changed:
                return Reason("inputs", tuple(changed))
            return Reason("outputs", self._lost(made.result))
        if len(made.result.inputs) == len(step.inputs):
            now = zip(step.inputs, made.result.inputs, self.inputs(step), strict=True)
            names = tuple(name for name, was, digest in now if was != digest)
            if names:
                return Reason("inputs", names)
        return Reason("definition")

    def _lost(self, result: Result) -> tuple[str, ...]:
        """Return the outputs that are not as a result says; all, if it cannot be told which."""
        lost = tuple(name for name, digest, _ in result.outputs if not self._is_left(name, digest))
        return lost or tuple(name for name, _, _ in result.outputs)

    def _is_left(self, name: str, digest: str) -> bool:
        if name[0] == "@":
            return self._store.has(digest)
        path = self._artifacts.sources.root / name
        try:
            return not path.is_symlink() and digest_file(path) == digest
        except OSError:
            return False
