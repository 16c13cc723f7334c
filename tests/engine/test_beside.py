"""Which way a step beside the build takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.steps import context, made

from comfyvn.engine.beside import Beside
from comfyvn.engine.clean_folder import CommandError
from comfyvn.engine.step import Rule

COMMAND = Rule("now", "command", where="command")
JOB = Rule("later", "command", where="job")


def test_commands_and_jobs(tmp_path: Path) -> None:
    beside = Beside(tmp_path, tmp_path / ".comfyvn", {"later": JOB}, sandbox=False)
    line = ["sh", "-c", "echo x > build/x"]
    for rule, jobs in ((COMMAND, 0), (JOB, 1)):
        step = context(tmp_path, rule, (), ("build/x",), command=line, params={})
        beside.action(rule)(step)
        assert made(step) == {"build/x": b"x\n"}
        assert len(list((tmp_path / ".comfyvn/jobs").glob("*"))) == jobs
    beside.jobs.settle()
    assert list((tmp_path / ".comfyvn/jobs").iterdir()) == []


def test_an_action_that_is_no_job(tmp_path: Path) -> None:
    beside = Beside(tmp_path, tmp_path / ".comfyvn", {}, sandbox=False)
    for action, said in (("json:dumps", "not JSON serializable"), ("builtins:str", "no `submit`")):
        with pytest.raises(CommandError, match=f"`{action}` is no job: .*{said}"):
            beside.action(Rule("x", action, where="job"))
    beside.stop()
    step = context(tmp_path, COMMAND, command=["true"], params={})
    with pytest.raises(CommandError, match="interrupted"):
        beside.action(COMMAND)(step)
