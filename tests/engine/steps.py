"""A real project folder and the context of one step in it, as the engine gives it."""

from __future__ import annotations

from pathlib import Path

from comfyvn.engine.context import Copied, LocalContext
from comfyvn.engine.digest import ABSENT, digest_file, digest_of
from comfyvn.engine.step import Rule, Step, canonical


class Artifacts:
    """Files of a folder, and values in memory."""

    def __init__(self, root: Path, values: dict[str, bytes] | None = None) -> None:
        self.root = root
        self.values = values or {}

    def digest(self, name: str) -> str:
        if name in self.values:
            return digest_of(self.values[name])
        path = self.root / name
        return digest_file(path) if path.is_file() else ABSENT

    def names(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(p.relative_to(self.root).as_posix() for p in self.root.glob(pattern)))

    def content(self, name: str) -> bytes:
        return self.values[name] if name in self.values else (self.root / name).read_bytes()

    def file(self, name: str) -> Path:
        if name not in self.values:
            return self.root / name
        path = self.root / ".comfyvn" / digest_of(self.values[name])
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.values[name])
        return path


def context(
    root: Path,
    rule: Rule,
    inputs: tuple[str, ...] = (),
    outputs: tuple[str, ...] = (),
    values: dict[str, bytes] | None = None,
    **params: object,
) -> LocalContext:
    step = Step(rule.name, rule.name, canonical(params), inputs, outputs)
    return LocalContext(step, rule, Artifacts(root, values))


def made(context: LocalContext) -> dict[str, bytes]:
    """Return the bytes of all outputs so far."""
    found = {}
    for name, value in context.made.items():
        assert not isinstance(value, Copied)
        found[name] = value
    return found
