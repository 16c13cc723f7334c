"""Which shared cache a command uses: an option, else the environment, else `vn.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, cast

from comfyvn.engine.remote.cache import Mode, SharedCache
from comfyvn.model.find import PROJECT_FILE
from comfyvn.model.project import Cache
from comfyvn.model.validate import validate
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.files import read_file
from comfyvn.source.text import read_text
from comfyvn.source.yaml import load_yaml

_LOCAL = {"file", "local", "memory"}
_COMMON = ("file", "s3", "gs", "az", "abfs", "oss", "webdav", "sftp", "ftp", "smb", "hdfs")
"""Schemes that people have caches at, to be offered. Any other that fsspec opens will do."""


class CacheSettings(NamedTuple):
    """A shared cache: where it is, whether it may be written, and its salt."""

    url: str
    mode: Mode
    salt: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether it may be reached over a network."""
        # `simplecache::s3://…`: several file systems, one of them anything.
        return "::" in self.url or self.url.partition("://")[0] not in _LOCAL

    @property
    def folder(self) -> Path | None:
        """The folder that it is, if it is one of this machine."""
        scheme, _, path = self.url.partition("://")
        return Path(path) if scheme in ("file", "local") else None

    def open(self) -> SharedCache:
        """Return the cache; nothing is asked of it yet."""
        return SharedCache(self.url, self.mode, self.salt)


def check_scheme(url: str) -> None:
    """Check that something installed opens URLs like this one; asks nobody.

    Raises:
        ValueError: nothing does; it says what does.
    """
    if "://" not in url:
        return  # a folder, or none
    for part in url.split("::"):
        scheme = part.partition("://")[0]
        wrong = _why_not(scheme)
        if wrong is not None:
            there = ", ".join(f"{name}://" for name in _COMMON if _why_not(name) is None)
            raise ValueError(
                f"no shared cache can be at `{scheme}://`: {wrong}; name a folder, or a URL of "
                f"another scheme: {there} work here"
            )


def _why_not(scheme: str) -> str | None:
    """Return why nothing here opens URLs of a scheme, or None.

    Only importing what opens them tells: it may be a part of fsspec that needs another package.
    """
    from fsspec import get_filesystem_class

    try:
        get_filesystem_class(scheme or "://")  # without a name it would be of `file`
    except (ValueError, ImportError) as error:
        return str(error)
    return None


def project_cache(root: Path) -> Cache | None:
    """Return what `vn.yaml` says of a shared cache. What is wrong with it is for `check` to say."""
    out = Diagnostics()
    text = read_text(PROJECT_FILE, lambda path: read_file(root / path), out)
    node = load_yaml(text or "", PROJECT_FILE, out)
    named = node.find("cache") if node else None
    return validate(Cache, named, out) if named else None


def choose_cache(
    root: Path,
    project: Cache | None,
    environ: Mapping[str, str],
    *,
    url: str | None = None,
    mode: str | None = None,
    offline: bool = False,
) -> CacheSettings | None:
    """Return the shared cache to use, or None.

    Args:
        root: the project's folder: `vn.yaml` names a folder from there.
        project: what `vn.yaml` says.
        environ: `COMFYVN_CACHE` names a cache, or none if it is empty; `COMFYVN_CACHE_MODE` is
            `read` or `write`.
        url: `--cache`; empty for none.
        mode: `--cache-mode`.
        offline: whether only a cache on this machine may be used.

    Raises:
        ValueError: a mode is neither `read` nor `write`.
    """
    named, folder = url, Path()
    if named is None:
        named = environ.get("COMFYVN_CACHE")
    if named is None and project is not None:
        named, folder = project.url, root
    if not named:
        return None
    chosen = mode or environ.get("COMFYVN_CACHE_MODE") or (project.mode if project else "read")
    if chosen not in {"read", "write"}:
        raise ValueError(f"the mode `{chosen}` of the shared cache is neither `read` nor `write`")
    if "://" not in named:
        named = f"file://{(folder / named).expanduser().absolute().as_posix()}"
    settings = CacheSettings(named, cast(Mode, chosen), project.salt if project else "")
    return None if offline and settings.is_remote else settings
