"""A target that goes without something: no file that is built has a trace of it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Options

FILES = {
    "vn.yaml": "format: 1\nid: tale\ntitle: A tale\nstart: one\nrating: adult\n"
    "languages: [en, es]\ntargets: [web, renpy]\npictures: {painted: final}\n"
    "content: {web: {mode: sfw}, renpy: {mode: sfw, rating: everyone}}\n",
    "scenes/one.md": """
Hello, quay.
The SECRETLINE is told. `rated mature` ^told

![A SECRETALT with a wound](wound)

- Leave the quay.
- SECRETCHOICE now. `rated adult`

  SECRETBODY.

[](two.md)
""",
    "scenes/two.md": """---
rating: mature
sfw_variant: mild
---

SECRETSCENE.

![SECRETPICTURE](secretpicture)

`ending done "Done"`
""",
    "scenes/mild.md": """
The mild way.

`ending done "Done"`
""",
    "i18n/es.po": """
msgctxt "SECRETID"
msgid "The SECRETLINE is told."
msgstr "SECRETSPANISH."
""",
    "policy/ratings.yaml": "overrides:\n  - {item: picture wound, rating: mature, reason: blood, "
    "sfw_variant: bandage, sfw_alt: A bandage}\n",
}


def build(root: Path) -> None:
    outcome = Builder(root, Options(jobs=1, offline=True)).build(())
    assert not outcome.failures
    assert not outcome.findings.has_errors, list(outcome.findings)


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_no_file_has_a_trace_of_what_is_left_out(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.lstrip("\n"), encoding="utf-8")
    (tmp_path / "assets").mkdir()
    for name, colour in (("wound", "red"), ("bandage", "white"), ("secretpicture", "black")):
        Image.new("RGB", (1920, 1080), colour).save(tmp_path / f"assets/{name}.png")
    (tmp_path / "i18n/es.po").unlink()
    whole = (tmp_path / "vn.yaml").read_text("utf-8")
    (tmp_path / "vn.yaml").write_text(whole.partition("content:")[0], encoding="utf-8")
    build(tmp_path)
    assert any(b"SECRETLINE" in data for data in contents(tmp_path / "build/web").values())
    assert any(b"SECRETLINE" in data for data in contents(tmp_path / "build/renpy").values())
    pictures = len(list((tmp_path / "build/web/assets").iterdir()))
    # The same story translated, and with the content of both targets cut, on top of that build.
    lock = (tmp_path / "vn.lock").read_text("utf-8")
    told = next(line.split("\t")[2] for line in lock.splitlines() if "SECRETLINE" in line)
    catalogue = FILES["i18n/es.po"].lstrip().replace("SECRETID", told)
    (tmp_path / "i18n/es.po").write_text(catalogue, encoding="utf-8")
    build(tmp_path)
    for target in ("web", "renpy"):
        files = contents(tmp_path / "build" / target).values()
        assert any(b"SECRETSPANISH" in data for data in files), target
    (tmp_path / "vn.yaml").write_text(whole, encoding="utf-8")
    build(tmp_path)
    for target in ("web", "renpy"):
        files = contents(tmp_path / "build" / target)
        traces = [name for name, data in files.items() if b"SECRET" in data]
        assert traces == [], target
        assert not any("secretpicture" in name or "wound" in name for name in files)
        assert any(b"The mild way." in data for data in files.values())
        assert any(b"A bandage" in data for data in files.values())
    assert len(list((tmp_path / "build/web/assets").iterdir())) < pictures
