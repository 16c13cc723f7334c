"""Jobs that outlive their build: real processes in the background, builds that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from engine.steps import context, made

from comfyvn.engine.clean_folder import CommandError
from comfyvn.engine.detached import DetachedCommands
from comfyvn.engine.jobs import FILE, JobError, Jobs, key_of
from comfyvn.engine.step import Rule

RULE = Rule("bake", "command", where="job")


def until(condition) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


class Build:
    """What a build has of jobs, in a project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.driver = DetachedCommands(root / ".comfyvn")
        self.jobs = Jobs(root / ".comfyvn", {"bake": self.driver}.__getitem__)

    def step(self, script: str, inputs=("in.txt",), outputs=("build/x",)):
        line = ["sh", "-c", script]
        return context(self.root, RULE, inputs, outputs, command=line, params={})

    def run(self, script: str, rule: Rule = RULE, **kwargs) -> dict[str, bytes]:
        step = self.step(script, **kwargs)
        self.jobs.run(step, rule, self.driver)
        return made(step)

    def folders(self) -> list[Path]:
        return sorted((self.root / ".comfyvn/jobs").glob("*"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/in.txt").write_text("dough")
    return tmp_path / "project"


def once(log: Path, script: str) -> str:
    """Return a script that also notes that it was begun."""
    return f"echo begun >> {log}; {script}"


def test_a_job_runs_in_a_clean_folder_and_is_settled(root: Path) -> None:
    (root / "secret.txt").touch()
    build = Build(root)
    found = build.run("ls > build/list; (cat in.txt; echo ' baked') > build/x",
                      outputs=("build/x", "build/list"))  # fmt: skip
    assert found == {"build/x": b"dough baked\n", "build/list": b"build\nin.txt\n"}
    assert len(build.folders()) == 1
    build.jobs.settle()
    assert build.folders() == []
    assert build.jobs.running() == []


KILLED = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from engine.test_jobs import Build
Build(Path({root!r})).run({script!r})
"""


def start_build(root: Path, script: str) -> subprocess.Popen[bytes]:
    tests = Path(__file__).parent.parent
    code = KILLED.format(path=[str(tests), str(tests.parent)], root=str(root), script=script)
    return subprocess.Popen([sys.executable, "-c", code])


def test_a_killed_build_leaves_its_job_to_the_next(root: Path, tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    script = once(log, f"while [ ! -e {go} ]; do sleep 0.01; done; cat in.txt > build/x")
    first = start_build(root, script)
    until(log.exists)
    first.send_signal(signal.SIGKILL)
    first.wait()
    build = Build(root)
    assert build.jobs.running() == [("bake", "build/x")]
    go.touch()
    assert build.run(script) == {"build/x": b"dough"}
    assert log.read_text() == "begun\n"


def test_a_job_that_ended_between_builds_is_collected(root: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = once(log, "sleep 0.3; cat in.txt > build/x")
    first = start_build(root, script)
    until(log.exists)
    first.kill()
    first.wait()
    build = Build(root)
    until(lambda: list((root / ".comfyvn/jobs").glob("*/result.json")))
    assert build.run(script) == {"build/x": b"dough"}
    # Killed before the result was stored: the next build collects it once more.
    build.jobs.close()
    assert Build(root).run(script) == {"build/x": b"dough"}
    assert log.read_text() == "begun\n"


def test_a_job_whose_handle_was_not_noted_is_adopted(root: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = once(log, "cat in.txt > build/x")
    build = Build(root)
    step = build.step(script)
    build.driver.submit(key_of(RULE, step), step, 0)
    build.jobs._execute(
        "INSERT INTO job VALUES(?, 'bake', 'build/x', '', ?, 0)", key_of(RULE, step), time.time()
    )
    assert build.run(script) == {"build/x": b"dough"}
    assert log.read_text() == "begun\n"


def test_a_job_that_was_lost_is_started_again(root: Path, tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    script = once(log, f"while [ ! -e {go} ]; do sleep 0.01; done; cat in.txt > build/x")
    first = start_build(root, script)
    until(log.exists)
    first.kill()
    first.wait()
    group = int(next((root / ".comfyvn/jobs").glob("*/pid")).read_text())
    os.killpg(group, signal.SIGKILL)  # as when the machine was switched off
    go.touch()
    assert Build(root).run(script) == {"build/x": b"dough"}
    assert log.read_text() == "begun\nbegun\n"


def alive(root: Path) -> bool:
    group = int(next((root / ".comfyvn/jobs").glob("*/pid")).read_text())
    return Path(f"/proc/{group}").exists()


def test_changed_inputs_supersede_a_job(root: Path, tmp_path: Path) -> None:
    log, child = tmp_path / "log", tmp_path / "child"
    script = once(log, f"if grep -q dough in.txt; then sleep 600 & echo $! > {child}; wait; fi; "
                  "cat in.txt > build/x")  # fmt: skip
    first = start_build(root, script)
    until(lambda: child.exists() and child.read_text().endswith("\n"))
    first.kill()
    first.wait()
    (root / "in.txt").write_text("batter")
    build = Build(root)
    assert build.run(script) == {"build/x": b"batter"}
    until(lambda: not _runs(int(child.read_text())))
    assert len(build.folders()) == 1


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_sweep_cancels_what_nobody_makes_any_more(root: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    script = f"trap '' TERM; sleep 600 & echo $! > {child}; wait; wait"
    first = start_build(root, script)
    until(lambda: child.exists() and child.read_text().endswith("\n"))
    first.kill()
    first.wait()
    build = Build(root)
    build.jobs.sweep(["build/x"])
    assert _runs(int(child.read_text()))
    build.jobs.sweep([])
    until(lambda: not _runs(int(child.read_text())))
    assert build.folders() == []
    assert build.jobs.running() == []


def test_an_interrupted_build_stops_waiting_and_the_job_goes_on(root: Path, tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    script = once(log, f"while [ ! -e {go} ]; do sleep 0.01; done; cat in.txt > build/x")
    build = Build(root)
    said: list[str] = []

    def wait() -> None:
        try:
            build.run(script)
        except JobError as error:
            said.append(str(error))

    thread = threading.Thread(target=wait)
    thread.start()
    until(log.exists)
    build.jobs.stop()
    thread.join(20)
    assert "interrupted" in said[0]
    go.touch()
    assert Build(root).run(script) == {"build/x": b"dough"}
    assert log.read_text() == "begun\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo burnt >&2; exit 4", "`sh` failed with exit code 4; it said:\nburnt"),
        ("true", "`build/x` is not there"),
        ("kill -KILL $$", "`sh` was killed by SIGKILL"),
    ],
)
def test_a_failed_job_says_why_and_is_forgotten(root: Path, script: str, said: str) -> None:
    build = Build(root)
    with pytest.raises(JobError) as caught:
        build.run(script)
    assert said in str(caught.value)
    assert build.jobs.running() == []
    assert build.folders() == []


def test_a_program_that_is_not_there(root: Path) -> None:
    build = Build(root)
    step = context(root, RULE, (), ("build/x",), command=["ovem"], params={})
    with pytest.raises(JobError, match="`ovem` cannot be started: No such file"):
        build.jobs.run(step, RULE, build.driver)


def test_a_job_that_takes_too_long_is_stopped(root: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    script = f"sleep 600 & echo $! > {child}; wait"
    with pytest.raises(JobError, match=r"stopped after 3 seconds|longer than 3 seconds"):
        Build(root).run(script, RULE._replace(timeout=3))
    until(lambda: not _runs(int(child.read_text())))


def test_a_step_that_cannot_be_laid_out_leaves_no_row(root: Path) -> None:
    build = Build(root)
    with pytest.raises((CommandError, KeyError)):
        build.run("true", inputs=("none.txt",))
    assert build.jobs.running() == []


def test_a_damaged_table_is_begun_anew(root: Path) -> None:
    Build(root).jobs.close()
    (root / ".comfyvn" / FILE).write_bytes(b"no database" * 1000)
    assert Build(root).run("cat in.txt > build/x") == {"build/x": b"dough"}
