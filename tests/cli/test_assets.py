"""What `comfyvn assets` lists: a state for each request, and the files nothing asks for."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image
from spoken_story import write_story

from comfyvn.cli.main import main
from comfyvn.plan.takes import pin
from comfyvn.source.diagnostics import Diagnostics

STORY = {
    "vn.yaml": "format: 1\nid: tiny\ntitle: Tiny\nstart: one\nworld: coast\ntargets: [web]\n",
    "worlds/coast.yaml": "locations:\n  quay: {kind: harbour}\n",
    "characters/mei.yaml": "name: Mei\nlook:\n  expressions: {plain: calm}\n",
    "scenes/one.md": "---\nlocation: quay\n---\n\n`show mei`\n\n`play sfx bell`\n\n"
    'Mei: Hello.\n\n`ending done "Done"`\n',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in STORY.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "assets").mkdir()
    return tmp_path


def listed(project: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["assets", "-C", str(project), "--json", *options]) == 0
    rows = json.loads(capsys.readouterr().out)["assets"]
    return {f"{row['kind']} {row['name']}": row for row in rows}


def states(rows: dict[str, Any]) -> dict[str, str]:
    return {name: row["state"] for name, row in rows.items()}


def test_states_follow_what_is_there(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"background quay": "missing", "sfx bell": "missing", "sprite mei plain": "missing"}
    assert states(listed(project, capsys)) == asked
    assert main(["build", "-q", "-C", str(project)]) == 0
    drawn = {"background quay": "draft", "sfx bell": "missing", "sprite mei plain": "draft"}
    assert states(listed(project, capsys)) == drawn
    character = project / "characters" / "mei.yaml"
    character.write_text(STORY["characters/mei.yaml"] + 'colour: "#ff0000"\n', "utf-8")
    assert states(listed(project, capsys)) == {**drawn, "sprite mei plain": "stale"}
    Image.new("RGBA", (840, 1200), "red").save(project / "assets" / "mei.png")
    Image.new("RGB", (1920, 1080), "red").save(project / "assets" / "nowhere.png")
    (project / "assets" / "mei.png.asset.yaml").write_text(
        "licence: CC-BY-4.0\nauthor: Me\ntags: [cast, red]\n", "utf-8"
    )
    rows = listed(project, capsys)
    assert states(rows) == {
        **drawn,
        "sprite mei plain": "hand-made",
        "file assets/nowhere.png": "unused",
    }
    mei = rows["sprite mei plain"]
    assert (mei["licence"], mei["author"], mei["tags"]) == ("CC-BY-4.0", "Me", ["cast", "red"])
    assert mei["bytes"] == (project / "assets" / "mei.png").stat().st_size

    def chosen(*options: str) -> list[str]:
        return sorted(listed(project, capsys, *options))

    assert chosen("--state", "unused", "--state", "draft") == [
        "background quay",
        "file assets/nowhere.png",
    ]
    assert chosen("--kind", "sprite") == ["sprite mei plain"]
    assert chosen("--tag", "red") == chosen("--licence", "cc-by-4.0") == ["sprite mei plain"]
    assert chosen("--tag", "red", "--kind", "sfx") == []
    table = pq.read_table(project / ".comfyvn" / "assets.parquet")
    assert table.column("name").to_pylist() == [row["name"] for row in rows.values()]


def test_words_choose(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "list", "-C", str(project), "bel"]) == 0
    out = capsys.readouterr().out
    assert "bell" in out
    assert "quay" not in out


def test_options_may_stand_before_the_part(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    there = ["assets", "-C", str(project)]
    assert main([*there, "--json", "--kind", "sfx", "list", "--kind", "sprite", "--debug"]) == 0
    rows = json.loads(capsys.readouterr().out)["assets"]
    assert {row["kind"] for row in rows} == {"sfx", "sprite"}
    assert main([*there, "--json", "show", "bell"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "bell"
    assert main([*there, "list", "-C", "."]) == 1, "what stands last holds"
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main([*there, "--kind", "sfx", "show", "bell"])
    assert stopped.value.code == 2
    assert "`comfyvn assets show` has no --kind" in capsys.readouterr().err


def test_a_table_in_a_pipe_has_a_line_for_each(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    long = f"assets/{'a-long-name-' * 12}.png"
    Image.new("RGB", (8, 8), "red").save(project / long)
    (project / "assets/esc\x1b[31mred\x9b.png").touch()
    assert main(["assets", "list", "--state", "unused", "-C", str(project)]) == 0
    out = capsys.readouterr().out
    assert any(line.count(long) == 2 for line in out.splitlines())
    assert "assets/esc<U+001B>[31mred<U+009B>.png" in out
    assert "\x1b" not in out
    assert main(["assets", "show", "esc\x1b", "-C", str(project)]) == 2
    assert "\x1b" not in capsys.readouterr().err
    assert main(["check", "-C", str(project)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_what_is_unknown_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "-C", str(project), "--kind", "spirit"]) == 2
    assert "sprite" in capsys.readouterr().err
    (project / "scenes" / "one.md").write_text("`jump nowhere`\n", "utf-8")
    assert main(["assets", "-C", str(project)]) == 1


def test_a_brief_is_told_in_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in ((["mei"], "person: name mei"), (["quay"], "kind: ")):
        assert main(["assets", "show", *words, "-C", str(project)]) == 0
        out = capsys.readouterr().out
        assert told in out
        assert '"' not in out
        assert "{" not in out
        assert "skin" not in out, "nothing is said of it"


def test_the_page_shows_what_is_painted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "-q", "-C", str(project)]) == 0
    assert main(["assets", "page", "-C", str(project)]) == 0
    assert "no preview" not in capsys.readouterr().err
    folder = project / ".comfyvn" / "assets"
    assert len(list(folder.glob("previews/*-256.webp"))) == 2


def test_the_page_shows_what_there_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (1200, 600), "#336699").save(project / "assets" / "quay.png")
    (project / "assets" / "mei.png").write_bytes(b"no picture")
    assert main(["assets", "page", "-C", str(project)]) == 0
    assert "sprite mei plain" not in capsys.readouterr().out
    folder = project / ".comfyvn" / "assets"
    page = (folder / "index.html").read_text("utf-8")
    assert page.count("<figure") == 3
    (small,) = folder.glob("previews/*-256.webp")
    assert small.name in page
    with Image.open(small) as image:
        assert image.size == (256, 128)
        assert image.getpixel((100, 100))[2] > 140
    written = small.stat().st_mtime_ns
    assert main(["assets", "page", "-q", "-C", str(project)]) == 0
    assert small.stat().st_mtime_ns == written


CAST = {
    "vn.yaml": "format: 1\nid: tiny\ntitle: Tiny\nlanguage: en\nlanguages: [en, es]\n"
    "start: two\ntimeline: main\ntargets: [web]\n",
    "timelines/main.yaml": "chapters: [{title: All, scenes: [two, one]}]\n",
    "characters/mei.yaml": "name: Mei\nlook:\n  expressions: {plain: calm, sad: low}\n",
    "characters/ann.yaml": "name: Ann\n",
    "scenes/one.md": "Rain. ^rain\n\nMei (sad): *Oh.* ^oh\n\nAnn: You? ^you\n\n"
    'Mei (whisper): {roll("1d6")} times. ^times\n\n`ending done "Done"`\n',
    "scenes/two.md": "---\ntitle: Second\n---\n\nMei: First of all. ^first\n",
}


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    for name, text in CAST.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_a_list_is_printed_where_its_table_cannot_be_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".comfyvn" / "assets.parquet").mkdir(parents=True)
    assert main(["assets", "list", "-C", str(project)]) == 3
    said = capsys.readouterr()
    assert " in all: " in said.out
    assert "cannot write .comfyvn/assets.parquet" in said.err


def test_a_recording_script(cast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (cast / "assets" / "voice" / "Mei").mkdir(parents=True)
    assert main(["assets", "sheet", "mei", "-C", str(cast), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["text"] for row in rows] == ["First of all.", "Oh.", '[["roll",1,6,0]] times.']
    assert [row["before"] for row in rows] == ["", "Rain.", "Ann: You?"]
    assert [row["cues"] for row in rows] == ["", "sad", "whisper"]
    assert rows[0]["scene"] == "Second"
    recording = Path(f"{rows[1]['file']}.flac").name
    (cast / "assets" / "voice" / "Mei" / recording).write_bytes(b"fLaC")
    assert main(["assets", "sheet", "mei", "--missing", "-C", str(cast), "--format", "csv"]) == 0
    left = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["file"] for row in left] == [rows[0]["file"], rows[2]["file"]]


def test_without_a_timeline_a_script_is_in_the_order_of_play(
    cast: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = '`ending done "Done"`'
    scenes = {
        "alone": f"Mei: Of none.\n\n{done}",
        "two": "Mei: First.\n\n`call` [Later](later.md)\n\n- [Right.](there.md)\n"
        "- [Left.](here.md)\n- Stay.\n\n[Bye.](bye.md)\n",
        "here": "Mei: Fourth.\n\n[On.](end.md)",
        "there": "Mei: Third.\n\n[On.](end.md)",
        "later": "Mei: Second.\n\n`return`",
        "end": "Mei: Last.\n\n[Again.](two.md)",
        "bye": f"Mei: Bye.\n\n{done}",
    }
    (cast / "scenes/one.md").unlink()
    (cast / "timelines/main.yaml").unlink()
    for name, text in scenes.items():
        (cast / f"scenes/{name}.md").write_text(text, "utf-8")
    (cast / "vn.yaml").write_text(CAST["vn.yaml"].replace("timeline: main\n", ""), "utf-8")
    assert main(["assets", "sheet", "mei", "-C", str(cast), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    said = [row["text"] for row in rows]
    assert said == ["First.", "Second.", "Third.", "Fourth.", "Last.", "Bye.", "Of none."]


def test_a_line_is_told_with_its_words_speaker_voice_and_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = write_story(tmp_path)
    lock = tmp_path / "vn.lock"
    assert pin(tmp_path, f"voice line {ids['mood']} en", 3, Diagnostics()), lock.read_text()

    def shown(*words: str) -> dict[str, Any]:
        assert main(["assets", "show", *words, "-C", str(tmp_path), "--json"]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    told = shown(ids["mood"], "en")
    assert (told["words"], told["speaker"]) == ("I am calm, Mei.", "Kenji")
    assert (told["manner"], told["take"]) == ("whisper", 3)
    assert told["voice"]["pace"] == pytest.approx(1, abs=0.1)
    assert shown(ids["mood"], "es")["take"] is None
    assert shown(ids["came"], "es")["words"] == "Has venido. Lo sabía."
    assert shown(ids["light"], "es")["words"] == "Light them."
    told = shown(ids["taken"], "en")
    assert (told["speaker"], told["voice"]) == ("Mei", None)
    assert main(["assets", "show", ids["mood"], "en", "-C", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    for each in ("I am calm, Mei.", "Kenji", "pace: ", "take"):
        assert each in out


def test_a_script_in_another_language_has_what_is_translated(
    cast: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assets", "sheet", "ann", "-C", str(cast), "--format", "csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    id = row["file"].removeprefix("voice/")
    (cast / "i18n").mkdir()
    (cast / "i18n" / "es.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        f'msgctxt "{id}"\nmsgid "You?"\nmsgstr "¿Tú?"\n',
        "utf-8",
    )
    options = ["--language", "es", "-C", str(cast), "-o", str(cast / "sheet.html")]
    assert main(["assets", "sheet", "-q", *options]) == 0
    page = (cast / "sheet.html").read_text("utf-8")
    assert "¿Tú?" in page
    assert f"voice/es/{id}" in page
    assert "First of all" not in page
    assert main(["assets", "sheet", "-C", str(cast), "-o", str(cast / "sheet.pdf")]) == 2
    assert ".csv" in capsys.readouterr().err
    assert not (cast / "sheet.pdf").exists()
    assert main(["assets", "sheet", "ana", "-C", str(cast)]) == 2
    assert "`ann`" in capsys.readouterr().err
    assert main(["assets", "sheet", "--language", "fr", "-C", str(cast)]) == 2
