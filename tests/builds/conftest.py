"""What tests of whole builds share: what a build leaves, and a user of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds.example import EXAMPLE, Cache, Fill, Tree, build, copy_project, sources, tree


@pytest.fixture(scope="session")
def built(drawings: Cache, filled: Fill) -> Tree:
    """What a build of the example in an empty folder leaves."""

    def fill(folder: Path) -> None:
        root = copy_project(EXAMPLE, folder / "example")
        before = sources(root)
        assert not build(root, **drawings.reading()).failures
        assert sources(root) == before, "the example's `vn.lock` is not up to date"

    return tree(filled("built", fill) / "example" / "build")


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("COMFYVN_CACHE", "COMFYVN_CACHE_MODE"):
        monkeypatch.delenv(name, raising=False)
