"""A build in memory: the rules of assets and of the web target, run one step after another.

It is as small as an engine can be that runs a step only when its inputs differ. What the front
makes of the sources is made from a Program.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from comfyvn.data import data_folder
from comfyvn.engine.digest import digest_of
from comfyvn.engine.pattern import matches
from comfyvn.plan.collections import COLLECTIONS
from comfyvn.plan.facts import Facts
from comfyvn.plan.library import files_below
from comfyvn.source.diagnostics import Diagnostic
from comfyvn.story.canonical import packed
from comfyvn.story.skeleton import skeleton
from comfyvn.targets.web import head_of, translated
from comfyvn.targets.web_story import words_of


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


class Step:
    """One step: the context of its action."""

    def __init__(self, root: Path, rule: Any, item: Mapping[str, str], known: dict[str, bytes]):
        self.root, self.known, self.item = root, known, item
        self.reads: list[str] = rule.get("reads", [])
        self.params = {k: v.format(**item) for k, v in rule.get("params", {}).items()}
        wanted = [name.format(**item) for name in rule.get("inputs", [])]
        self.inputs = tuple(n for w in wanted for n in sorted(known) if matches(w, n))
        assert all(any(matches(w, n) for n in self.inputs) or "*" in w for w in wanted), wanted
        self.outputs = tuple(name.format(**item) for name in rule["outputs"])
        self.asked = dict.fromkeys(self.inputs)
        self.made: dict[str, bytes] = {}
        self.findings: list[Diagnostic] = []

    def find(self, name: str) -> bytes | None:
        assert name in self.inputs or any(matches(each, name) for each in self.reads), name
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

    After a build `ran` names the steps that ran, and `site` holds the files below `build/web/`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        yaml = YAML(typ="safe")
        files = [yaml.load(data_folder("rules") / f"{name}.yaml") for name in ("assets", "web")]
        rules = [pair for file in files for pair in file.items()]
        self.rules = sorted(rules, key=lambda pair: pair[1].get("stage") != "front")
        self.before: dict[str, tuple[Any, Step]] = {}

    def build(self, program: Mapping[str, Any]) -> None:
        known = front(program, self.root)
        self.ran: list[str] = []
        self.findings: list[Diagnostic] = []
        done: dict[str, tuple[Any, Step]] = {}
        for name, rule in self.rules:
            items: Any = [{}]
            if "for" in rule:
                items = COLLECTIONS[rule["for"]].items(Facts(self.root, [], read=known.__getitem__))
            for item in items:
                step = Step(self.root, rule, item, known)
                label = f"{name} {item.get('name') or item.get('path') or ''}".strip()
                old = self.before.get(label)
                if old is None or old[0] != self._key(old[1].asked, step, known):
                    module, _, function = rule["action"].partition(":")
                    getattr(import_module(module), function)(step)
                    self.ran.append(label)
                else:
                    step = old[1]
                assert not step.made.keys() & known.keys()
                known |= step.made
                self.findings += step.findings
                done[label] = (self._key(step.asked, step, known), step)
        self.before = done
        self.site = {n.removeprefix("build/web/"): d for n, d in known.items() if n[0] == "b"}

    @staticmethod
    def _key(asked: Mapping[str, Any], step: Step, known: Mapping[str, bytes]) -> Any:
        inputs = {name: digest_of(known[name]) if name in known else "" for name in asked}
        return step.inputs, step.outputs, json.dumps(step.params), inputs
