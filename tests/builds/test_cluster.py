"""Builds on a Dask scheduler with two workers that die, are of another version or not there."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builds.example import tree

from comfyvn.cli.main import main
from comfyvn.engine import cluster
from comfyvn.engine.pool import Processes
from comfyvn.engine.progress import Silent
from comfyvn.engine.ran import How
from comfyvn.engine.step import Step
from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Options, Outcome

REPOSITORY = Path(__file__).parents[2]
COUNT = 24
FILES = {
    "vn.yaml": "format: 1\nid: sent\ntitle: Sent\nstart: only\ntargets: [web]\n",
    "scenes/only.md": '---\ntitle: Only\n---\n\nRain.\n\n`ending done "Done"`\n',
    "rules/shout.yaml": """\
        shout:
          for: {files: "in/*.txt"}
          inputs: ["{path}"]
          outputs: ["build/loud/{name}"]
          params: {seconds: 0.15}
          action: builds.slow_actions:shout
          where: worker
        """,
    **{f"in/{index:02}.txt": f"{index}: the rain goes on\n" for index in range(COUNT)},
}


class Dask:
    """A scheduler and two workers on this machine, processes of their own."""

    def __init__(self, folder: Path, source: Path) -> None:
        paths = [str(source), str(REPOSITORY / "tests")]
        self.environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        self.folder = folder
        place = folder / "scheduler.json"
        file = ["--scheduler-file", str(place)]
        self.scheduler = self._start("scheduler", *file, "--port", "0", "--no-dashboard")
        wait_for(lambda: place.exists() and place.stat().st_size)
        self.address = json.loads(place.read_text())["address"]
        alone = ["--no-nanny", "--no-dashboard", "--nthreads", "1"]
        self.workers = [self._start("worker", self.address, *alone) for _ in range(2)]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def dask(folder: Path, source: Path = REPOSITORY) -> Iterator[Dask]:
    folder.mkdir(exist_ok=True)
    running = Dask(folder, source)
    try:
        yield running
    finally:
        running.end()


class After(Silent):
    """Does something once when some steps have ended."""

    def __init__(self, count: int, act: object) -> None:
        self.count, self.act = count, act

    def ended(self, step: Step, how: How, seconds: float) -> None:
        self.count -= step.rule == "shout"
        if not self.count and callable(self.act):
            self.count = -1
            self.act()


def wait_for(condition: object) -> None:
    assert callable(condition)
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(condition)


def project(root: Path) -> Path:
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def build(root: Path, address: str | None, progress: Silent | None = None, **more: str) -> Outcome:
    options = Options(trust=True, cluster=address, **more)  # type: ignore[arg-type]
    outcome = Builder(root, options, progress).build(["web"])
    assert not outcome.failures, outcome.failures
    return outcome


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a build without a cluster makes."""
    root = project(tmp_path_factory.mktemp("local") / "project")
    build(root, None)
    return tree(root / "build")


def not_here(*_: object) -> None:
    raise AssertionError("a step was run on this machine")


def test_a_worker_that_is_killed_loses_nothing(
    tmp_path: Path, local: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Processes, "submit", not_here)
    with dask(tmp_path / "dask") as running:
        root = project(tmp_path / "far")
        outcome = build(root, running.address, After(4, running.workers[0].kill))
        assert running.workers[0].wait() == -9
    assert tree(root / "build") == local
    assert outcome.notes == []


def test_without_workers_the_rest_is_built_here(
    tmp_path: Path, local: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 4.0)
    with dask(tmp_path / "dask") as running:
        root = project(tmp_path / "far")

        def kill() -> None:
            for worker in running.workers:
                worker.kill()

        outcome = build(root, running.address, After(4, kill))
    assert tree(root / "build") == local
    assert ["no workers any more" in note for note in outcome.notes] == [True]


def test_without_the_scheduler_the_rest_is_built_here(
    tmp_path: Path, local: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 4.0)
    with dask(tmp_path / "dask") as running:
        root = project(tmp_path / "far")
        outcome = build(root, running.address, After(4, running.scheduler.kill))
    assert tree(root / "build") == local
    assert len(outcome.notes) == 1


def test_large_inputs_go_by_the_shared_cache(
    tmp_path: Path, local: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "BY_VALUE", 10)
    with dask(tmp_path / "dask") as running:
        root = project(tmp_path / "alone")
        build(root, running.address)
        assert tree(root / "build") == local
        monkeypatch.setattr(Processes, "submit", not_here)
        root = project(tmp_path / "shared")
        build(root, running.address, cache=f"file://{tmp_path}/cache", cache_mode="write")
        assert tree(root / "build") == local


def test_another_version_on_the_workers_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    for name in ("comfyvn", "rules", "templates"):
        shutil.copytree(
            REPOSITORY / name, other / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    with (other / "rules/web.yaml").open("a") as file:
        file.write("# another\n")
    with dask(tmp_path / "dask", other) as running:
        root = project(tmp_path / "far")
        code = main(["build", "web", "-C", str(root), "--trust", "--cluster", running.address])
    assert code == 3
    assert "has another ComfyVN" in capsys.readouterr().err


def test_a_scheduler_that_is_not_there_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    root = project(tmp_path / "far")
    assert main(["build", "-C", str(root), "--offline", "--cluster", "tcp://127.0.0.1:1"]) == 2
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        for address in (f"tcp://127.0.0.1:{held.getsockname()[1]}", "nowhere at all"):
            code = main(["build", "web", "-C", str(root), "--trust", "--cluster", address])
            assert code == 3
            assert f"no Dask scheduler at `{address}`" in capsys.readouterr().err
    with dask(tmp_path / "dask") as running:
        for worker in running.workers:
            worker.kill()
            worker.wait()
        code = main(["build", "web", "-C", str(root), "--trust", "--cluster", running.address])
    assert code == 3
    assert "has no workers; start some with" in capsys.readouterr().err
