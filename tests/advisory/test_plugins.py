"""Passes of lint that an installed package brings."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from advisory.test_advice import FILES, advice, write

from comfyvn.plan.passes import passes

MODULE = """
from comfyvn.advisory.plugins import Found, Story


def rain(story: Story):
    for name, scene in story.scenes.items():
        for section in scene["sections"]:
            for op in section["body"]:
                if op["op"] == "say" and "rain" in str(op["text"]):
                    yield Found("WET1", f"it rains in `{name}`", op["id"], "note", "bring sun")
    yield Found("WET2", "a story", "vn.yaml")


def broken(story: Story):
    raise RuntimeError("no weather today")


def formless(story: Story):
    yield Found("WET3", "nowhere", ["vn.yaml"])


def ours(story: Story):
    yield Found("VN1716", "not mine", "vn.yaml")
"""


def wheel(folder: Path, version: str, passes: str) -> Path:
    """Write a wheel, as a package index would hold it."""
    path = folder / f"vn_weather-{version}-py3-none-any.whl"
    info = f"vn_weather-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("vn_weather.py", MODULE)
        file.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: vn-weather\nVersion: {version}\n"
        )
        file.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr(f"{info}/entry_points.txt", f"[comfyvn.lint]\n{passes}\n")
        file.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that pip installs into, on the path of this process."""
    folder = tmp_path / "site"
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "vn_weather", raising=False)
    return folder


def install(site: Path, version: str, passes: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--upgrade"]
    made = wheel(site.parent, version, passes)
    subprocess.run([*command, "--target", str(site), str(made)], check=True, capture_output=True)


def test_an_installed_pass_is_run_and_its_findings_are_placed(site: Path) -> None:
    root = site.parent / "story"
    write(root, FILES)
    codes = ("WET1", "WET2", "VN1704")
    assert passes([str(site)]) == []
    install(site, "1.0", "rain = vn_weather:rain")
    assert [each[:3] for each in passes([str(site)])] == [("rain", "vn_weather:rain", "1.0")]
    found = advice(root, codes)
    assert [(each.code, each.severity, each.span[:3]) for each in found] == [
        ("WET1", "note", ("scenes/start.md", 1, 1)),
        ("WET1", "note", ("scenes/start.md", 3, 1)),
        ("WET2", "warning", ("vn.yaml", 0, 0)),
    ]
    assert found[0].help == "bring sun"
    write(root, {"vn.yaml": FILES["vn.yaml"] + "lint: {WET1: off}\n"})
    write(root, {"waivers.yaml": "- {code: WET2, at: vn.yaml, reason: so}\n"})
    assert advice(root, codes) == []


def test_a_pass_that_fails_is_a_finding_and_the_others_run(site: Path) -> None:
    root = site.parent / "story"
    write(root, FILES)
    install(
        site,
        "2.0",
        "a = vn_weather:broken\nb = vn_weather:ours\nc = vn_weather:none\n"
        "d = vn_weather:formless\nrain = vn_weather:rain",
    )
    found = advice(root, ("WET2", "VN1704"))
    assert [each.code for each in found] == [*["VN1704"] * 4, "WET2"]
    assert "no weather today" in found[0].message
