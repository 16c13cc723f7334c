"""The steps of `rules/renpy.yaml` over a Program in memory, run if what they read changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from comfyvn.data import data_folder
from comfyvn.engine.context import Copied, LocalContext
from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.pattern import matches
from comfyvn.engine.step import Rule, Step, canonical
from comfyvn.plan.requests import SOUNDS, AssetRequest, asset_requests
from comfyvn.targets.renpy import actions
from tests.at_once import Asset

RULES: Mapping[str, Any] = YAML(typ="safe").load(
    (data_folder("rules") / "renpy.yaml").read_text(encoding="utf-8")
)
PICTURE = b"a picture"
SOUND = "assets/ping.ogg"


def inputs_of(program: Any) -> dict[str, bytes]:
    """Return the artifacts that the steps begin with; every sound is `SOUND`."""
    head = {key: part for key, part in program.items() if key not in ("scenes", "translations")}
    made: dict[str, Any] = {"@head": head}
    ids: dict[str, set[str]] = {}
    for scene, part in program["scenes"].items():
        made[f"@part/{scene}"] = part
        ids[scene] = set(_ids(part))
    for language, table in program.get("translations", {}).items():
        for scene, own in ids.items():
            words = {id: entry for id, entry in table.items() if id.removesuffix("_locked") in own}
            if words:
                made[f"@words/{scene}#{language}"] = words
    answers = []
    for request in asset_requests(program):
        answers.append([*request, "s" if request.kind in SOUNDS else "d" + request.name])
        if request.kind not in SOUNDS:
            made[f"@made/d{request.name}"] = None
    made["@found"] = {"assets": {"s": SOUND}, "answers": answers}
    data = {name: json.dumps(value, ensure_ascii=False).encode() for name, value in made.items()}
    data |= {name: PICTURE for name in data if name.startswith("@made/")}
    return data | {"@checked/s": b"", SOUND: b"a sound"}


def assets_of(program: Any) -> dict[AssetRequest, Asset]:
    """Return what `inputs_of` answers with."""
    return {
        request: Asset("s", SOUND, b"a sound")
        if request.kind in SOUNDS
        else Asset(f"d{request.name}", f"drawn/{request.name}.webp", PICTURE)
        for request in asset_requests(program)
    }


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for part in value.values():
            yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)


class Build:
    """A build in memory that knows what each step read and wrote the last time."""

    def __init__(self) -> None:
        self.made: dict[str, bytes] = {}
        self.keys: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
        self.outputs: dict[str, dict[str, bytes]] = {}
        self.findings: dict[str, list[Any]] = {}

    def run(self, given: Mapping[str, bytes]) -> list[str]:
        """Build from artifacts; return the names of the steps that ran, in order."""
        self.made = dict(given)
        scenes = sorted(name.removeprefix("@part/") for name in given if name[:6] == "@part/")
        ran = []
        for name, entry in RULES.items():
            for item in self._items(entry.get("for"), scenes):
                step = self._step(name, entry, item)
                if self._run(
                    step, Rule(name, entry["action"], reads=tuple(entry.get("reads", ())))
                ):
                    ran.append(step.name)
        return ran

    def files(self) -> dict[str, bytes]:
        """Return what stands below `build/renpy/`."""
        return {
            name.removeprefix(actions.BUILD): data
            for name, data in self.made.items()
            if name.startswith(actions.BUILD)
        }

    def digest(self, name: str) -> str:
        """Return the digest of an artifact."""
        return digest_of(self.made[name]) if name in self.made else ABSENT

    def content(self, name: str) -> bytes:
        """Return the content of an artifact."""
        return self.made[name]

    def file(self, name: str) -> Path:
        """Have no files."""
        raise AssertionError(name)

    def _items(self, collection: str | None, scenes: list[str]) -> list[dict[str, str]]:
        if collection == "scene":
            return [{"scene": scene} for scene in scenes]
        if collection == "avif":
            found = json.loads(self.made["@found"])["assets"]
            return [{"key": k, "path": p} for k, p in found.items() if p.endswith(".avif")]
        return [{}]

    def _step(self, name: str, entry: Mapping[str, Any], item: Mapping[str, str]) -> Step:
        inputs: list[str] = []
        for text in entry.get("inputs", ()):
            wanted = text.format(**item)
            fitting = [made for made in sorted(self.made) if matches(wanted, made)]
            inputs += fitting if "*" in wanted else [wanted]
        outputs = tuple(text.format(**item) for text in entry["outputs"])
        called = " ".join([name, *item.values()])
        return Step(called, name, canonical(item), tuple(inputs), outputs)

    def _run(self, step: Step, rule: Rule) -> bool:
        declared = {name: self.digest(name) for name in step.inputs}
        before, found = self.keys.get(step.name, (None, {}))
        if before == declared and all(self.digest(n) == digest for n, digest in found.items()):
            self.made |= self.outputs[step.name]
            return False
        context = LocalContext(step, rule, self)
        getattr(actions, rule.action.rpartition(":")[2])(context)
        made = {
            name: self.made[it.source] if isinstance(it, Copied) else it
            for name, it in context.made.items()
        }
        for name in made:
            assert any(matches(output, name) for output in step.outputs), (step.name, name)
        for output in step.outputs:
            assert output[0] == "@" or "*" in output or output in made, (step.name, output)
        assert not made.keys() & self.made.keys()
        self.keys[step.name] = (declared, context.discovered)
        self.outputs[step.name] = made
        self.findings[step.name] = context.findings
        self.made |= made
        return True
