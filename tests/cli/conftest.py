"""A built project, and answers about it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli.tiny import make

from comfyvn.cli.main import main


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make(tmp_path_factory.mktemp("built") / "tiny")
    assert main(["build", "web", "-q", "-C", str(root)]) == 0
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "tiny"))


@pytest.fixture
def ask(project: Path, capsys: pytest.CaptureFixture[str]):
    def asked(*words: str) -> dict:
        capsys.readouterr()
        assert main([*words, "--json", "-C", str(project)]) == 0
        return json.loads(capsys.readouterr().out)

    return asked
