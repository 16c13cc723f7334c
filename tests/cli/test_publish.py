"""`comfyvn publish`: what stops it, what does not, and what it leaves."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from comfyvn.cli.main import main
from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Outcome
from tests.cli.tiny import make

TEXT = "Use it kindly.\nSay who made it.\n"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_yaml", ".yaml").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def publish(root: Path, *more: str) -> int:
    return main(["publish", "-q", "-C", str(root), *more])


def trail(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "dist/tiny-0.1.0-web.audit.json").read_text("utf-8"))
    return found


def acknowledge(root: Path, by: str = "R. Doe") -> int:
    return main(["publish", "-q", "-C", str(root), "--ack", "brush", "--by", by, "--yes"])


def test_a_project_in_order_is_published(tmp_path: Path) -> None:
    root = make(tmp_path / "tiny")
    assert publish(root) == 0
    told = trail(root)
    path = root / "dist" / told["archive"]["name"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == told["archive"]["sha256"]
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {"index.html", "sw.js"} <= set(names)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
        for name in names:
            assert archive.read(name) == (root / "build/web" / name).read_bytes()
    assert told["stopping"] == []
    assert told["ratings"]["endings"] == {"done": "everyone"}


def test_archive_and_audit_are_the_same_in_another_folder(tmp_path: Path) -> None:
    left = []
    for folder in ("here", "elsewhere/below"):
        root = make(tmp_path / folder)
        write(
            root,
            licenses__brush_txt=TEXT,
            licenses__brush_yaml="source: https://example.org\n"
            "acknowledged:\n"
            f"  - {{sha256: {hashlib.sha256(TEXT.encode()).hexdigest()}, by: R. Doe, "
            "date: 2027-01-31}\n",
            policy__ratings_yaml="overrides:\n  - {item: nowhere, rating: teen, reason: a fight}\n",
            waivers_yaml="- {code: VN1906, at: policy/ratings.yaml, reason: it comes back}\n",
        )
        assert publish(root) == 0
        left.append({path.name: path.read_bytes() for path in (root / "dist").iterdir()})
        assert not any(str(tmp_path).encode() in data for data in left[-1].values())
    assert left[0] == left[1]
    assert len(left[0]) == 2


def test_a_finding_stops_it_until_somebody_waives_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path / "tiny")
    scene = root / "scenes/one.md"
    scene.write_text("She swears. `rated mature`\n\n[Go on](two.md)\n", encoding="utf-8")
    assert publish(root) == 1
    assert "VN1902" in capsys.readouterr().err
    assert not (root / "dist").exists()
    assert not (root / "build/web").exists()
    (root / "vn.yaml").write_text(
        (root / "vn.yaml").read_text("utf-8") + "lint: {VN1902: 'off'}\n", encoding="utf-8"
    )
    assert publish(root) == 1, "what a project calls it does not decide it"
    write(root, waivers_yaml="- {code: VN1902, at: one, reason: it is a mild oath, by: R. Doe}\n")
    assert publish(root) == 0
    waived = trail(root)["waived"]
    assert [each["finding"]["code"] for each in waived] == ["VN1902"]
    assert waived[0]["waiver"]["reason"] == "it is a mild oath"
    assert waived[0]["waiver"]["by"] == "R. Doe"


def test_a_waiver_that_has_ended_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path / "tiny")
    (root / "scenes/one.md").write_text("Hm. `rated teen`\n\n[Go on](two.md)\n", encoding="utf-8")
    write(
        root, waivers_yaml="- {code: VN1902, at: one, reason: until we cut it, until: 2027-01-31}\n"
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1801353600")  # 2027-01-31
    assert publish(root, "--dry-run") == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1801440000")  # the day after
    assert publish(root, "--dry-run") == 1


def test_a_text_has_to_be_acknowledged_and_again_when_it_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path / "tiny")
    write(
        root,
        licenses__brush_txt=TEXT,
        licenses__brush_yaml="# our brush\nsource: https://example.org\n",
        waivers_yaml="- {code: VN1921, at: licenses/brush.yaml, reason: we are in a hurry}\n",
    )
    assert publish(root, "--dry-run") == 1, "no waiver stands for a text"
    write(root, waivers_yaml="[]\n")
    assert acknowledge(root) == 0
    assert "Use it kindly." in capsys.readouterr().out
    told = (root / "licenses/brush.yaml").read_text("utf-8")
    assert told.startswith("# our brush\n")
    assert publish(root, "--dry-run") == 0
    write(root, licenses__brush_txt=TEXT.replace("\n", "\r\n"))
    assert publish(root, "--dry-run") == 0, "line ends are no change"
    assert acknowledge(root) == 0
    assert (root / "licenses/brush.yaml").read_text("utf-8") == told
    write(root, licenses__brush_txt=TEXT + "And pay.\n")
    capsys.readouterr()
    assert publish(root, "--dry-run") == 1
    assert "has changed since" in capsys.readouterr().err
    assert acknowledge(root) == 0
    assert publish(root) == 0
    (text,) = trail(root)["texts"]
    assert [each["by"] for each in text["acknowledged"]] == ["R. Doe"]
    assert text["sha256"] == text["acknowledged"][0]["sha256"]


def test_a_dry_run_writes_nothing_of_its_own(tmp_path: Path) -> None:
    root = make(tmp_path / "tiny")
    before = {path.name for path in root.iterdir()}
    assert publish(root, "--dry-run") == 0
    assert {path.name for path in root.iterdir()} - {".comfyvn"} == before


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make(tmp_path / "tiny")
    assert publish(root, "steam") == 2
    assert publish(root, "--by", "R. Doe") == 2
    assert publish(root, "-o", str(root / "build/web")) == 2
    assert "name another folder" in capsys.readouterr().err
    assert publish(root, "--ack", "brush") == 2
    told = capsys.readouterr().err
    assert "no licenses/brush.yaml" in told
    assert "`--ack` wants" not in told
    write(root, licenses__brush_txt=TEXT, licenses__brush_yaml="source: here\n")
    assert publish(root, "--ack", "brush") == 2
    assert "`--ack` wants `--by WHO`" in capsys.readouterr().err
    assert publish(root, "--ack", "bursh", "--by", "R. Doe") == 2
    assert "did you mean `brush`?" in capsys.readouterr().err
    assert publish(root, "--ack", "brush", "--by", "R. Doe") == 2, "nobody is there to ask"
    assert publish(tmp_path) == 1


def test_errors_and_drafts_stop_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make(tmp_path / "tiny")
    (root / "scenes/one.md").write_text("TODO: begin.\n\n[Go on](two.md)\n", encoding="utf-8")
    assert publish(root) == 1
    told = capsys.readouterr().err
    assert "note[" not in told
    assert "not published: this stops it; mend it" in told
    (root / "scenes/one.md").write_text("Well.\n\n[Go on](three.md)\n", encoding="utf-8")
    (root / "scenes/three.md").write_text("![A sea](sea)\n\n[On](two.md)\n", encoding="utf-8")
    for more in ((), ("--dry-run",)):
        capsys.readouterr()
        assert publish(root, "--json", *more) == 1
        told = capsys.readouterr()
        assert "1 picture is a draft" in told.err
        assert [each["code"] for each in json.loads(told.out)[0]["stopping"]] == ["VN1220"]
    assert not (root / "dist").exists()


def test_what_is_waived_stops_no_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path / "tiny")
    (root / "scenes/one.md").write_text("TODO: begin.\n\n![A sea](sea)\n\n[On](two.md)\n", "utf-8")
    release = ["build", "-q", "--profile", "release", "-C", str(root)]
    write(root, waivers_yaml="- {code: VN0337, at: scenes/one.md, reason: it is a joke}\n")
    assert main(release) == 1
    assert publish(root) == 1
    told = capsys.readouterr().err
    assert "VN1220" in told
    assert "VN0337" not in told
    with (root / "waivers.yaml").open("a", encoding="utf-8") as waivers:
        waivers.write("- {code: VN1220, at: vn.yaml, reason: players know it for a demo}\n")
    assert main(["check", "-C", str(root)]) == 0
    told = capsys.readouterr().out
    assert "VN1703" not in told
    assert "VN1220" not in told
    assert main(release) == 0
    assert publish(root) == 0
    assert "error" not in capsys.readouterr().err
    assert [each["finding"]["code"] for each in trail(root)["waived"]] == ["VN0337", "VN1220"]


def test_what_is_wrong_since_it_was_checked_stops_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path / "tiny")
    build = Builder.build

    def later(self: Builder, *args: Any) -> Outcome:
        (root / "scenes/one.md").write_text("TODO: begin.\n\n[Go on](two.md)\n", "utf-8")
        return build(self, *args)

    monkeypatch.setattr(Builder, "build", later)
    assert publish(root, "--json") == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in told["stopping"]] == ["VN0337"]
    assert "archive" not in told or told["archive"] is None
