"""What tests of whole builds share: the drawn placeholders, and a user of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds.example import EXAMPLE, Cache, Tree, build, copy_project, sources, tree


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """A shared cache that a build of the example filled: packs and single results."""
    folder = tmp_path_factory.mktemp("warm")
    cache = Cache(folder / "cache")
    cache.folder.mkdir()
    outcome = build(copy_project(EXAMPLE, folder / "example"), **cache.writing())
    assert not outcome.failures
    assert not outcome.findings.has_errors
    return cache


@pytest.fixture(scope="session")
def drawings(warm: Cache, tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """A shared cache with the drawn placeholders of the example and nothing else of it."""
    cache = warm.copy(tmp_path_factory.mktemp("drawings") / "cache")
    cache.singles_only()
    return cache


@pytest.fixture(scope="session")
def built(drawings: Cache, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """What a build of the example in an empty folder leaves."""
    root = copy_project(EXAMPLE, tmp_path_factory.mktemp("built") / "example")
    before = sources(root)
    assert not build(root, **drawings.reading()).failures
    assert sources(root) == before, "the example's `vn.lock` is not up to date"
    return tree(root / "build")


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("COMFYVN_CACHE", "COMFYVN_CACHE_MODE"):
        monkeypatch.delenv(name, raising=False)
