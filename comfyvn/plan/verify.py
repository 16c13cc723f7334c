"""Whether builds are reproducible: one is done twice, apart in all that must not matter."""

from __future__ import annotations

import json
import locale
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import comfyvn
from comfyvn.data import PACKAGE_FOLDER
from comfyvn.engine.digest import digest_file
from comfyvn.engine.manifest import STATE
from comfyvn.engine.past import Past

_SKIPPED = ("build", STATE, "__pycache__")


class Place(NamedTuple):
    """Where and how one of the two is built."""

    folder: str
    zone: str
    locale: str
    seed: str


class Difference(NamedTuple):
    """A file that the two builds did not make alike.

    Attributes:
        path: the file.
        step: the step that wrote it, if one did.
        at: where the bytes first differ; None if only one build made it.
    """

    path: str
    step: str | None
    at: int | None


class Verified(NamedTuple):
    """What came of it.

    Attributes:
        files: how many files were compared.
        differences: those that differ.
        changing: those that differ and may, since their rule says `reproducible: false`; each is
            as its own build's store says.
        places: how the two were built.
        failed: what a build said that did not come to its end; then nothing was compared.
    """

    files: int
    differences: tuple[Difference, ...]
    changing: tuple[str, ...]
    places: tuple[Place, Place]
    failed: str = ""


def places() -> tuple[Place, Place]:
    """Return two ways to build: other paths, a day apart, other letters and hashes."""
    return (
        Place("one", "Pacific/Kiritimati", "C", "1"),
        Place("two ü/deep", "Pacific/Pago_Pago", _other_locale(), "2"),
    )


def _other_locale() -> str:
    before = locale.setlocale(locale.LC_ALL)
    try:
        # In Turkish `i` is no small `I`; German writes numbers with a comma.
        for name in ("tr_TR.UTF-8", "de_DE.UTF-8", "en_US.UTF-8", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return "C"


def verify(
    root: Path, targets: Sequence[str], scratch: Path, arguments: Sequence[str] = ()
) -> Verified:
    """Build targets twice in folders below `scratch` and compare them.

    Args:
        root: the project, which is left as it is.
        targets: the targets; without any those of `vn.yaml`.
        scratch: an empty folder.
        arguments: further arguments of `comfyvn build`.

    Raises:
        OSError: the project cannot be copied.
    """
    both = places()
    copies = []
    for place in both:
        copy = scratch / place.folder / root.resolve().name
        shutil.copytree(root, copy, ignore=_ignore(root), symlinks=False)
        copies.append(copy)
    state = scratch / "state"
    running = [
        _begin(copy, place, state, [*targets, *arguments])
        for copy, place in zip(copies, both, strict=True)
    ]
    for process in running:
        _, said = process.communicate()
        if process.returncode != 0:
            for other in running:
                other.kill()
                other.wait()
            return Verified(0, (), (), both, said.decode("utf-8", "replace").strip())
    return _compare(copies[0], copies[1], both)


def _ignore(root: Path) -> Callable[[str, list[str]], list[str]]:
    def ignored(folder: str, names: list[str]) -> list[str]:
        at_top = Path(folder) == root
        return [n for n in names if n.startswith(".") or (at_top and n in _SKIPPED)]

    return ignored


def _begin(
    copy: Path, place: Place, state: Path, arguments: Sequence[str]
) -> subprocess.Popen[bytes]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "COMFYVN_CACHE"))
    }
    path = os.pathsep.join(
        filter(None, (str(Path(PACKAGE_FOLDER).parent), os.environ.get("PYTHONPATH")))
    )
    environment |= {
        "TZ": place.zone,
        "LC_ALL": place.locale,
        "LANG": place.locale,
        "PYTHONHASHSEED": place.seed,
        "PYTHONPATH": path,
        # What is trusted for the time of this is not remembered.
        "XDG_STATE_HOME": str(state),
        "LOCALAPPDATA": str(state),
    }
    command = [sys.executable, "-m", "comfyvn", "build", "-q", *arguments]
    return subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def _compare(one: Path, two: Path, both: tuple[Place, Place]) -> Verified:
    files = {
        path.relative_to(copy).as_posix()
        for copy in (one, two)
        for path in (copy / "build").rglob("*")
        if path.is_file()
    } | {"vn.lock"}
    pasts = [Past.load(copy) for copy in (one, two)]
    differences: list[Difference] = []
    changing: list[str] = []
    for path in sorted(files):
        at = _first_difference(one / path, two / path)
        if at is None:
            continue
        step = next((past.producer[path] for past in pasts if path in past.producer), None)
        if step is not None and all(
            _may_differ(past, step, path, copy)
            for past, copy in zip(pasts, (one, two), strict=True)
        ):
            changing.append(path)
        else:
            differences.append(Difference(path, step, at if at >= 0 else None))
    return Verified(len(files), tuple(differences), tuple(changing), both)


def _may_differ(past: Past, step: str, path: str, copy: Path) -> bool:
    """Whether a file's rule makes no promise, and it is as the build's store says."""
    if past.rule_of(step).reproducible or not (copy / path).exists():
        return False
    return digest_file(copy / path) == past.digests(step).get(path)


def _first_difference(one: Path, two: Path) -> int | None:
    """Return where two files begin to differ; None if they do not, -1 if one is not there."""
    if not (one.exists() and two.exists()):
        return None if one.exists() == two.exists() else -1
    if digest_file(one) == digest_file(two):
        return None
    a, b = one.read_bytes(), two.read_bytes()
    return next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


def as_json(found: Verified) -> str:
    """Return what came of it as a JSON object."""
    return json.dumps(
        {
            "files": found.files,
            "identical": not found.failed and not found.differences,
            "differences": [each._asdict() for each in found.differences],
            "changing": list(found.changing),
            "places": [each._asdict() for each in found.places],
            "version": comfyvn.__version__,
        }
        | ({"failed": found.failed} if found.failed else {}),
        ensure_ascii=False,
    )
