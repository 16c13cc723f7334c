"""A build in memory: the rules of assets and of the web target, run one step after another.

It is as small as an engine can be that runs a step only when its inputs differ. What the front
makes of the sources is made from a Program.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from comfyvn.engine.digest import digest_of
from comfyvn.engine.pattern import matches
from comfyvn.engine.step import Rule, Step
from comfyvn.plan.facts import Facts
from comfyvn.plan.library import files_below
from comfyvn.plan.planner import plan
from comfyvn.plan.rules import read_rules
from comfyvn.source.diagnostics import Diagnostic, Diagnostics
from comfyvn.story.canonical import packed
from comfyvn.story.skeleton import skeleton
from comfyvn.targets.web import translated
from comfyvn.targets.web_actions import SITE
from tests.at_once import head_of, words_of

OURS = {"assets", "web"}


def front(program: Mapping[str, Any], root: Path) -> dict[str, bytes]:
    """Return what the back stage starts from."""
    made: dict[str, Any] = {
        "@head": head_of(program),
        "@scenes": sorted(program["scenes"]),
        "@assets": files_below(root),
    }
    for name, scene in program["scenes"].items():
        made[f"@part/{name}"] = scene
        made[f"@skeleton/{name}"] = skeleton(scene)
        for language in translated(program):
            if words := words_of(scene, program.get("translations", {}).get(language, {})):
                made[f"@words/{name}#{language}"] = words
    files = {name: (root / name).read_bytes() for name in made["@assets"]}
    return files | {name: packed(value).encode() for name, value in made.items()}


class Running:
    """The context of a step's action."""

    def __init__(self, root: Path, step: Step, rule: Rule, known: Mapping[str, bytes]) -> None:
        self.root, self.step, self.rule, self.known = root, step, rule, known
        self.params: Mapping[str, Any] = json.loads(step.params)
        self.inputs, self.outputs = step.inputs, step.outputs
        self.asked = dict.fromkeys(step.inputs)
        self.made: dict[str, bytes] = {}
        self.findings: list[Diagnostic] = []

    def find(self, name: str) -> bytes | None:
        assert name in self.inputs or any(matches(each, name) for each in self.rule.reads), name
        self.asked[name] = None
        return self.known.get(name)

    def read(self, name: str) -> bytes:
        data = self.find(name)
        if data is None:
            raise KeyError(name)
        return data

    def digest(self, name: str) -> str:
        return digest_of(self.read(name))

    def path(self, name: str) -> Path:
        self.read(name)
        return self.root / name

    def write(self, name: str, data: bytes) -> None:
        assert any(matches(each, name) for each in self.outputs), name
        self.made[name] = data

    def copy(self, name: str, source: str) -> None:
        self.write(name, self.read(source))

    def report(self, finding: Diagnostic) -> None:
        self.findings.append(finding)


class Build:
    """Builds again and again, each time only what has to be.

    After a build `ran` names the steps that ran, `site` holds the files below `build/web/`, and
    `findings` what is wrong with the sources.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        out = Diagnostics()
        rules = read_rules(root, out)
        assert [item.message for item in out] == []
        self.rules = {
            name: declared
            for name, declared in rules.declared.items()
            if Path(declared.rule.origin[0]).stem in OURS
        }
        self.before: dict[str, tuple[Any, Running]] = {}

    def build(self, program: Mapping[str, Any]) -> None:
        known = front(program, self.root)
        self.ran: list[str] = []
        self.findings: list[Diagnostic] = []
        done: dict[str, tuple[Any, Running]] = {}
        for stage in ("front", "back"):
            out = Diagnostics()
            files = [name for name in sorted(known) if not name.startswith("@")]
            facts = Facts(self.root, files, ("web",), frozenset(known), known.__getitem__)
            planned = plan(self.rules, stage, facts, out)
            assert [item.message for item in out] == []
            for step in planned.steps:
                run = Running(self.root, step, planned.rules[step.rule], known)
                old = self.before.get(step.name)
                if old is not None and old[0] == self._key(step, old[1].asked, known):
                    run = old[1]
                else:
                    module, _, function = run.rule.action.partition(":")
                    getattr(import_module(module), function)(run)
                    self.ran.append(step.name)
                known |= run.made
                self.findings += run.findings
                done[step.name] = (self._key(step, run.asked, known), run)
        self.before = done
        self.site = {
            name.removeprefix(SITE): data for name, data in known.items() if name.startswith(SITE)
        }

    @staticmethod
    def _key(step: Step, asked: Iterable[str], known: Mapping[str, bytes]) -> Any:
        return step, {name: digest_of(known[name]) if name in known else "" for name in asked}
