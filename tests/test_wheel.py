"""The built wheel is whole: it works from any folder, without the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(*command: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_makes_and_builds_a_project(tmp_path: Path) -> None:
    run(
        sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
        "-w", str(tmp_path), str(ROOT), cwd=tmp_path,
    )  # fmt: skip
    wheel = next(tmp_path.glob("*.whl"))
    site = tmp_path / "site"
    run(sys.executable, "-m", "zipfile", "-e", str(wheel), str(site), cwd=tmp_path)
    comfyvn = [sys.executable, "-P", "-m", "comfyvn"]
    where = {"PYTHONPATH": str(site)}
    code = "import comfyvn; print(comfyvn.__file__)"
    assert run(sys.executable, "-P", "-c", code, cwd=tmp_path, **where).startswith(str(site))
    run(*comfyvn, "new", "novel", cwd=tmp_path, **where)
    run(*comfyvn, "check", "--strict", cwd=tmp_path / "novel", **where)
    run(*comfyvn, "build", "all", cwd=tmp_path / "novel", **where)
    assert (tmp_path / "novel/build/web/index.html").exists()
    assert (tmp_path / "novel/build/renpy/game").is_dir()
