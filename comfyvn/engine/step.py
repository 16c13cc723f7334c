"""What the engine runs: rules, the steps they give, and the plan that holds them.

An *artifact* is anything a step reads or writes, by name. A name that begins with `@` is a result
kept in the store (`@part/opening`); any other is a file, as a path from the project's folder with
forward slashes (`scenes/opening.md`, `build/web/index.html`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from comfyvn.engine.pattern import matches

Cache = Literal["shared", "local"]
Where = Literal["here", "worker", "command", "job"]


class Rule(NamedTuple):
    """How the steps of one kind are run.

    Attributes:
        name: unique; what a user's rule of the same name overrides.
        action: `package.module:function`, the name of an entry point of `comfyvn.actions`, or
            `command`.
        version: changes when what the action makes of equal inputs changes.
        message: what the progress display says, filled in from the step's parameters.
        where: `here` in the build's own thread, for what takes a millisecond; `worker` in a worker
            process; `command` a child process in a clean folder; `job` submitted and polled.
        cache: `shared` for what is dear to make; `local` for the rest, which travels packed.
        reproducible: whether equal inputs always give equal bytes.
        tool: whether the key holds the digest of ComfyVN itself, so that an update of it runs
            the step again. What is dear to make relies on `version` alone.
        pool: the name of the pool whose depth limits how many run at once.
        cpu: how many cores a step keeps busy.
        reads: name patterns of artifacts the action may ask for while it runs. All steps that
            write such names come first; what was asked for is a dependency from then on.
        resources: what a step takes of a device, in the form in which each step's is filled in.
        timeout: seconds after which a command or a job is given up; 0 for never. Not in the key.
        origin: the file and line that declare it, for messages.
    """

    name: str
    action: str
    version: str = "1"
    message: str = ""
    where: Where = "here"
    cache: Cache = "local"
    reproducible: bool = True
    tool: bool = True
    pool: str = ""
    cpu: int = 1
    reads: tuple[str, ...] = ()
    resources: tuple[tuple[str, float | str], ...] = ()
    timeout: float = 0.0
    origin: tuple[str, int] = ("", 0)

    @property
    def definition(self) -> tuple[str, str, str, str]:
        """What of the rule decides what its steps make."""
        return self.name, self.version, self.action, "\n".join(self.reads)


class Step(NamedTuple):
    """One thing to do.

    Attributes:
        name: unique: the rule's name and what it is applied to (`lower opening`).
        rule: the name of its rule.
        params: canonical JSON of the parameters.
        inputs: the artifacts it reads, declared; each is part of its key. One with a `*` is an
            output of an earlier step, letter for letter: all that this step wrote under it.
        outputs: the artifacts it writes. One with a `*` stands for any number of names that match
            (`comfyvn.engine.pattern`).
        message: what to say while it runs, where the rule's own message cannot tell.
        resources: what it takes of a device, as canonical JSON: `models` (the set it loads),
            `vram_gb`, `seconds` (at speed 1, until something is known), `kind`; empty for nothing.
            Not in the key.
    """

    name: str
    rule: str
    params: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    message: str = ""
    resources: str = ""

    def may_write(self, name: str) -> bool:
        """Whether an artifact is one of the outputs."""
        return any(matches(pattern, name) for pattern in self.outputs)


class Plan(NamedTuple):
    """The rules by name and the steps, in an order in which they can run."""

    rules: Mapping[str, Rule]
    steps: tuple[Step, ...]


def canonical_bytes(value: Any) -> bytes:
    """Return canonical text as bytes; a file's name need not be UTF-8.

    Raises:
        ValueError: a number is not finite.
        TypeError: it is no JSON value.
    """
    return canonical(value).encode("utf-8", "surrogatepass")


def canonical(value: Any) -> str:
    """Return a JSON value as canonical text: sorted keys, no spaces.

    Raises:
        ValueError: a number is not finite.
        TypeError: it is no JSON value.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def step(
    rule: str, item: str, inputs: Iterable[str], outputs: Iterable[str], **params: Any
) -> Step:
    """Return a step, its parameters made canonical."""
    name = f"{rule} {item}" if item else rule
    return Step(name, rule, canonical(params), tuple(inputs), tuple(outputs))


def message(rule: Rule, step: Step) -> str:
    """Return what to say while a step runs.

    In the message of a planned rule `{0}`, `{1}` are the words that tell the step from others of
    its rule.
    """
    if step.message or not rule.message:
        return step.message or step.name
    label = step.name[len(rule.name) + 1 :]
    # As many words as the message can show; what is left belongs to the last.
    last = max(map(int, re.findall(r"\{(\d)\}", rule.message)), default=0)
    words = label.split(" ", last)
    return rule.message.format(*words)
