"""Which shared cache a command uses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from fsspec.registry import _registry, known_implementations

from comfyvn.model.project import Cache
from comfyvn.plan.shared_cache import CacheSettings, check_scheme, choose_cache, project_cache

ROOT = Path("/novel")
NAMED = Cache(url="s3://ours/novel", salt="2026")


def test_nothing_is_used_unless_something_names_it() -> None:
    assert choose_cache(ROOT, None, {}) is None


def test_an_option_wins_over_the_environment_and_that_over_the_project() -> None:
    environ = {"COMFYVN_CACHE": "gs://theirs", "COMFYVN_CACHE_MODE": "write"}
    assert choose_cache(ROOT, NAMED, {}) == CacheSettings("s3://ours/novel", "read", "2026")
    assert choose_cache(ROOT, NAMED, environ) == CacheSettings("gs://theirs", "write", "2026")
    chosen = choose_cache(ROOT, NAMED, environ, url="memory://x", mode="read")
    assert chosen == CacheSettings("memory://x", "read", "2026")
    assert choose_cache(ROOT, NAMED, {"COMFYVN_CACHE": ""}) is None
    assert choose_cache(ROOT, NAMED, environ, url="") is None


def test_a_folder_is_a_cache_too() -> None:
    assert choose_cache(ROOT, Cache(url="../our cache"), {}) == CacheSettings(
        "file:///novel/../our cache", "read"
    )
    chosen = choose_cache(ROOT, None, {}, url="here")
    assert chosen == CacheSettings(f"file://{Path.cwd()}/here", "read")


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("s3://x", False),
        ("gs://x", False),
        ("simplecache::s3://x", False),
        ("file::s3://x", False),
        ("sftp://x", False),
        ("file:///x", True),
        ("memory://x", True),
        ("/x", True),
    ],
)
def test_offline_forbids_what_needs_a_network(url: str, used: bool) -> None:
    assert (choose_cache(ROOT, None, {}, url=url, offline=True) is not None) == used


@pytest.mark.parametrize("url", ["", "/x", "C:/x", "s3://x/y", "memory://x", "simplecache::s3://x"])
def test_what_something_opens_is_right(url: str) -> None:
    check_scheme(url)


@pytest.mark.parametrize("url", ["foo://me:secret@x", "simplecache::foo://x", "foo::s3://x"])
def test_of_a_scheme_that_nothing_opens_those_are_named_that_work(url: str) -> None:
    with pytest.raises(ValueError, match=r"at `foo://`.* file://, s3://, gs://") as raised:
        check_scheme(url)
    assert "secret" not in str(raised.value)


def test_a_scheme_whose_package_is_not_installed_says_which(monkeypatch) -> None:
    err = "Install nonefs to access None"
    monkeypatch.setitem(known_implementations, "none", {"class": "no_nonefs.None", "err": err})
    with pytest.raises(ValueError, match=err):
        check_scheme("none://x")


def test_a_scheme_that_fsspec_opens_with_a_package_that_is_not_installed_says_which(
    monkeypatch,
) -> None:
    # A module that is None in `sys.modules` cannot be imported, as if it were not there.
    monkeypatch.setitem(sys.modules, "paramiko", None)
    monkeypatch.delitem(sys.modules, "fsspec.implementations.sftp", raising=False)
    monkeypatch.delitem(_registry, "sftp", raising=False)
    with pytest.raises(ValueError, match="paramiko"):
        check_scheme("sftp://x")
    with pytest.raises(ValueError, match="work here") as raised:
        check_scheme("foo://x")
    assert "sftp://" not in str(raised.value)
    assert "file://" in str(raised.value)


def test_a_url_whose_scheme_is_empty_is_wrong() -> None:
    with pytest.raises(ValueError, match="at `://`"):
        check_scheme("://x")


def test_a_mode_is_read_or_write() -> None:
    with pytest.raises(ValueError, match="neither `read` nor `write`"):
        choose_cache(ROOT, NAMED, {"COMFYVN_CACHE_MODE": "both"})


def test_the_project_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    assert project_cache(tmp_path) is None
    path = tmp_path / "vn.yaml"
    path.write_text("id: [\n")
    assert project_cache(tmp_path) is None
    path.write_text("titel: A\ncache: {url: 's3://x', mode: write}\n")
    assert project_cache(tmp_path) == Cache(url="s3://x", mode="write")
    path.write_text("cache: {mode: write}\n")
    assert project_cache(tmp_path) is None
