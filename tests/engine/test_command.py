"""Commands: real processes in clean folders."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest
from engine.steps import context, made

from comfyvn.engine.clean_folder import CommandError
from comfyvn.engine.command import Commands
from comfyvn.engine.sandbox import Isolation
from comfyvn.engine.step import Rule

RULE = Rule("turn", "command", where="command")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "art").mkdir(parents=True)
    (root / "art/a.txt").write_text("first")
    (root / "art/b.txt").write_text("second")
    (root / "secret.txt").write_text("not declared")
    return root


def run(root: Path, line: list[str], inputs=(), outputs=(), rule: Rule = RULE, **kwargs):
    isolation = kwargs.pop("isolation", None)
    values = kwargs.pop("values", None)
    commands = Commands(root / ".comfyvn/work", isolation)
    step = context(root, rule, inputs, outputs, values, command=line, params=kwargs)
    commands.run(step, rule)
    assert list(commands.scratch.iterdir()) == []
    return made(step)


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


def test_only_declared_inputs_are_there(project: Path) -> None:
    found = run(
        project,
        shell(
            "list=$(find . -type f | sort); echo $list > build/list.txt;"
            "cat @note art/a.txt > build/all.txt"
        ),
        ("art/a.txt", "@note"),
        ("build/list.txt", "build/all.txt"),
        values={"@note": b"a result, "},
    )
    assert found["build/all.txt"] == b"a result, first"
    assert found["build/list.txt"].split() == [b"./@note", b"./art/a.txt"]


def test_the_environment_is_the_same_everywhere(project: Path, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("SECRET_TOKEN", "x")
    found = run(project, shell("env > build/env; pwd > build/pwd"), (), ("build/env", "build/pwd"))
    env = dict(line.split("=", 1) for line in found["build/env"].decode().splitlines())
    # The shell itself adds these.
    for name in ("PWD", "OLDPWD", "SHLVL", "_"):
        env.pop(name, None)
    assert env.pop("HOME") == found["build/pwd"].decode().strip()
    assert env == {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": "315532800",
    }


def test_fields_become_arguments(project: Path) -> None:
    script = "import sys, json; json.dump(sys.argv[2:], open(sys.argv[1], 'w'))"
    line = [sys.executable, "-c", script, "{output}", "{input}", "--in={input[1]}",
            "{params.size}", "{params.list}", "{{x}}", "a b"]  # fmt: skip
    found = run(project, line, ("art/a.txt", "art/b.txt"), ("build/x.json",), size="9", list=[1])
    assert found["build/x.json"] == (
        b'["art/a.txt", "art/b.txt", "--in=art/b.txt", "9", "[1]", "{x}", "a b"]'
    )


def test_a_file_is_never_taken_for_an_option(project: Path) -> None:
    (project / "-n").write_text("text")
    found = run(project, [*shell('cat "$0" > build/x'), "{input}"], ("-n",), ("build/x",))
    assert found == {"build/x": b"text"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("--in={input}", "stands for 2 names"),
        ("{output[3]}", "counted from 0"),
        ("{params.no}", "names no parameter"),
    ],
)
def test_fields_that_cannot_be_filled_in(project: Path, text: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(project, ["true", text], ("art/a.txt", "art/b.txt"), ("build/x",))


def test_inputs_are_copies_and_programs_stay_programs(project: Path) -> None:
    tool = project / "art/tool.sh"
    tool.write_text("#!/bin/sh\necho changed > art/a.txt\ncp art/a.txt build/x\n")
    tool.chmod(0o755)
    found = run(project, ["./art/tool.sh"], ("art/tool.sh", "art/a.txt"), ("build/x",))
    assert found == {"build/x": b"changed\n"}
    assert (project / "art/a.txt").read_text() == "first"


def test_a_pattern_collects_what_fits_and_nothing_else(project: Path) -> None:
    found = run(
        project,
        shell("for n in 1 2; do echo $n > build/p/page-$n.txt; done; echo 3 > build/p/else.txt"),
        (),
        ("build/p/page-*.txt",),
    )
    assert sorted(found) == ["build/p/page-1.txt", "build/p/page-2.txt"]


def test_a_pattern_of_an_earlier_step_is_all_its_files(project: Path) -> None:
    found = run(project, ["sh", "-c", 'cat "$@" > build/x', "-", "{input}"],
                ("art/*.txt",), ("build/x",))  # fmt: skip
    assert found == {"build/x": b"firstsecond"}


def test_a_failure_shows_what_was_said(project: Path) -> None:
    with pytest.raises(CommandError) as caught:
        run(project, shell("echo on stdout; echo on stderr >&2; echo x > build/x; exit 3"),
            (), ("build/x",))  # fmt: skip
    assert "`sh` failed with exit code 3" in str(caught.value)
    assert "on stdout\non stderr" in str(caught.value)


def test_a_signal_has_its_name(project: Path) -> None:
    with pytest.raises(CommandError, match="was killed by SIGSEGV; it said nothing"):
        run(project, shell("kill -SEGV $$"))


@pytest.mark.parametrize(
    ("script", "said"),
    [("true", "`build/x` is not there"), ("mkdir build/x", "`build/x` is no file")],
)
def test_a_missing_output_is_named(project: Path, script: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(project, shell(script), (), ("build/x",))


def test_a_program_that_is_not_there(project: Path) -> None:
    with pytest.raises(CommandError, match="no program `inkscapf` on the path"):
        run(project, ["inkscapf"])


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def until(condition) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_time_out_kills_the_children_too(project: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    script = f"sleep 600 & echo $! > {child}.new; mv {child}.new {child}; echo begun; wait"
    with pytest.raises(CommandError, match=r"stopped after 3 seconds(.|\n)*begun"):
        run(project, shell(script), rule=RULE._replace(timeout=3))
    until(lambda: gone(int(child.read_text())))


def test_an_interruption_kills_all_and_starts_no_more(project: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    # It takes no notice of being asked to stop.
    script = f"trap '' TERM; sleep 600 & echo $! > {child}.new; mv {child}.new {child}; wait; wait"
    commands = Commands(project / ".comfyvn/work")
    said: list[str] = []

    def work() -> None:
        try:
            commands.run(context(project, RULE, command=shell(script), params={}), RULE)
        except CommandError as error:
            said.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    until(child.exists)
    commands.stop()
    thread.join(20)
    assert said == ["`sh` was interrupted"]
    until(lambda: gone(int(child.read_text())))
    work()
    assert said == ["`sh` was interrupted"] * 2


def test_what_a_killed_build_left_is_removed(project: Path) -> None:
    left = project / ".comfyvn/work/left/deep"
    left.mkdir(parents=True)
    (left / "file").touch()
    left.chmod(0o500)
    Commands(project / ".comfyvn/work")
    assert list((project / ".comfyvn/work").iterdir()) == []


def test_isolation_hides_the_project(project: Path) -> None:
    isolation = Isolation(project)
    script = (
        f"cat {project}/secret.txt > build/x || echo hidden > build/x; cat art/a.txt >> build/x"
    )
    found = run(project, shell(script), ("art/a.txt",), ("build/x",), isolation=isolation)
    if isolation.note:
        assert found == {"build/x": b"not declaredfirst"}
    else:
        assert found == {"build/x": b"hidden\nfirst"}


def test_isolation_says_when_there_is_none(project: Path, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = Isolation(project)
    assert missing.note.endswith("`bwrap` (bubblewrap) is not installed")
    assert missing.wrap(["true"], project) == ["true"]
    (tmp_path / "bwrap").symlink_to(shutil.which("false", path="/bin:/usr/bin") or "")
    assert "no namespaces" in Isolation(project).note


def test_nothing_is_left_running_by_a_command(project: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    run(project, shell(f"sleep 600 & echo $! > {child}"))
    until(lambda: gone(int(child.read_text())))
