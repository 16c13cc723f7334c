"""Render jobs as a build has them: the table of jobs, the driver, and a thread for each step."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from engine.steps import context, made

from comfyvn.drivers.comfyui.renderer import Renderer
from comfyvn.drivers.comfyui.station import Station, Times
from comfyvn.engine.context import LocalContext
from comfyvn.engine.jobs import Jobs
from comfyvn.engine.placement import Place
from comfyvn.engine.step import Rule

RULE = Rule("render", "comfyvn.drivers.comfyui.driver:driver", where="job")
NOTES = "inputs:\n  label: 10.label\n  mode: 10.mode\n  seconds: 10.seconds\n"
TIMES = Times(stall=60, patience=2, retry=0.2, relax=0.5)


def node(kind: str, title: str = "", **inputs: Any) -> dict[str, Any]:
    return {"inputs": inputs, "class_type": kind, "_meta": {"title": title or kind}}


SPRITE = {
    "3": node("KSampler", seed=1, steps=2, cfg=7, sampler_name="euler", scheduler="normal",
              denoise=1, model=["4", 0], positive=["6", 0], negative=["7", 0],
              latent_image=["5", 0]),
    "4": node("CheckpointLoaderSimple", ckpt_name="tiny.safetensors"),
    "5": node("EmptyLatentImage", "@size", width=64, height=64, batch_size=1),
    "6": node("CLIPTextEncode", "@prompt", text="nobody", clip=["4", 1]),
    "7": node("CLIPTextEncode", "@negative", text="", clip=["4", 1]),
    "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
    "9": node("SaveImage", images=["10", 0], filename_prefix="sprite"),
    "10": node("ComfyVNWatched", image=["8", 0], label="", mode="pass", seconds=0),
    "11": node("PreviewImage", images=["8", 0]),
}  # fmt: skip
"""A sampler at 64x64; node 10 notes what is rendered."""

FLAT = {
    "1": node("EmptyImage", width=16, height=16, batch_size=1, color=0),
    "9": node("SaveImage", "@output", images=["10", 0], filename_prefix="flat"),
    "10": node("ComfyVNWatched", image=["1", 0], label="", mode="pass", seconds=0),
}  # fmt: skip
"""One colour, without a model."""

FLAT_NOTES = "inputs:\n  prompt: 10.label\n  mode: 10.mode\n  seconds: 10.seconds\n"


def brief(workflow: str = "sprite", **inputs: Any) -> dict[str, Any]:
    return {"workflow": workflow, "inputs": inputs}


class Build:
    """A build of a project that renders."""

    def __init__(
        self, root: Path, servers: Mapping[str, str], times: Times = TIMES, **options: Any
    ) -> None:
        self.root = root
        if not (root / "workflows").exists():
            (root / "workflows").mkdir(parents=True)
            self.write("sprite", SPRITE, NOTES)
            self.write("flat", FLAT, FLAT_NOTES)
        stations = [Station(name, url, times) for name, url in servers.items()]
        self.told: set[tuple[str, str]] = set()
        self.driver = Renderer(root / ".comfyvn", stations, **options)
        self.jobs = Jobs(root / ".comfyvn", {"render": self.driver}.__getitem__, self._note)
        self.jobs.action(RULE, self.driver)

    def _note(self, output: str, said: str) -> None:
        self.told.add((output, said))

    def write(self, name: str, workflow: Any, notes: str = "") -> None:
        (self.root / f"workflows/{name}.json").write_text(json.dumps(workflow, indent=2))
        (self.root / f"workflows/{name}.yaml").write_text(notes or "inputs: {}\n")

    def step(self, key: str, asked: dict[str, Any], device: str = "") -> LocalContext:
        name, inputs = asked["workflow"], asked.get("inputs", {})
        endings = (".json", ".png", ".yaml")
        there = [*(f"workflows/{name}{each}" for each in endings), inputs.get("reference", "")]
        files = [each for each in there if each and (self.root / each).exists()]
        values = {f"@brief/{key}": json.dumps(asked).encode()}
        found = context(
            self.root, RULE, (f"@brief/{key}", *files), (f"@made/{key}", f"@origin/{key}"), values
        )
        found.place = Place(device)
        return found

    def render(self, key: str, asked: dict[str, Any], device: str = "") -> tuple[bytes, Any]:
        """Run one step; return what it made, and the origin of that."""
        step = self.step(key, asked, device)
        self.jobs.run(step, RULE, self.driver)
        picture, origin = made(step).values()
        return picture, json.loads(origin)

    def begin(
        self, asked: Mapping[str, dict[str, Any]], at_once: int = 4
    ) -> dict[str, Future[tuple[bytes, Any]]]:
        """Run many steps, so many at once."""
        pool = ThreadPoolExecutor(at_once)
        found = {key: pool.submit(self.render, key, each) for key, each in asked.items()}
        pool.shutdown(wait=False)
        return found

    def all(self, asked: Mapping[str, dict[str, Any]], at_once: int = 4) -> dict[str, Any]:
        """Run many steps to their end; return what they made, or why not."""
        return ended(self.begin(asked, at_once))

    def end(self) -> None:
        """End as a build does whose results are stored."""
        self.jobs.settle()
        self.jobs.close()


def ended(begun: Mapping[str, Future[tuple[bytes, Any]]]) -> dict[str, Any]:
    return {key: future.exception(120) or future.result() for key, future in begun.items()}


def failures(found: Mapping[str, Any]) -> set[str]:
    return {str(each) for each in found.values() if isinstance(each, Exception)}


def sprites(count: int, name: str, **inputs: Any) -> dict[str, dict[str, Any]]:
    """Briefs of sprites that are all different."""
    return {f"{name}{i}": brief(prompt=f"{name} {i}", label=f"{name}{i}", seed=i, **inputs)
            for i in range(count)}  # fmt: skip


def flats(count: int, name: str, **inputs: Any) -> dict[str, dict[str, Any]]:
    return {f"{name}{i}": brief("flat", prompt=f"{name}{i}", **inputs) for i in range(count)}


def once(keys: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(keys, 1)
