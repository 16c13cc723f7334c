"""The front stage in memory: the rules as they are planned, every step run, nothing kept aside."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from comfyvn.engine.context import LocalContext
from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.findings import from_json
from comfyvn.engine.manifest import STATE
from comfyvn.engine.pattern import matches
from comfyvn.engine.pool import action_of
from comfyvn.engine.step import Plan, Step
from comfyvn.plan.facts import Facts
from comfyvn.plan.planner import plan
from comfyvn.plan.project_files import FILES, FOLDERS
from comfyvn.plan.rules import read_rules
from comfyvn.plan.upkeep import Kept, Upkeep
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.canonical import packed

MADE = ("@head", "@part/*", "@words/*", "@places/*", "@flow", "@requests", "@skeleton/*")


class Disk:
    """The sources of a project, as the upkeep and the steps see them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def paths(self) -> list[str]:
        found = [name for name in FILES if (self.root / name).is_file()]
        for folder in FOLDERS:
            found += [
                path.relative_to(self.root).as_posix()
                for path in (self.root / folder).rglob("*")
                if path.is_file()
            ]
        return sorted(found)

    def digest(self, path: str) -> str:
        try:
            return digest_of(self.read(path))
        except FileNotFoundError:
            return ABSENT
        except OSError:
            return "unreadable"

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()


class Front:
    """One run of the front stage over a folder.

    Attributes:
        made: the artifacts by name: the values given and the results.
        ran: the names of the steps that were run.
        reads: what each step read.
        findings: what was reported.
        kept: what the upkeep found.
    """

    def __init__(self, root: Path, upkeep: Upkeep | None = None) -> None:
        self.disk = Disk(root)
        self.findings = Diagnostics()
        self.kept: Kept = (upkeep or Upkeep(root / STATE)).run(self.disk, "tool", self.findings)
        self.made: dict[str, bytes] = dict(self.kept.values) | {"@assets": b"[]"}
        self.plan = front_plan(root, self.disk.paths(), self.made)
        self.actions = {name: action_of(rule) for name, rule in self.plan.rules.items()}
        for step in self.plan.steps:
            self.run(step)

    def run(self, step: Step) -> None:
        rule = self.plan.rules[step.rule]
        inputs = tuple(each for name in step.inputs for each in self.named(name))
        context = LocalContext(step._replace(inputs=inputs), rule, self)
        self.actions[step.rule](context)
        for name, data in context.made.items():
            assert isinstance(data, bytes)
            assert any(matches(output, name) for output in step.outputs), name
            assert name not in self.made, name
            self.made[name] = data
        self.findings += [from_json(item) for item in context.findings]

    def named(self, name: str) -> list[str]:
        if "*" not in name:
            return [name]
        return sorted(each for each in self.made if matches(name, each))

    # What the steps see

    def digest(self, name: str) -> str:
        if name in self.made:
            return digest_of(self.made[name])
        return ABSENT if name.startswith("@") else self.disk.digest(name)

    def content(self, name: str) -> bytes:
        return self.made[name] if name in self.made else self.disk.read(name)

    def file(self, name: str) -> Path:
        return self.disk.root / name


FRONT = {"comfyvn.plan.project_actions", "comfyvn.plan.scene_actions"}


def front_plan(root: Path, paths: list[str], given: Collection[str]) -> Plan:
    out = Diagnostics()
    rules = read_rules(root, Diagnostics())
    front = {
        name: rule
        for name, rule in rules.declared.items()
        if rule.rule.action.split(":")[0] in FRONT
    }
    made = plan(front, "front", Facts(root, paths, ("web",), given), out, MADE)
    assert out == []
    assert {"project", "declare", "lower", "link", "locate"} <= made.rules.keys()
    return made


def as_bytes(value: object) -> bytes:
    return packed(value).encode()
