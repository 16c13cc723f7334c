"""What sidecars say of recordings that are named by a line's id counts like that of other files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from builds.example import build
from spoken_story import tone, write

from comfyvn.advisory.check import judged
from comfyvn.cli.common import compile_at
from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.encode import encode
from comfyvn.plan.check import Checker
from comfyvn.source.diagnostics import Diagnostic, Diagnostics

VN = "format: 1\nid: tale\ntitle: A tale\nstart: one\n"
NC = "licence: CC-BY-NC-4.0\nrating: adult\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A story of three lines, of which the last has a voice by name."""
    scene = 'Rain.\n\nWind.\n\n`voice far`\n\nFog.\n\n`ending done "Done"`\n'
    write(tmp_path, {"vn.yaml": VN, "scenes/one.md": scene})
    _, _, compiled = compile_at(tmp_path, Diagnostics())
    assert compiled is not None
    (tmp_path / "vn.lock").write_text(compiled.lock.write(), encoding="utf-8")
    return tmp_path


def line(root: Path, text: str) -> str:
    lock = (root / "vn.lock").read_text(encoding="utf-8")
    row = next(row for row in lock.splitlines() if row.endswith(f"\t{text}"))
    return row.split("\t")[2]


def record(root: Path, name: str, sidecar: str = "") -> str:
    path = f"assets/voice/{name}"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(encode(tone(330), "flac"))
    if sidecar:
        write(root, {f"{path}.asset.yaml": sidecar})
    return path


def check(root: Path) -> tuple[list[Diagnostic], dict[str, object]]:
    with Checker(root) as checker:
        checked = checker.check()
        assert not checked.failures, checked.failures
        findings = list(judged(checked, date(2027, 1, 1)).findings)
        return findings, json.loads(checked.read("@ratings") or b"{}")


def found(root: Path) -> set[tuple[str, str]]:
    return {
        (each.code, each.span.path)
        for each in check(root)[0]
        if each.code in {"VN1213", "VN1905", "VN1906", "VN1910", "VN1911", "VN1912"}
    }


def test_licences_and_ratings(root: Path) -> None:
    write(root, {"vn.yaml": VN + "commercial: true\nrating: everyone\n"})
    rain = record(root, f"{line(root, 'Rain.')}.flac", NC)
    wind = record(root, f"{line(root, 'Wind.')}.flac")
    # Of these nothing is heard: one is of a line with a voice by name, the other of none.
    record(root, f"{line(root, 'Fog.')}.flac", NC)
    record(root, "b2222222.flac", NC)
    far = record(root, "far.flac", "licence: CC0-1.0\n")
    assert found(root) == {
        ("VN1213", f"{rain}.asset.yaml"),
        ("VN1911", rain),
        ("VN1912", rain),
        ("VN1910", wind),
    }
    assert check(root)[1]["assets"] == {rain: "adult"}
    (root / f"{rain}.asset.yaml").unlink()
    assert found(root) == {("VN1910", rain)}
    assert far


def test_a_decision_about_a_recording(root: Path) -> None:
    rain = line(root, "Rain.")
    path = record(root, f"{rain}.flac", "licence: CC0-1.0\nrating: teen\nsfw_variant: far\n")
    decided = f"overrides:\n  - {{item: voice {rain}, rating: everyone, reason: it is mild}}\n"
    write(root, {"policy/ratings.yaml": decided, "vn.yaml": VN + "rating: teen\n"})
    assert found(root) == {("VN1905", f"{path}.asset.yaml")}
    assert check(root)[1]["assets"] == {path: "everyone"}


def test_a_line_that_a_target_has_not_is_not_heard_there(root: Path) -> None:
    scene = (root / "scenes/one.md").read_text(encoding="utf-8")
    (root / "scenes/one.md").write_text(scene.replace("Rain.", "Rain. `rated adult`"), "utf-8")
    ids = [line(root, text) for text in ("Rain.", "Wind.")]
    for id in ids:
        record(root, f"{id}.flac")
    modes = "targets: [renpy, web]\ncontent: {web: {mode: sfw}, renpy: {mode: sfw}}\n"
    write(root, {"vn.yaml": VN + "rating: adult\n" + modes})
    assert not build(root, "renpy", "web").failures
    assert voices(root) == ({ids[1]}, {ids[1]})


def test_a_target_has_no_recording_above_its_rating(root: Path) -> None:
    ids = [line(root, text) for text in ("Rain.", "Wind.")]
    record(root, f"{ids[0]}.flac", "rating: adult\n")
    record(root, f"{ids[1]}.flac", "rating: teen\n")
    modes = "targets: [renpy, web]\ncontent: {web: {mode: sfw}, renpy: {mode: sfw}}\n"
    write(root, {"vn.yaml": VN + "rating: adult\n" + modes})
    assert not build(root, "renpy", "web").failures
    assert voices(root) == ({ids[1]}, {ids[1]})
    write(root, {"vn.yaml": VN + "rating: adult\ntargets: [renpy, web]\n"})
    assert not build(root, "renpy", "web").failures
    assert voices(root) == (set(ids), set(ids))


def voices(root: Path) -> tuple[set[str], set[str]]:
    """Return the lines that Ren'Py and the site have clips of."""
    (index,) = (root / "build/web/voice").glob("*.json")
    told = json.loads(index.read_text())
    placed = (root / "build/renpy/game/voice/en").glob("*.opus")
    return {path.stem for path in placed}, set(told["en"]["scenes"]["one"][2])


def test_a_check_listens_to_recordings(root: Path) -> None:
    def heard() -> set[tuple[str, str]]:
        findings = check(root)[0]
        return {(each.code, each.span.path) for each in findings if each.code.startswith("VN13")}

    rain, wind, fog = (line(root, text) for text in ("Rain.", "Wind.", "Fog."))
    bad = record(root, f"{rain}.flac")
    loud = record(root, f"{wind}.flac")
    unused = record(root, f"{fog}.flac")
    assert heard() == set()
    (root / bad).write_bytes(b"")
    (root / unused).write_bytes(b"")
    samples = tone(330).samples
    (root / loud).write_bytes(encode(Clip((samples * 9).clip(-0.9, 0.9), 24_000), "flac"))
    assert heard() == {("VN1301", bad), ("VN1302", loud)}
    (root / bad).write_bytes(encode(Clip(samples * 0, 24_000), "flac"))
    assert heard() == {("VN1301", bad), ("VN1302", loud)}
