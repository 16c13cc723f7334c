"""Renaming: afterwards all means what it meant, and every line has its id."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest
from builds.example import EXAMPLE, copy_project
from lsp.editor import Editor
from lsp.small import make

from comfyvn.lsp.project import Project
from comfyvn.lsp.rename import RenameError, rename
from comfyvn.lsp.text import Change, Document, Place
from comfyvn.model.load import load_project
from comfyvn.source.diagnostics import Diagnostics, Edit
from comfyvn.source.lock import read_lock
from comfyvn.source.lock_pins import pin_lines, pins_in
from comfyvn.story.compile import compile_project


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("renames")
    return {
        "small": make(folder / "small"),
        "example": copy_project(EXAMPLE, folder / "example"),
    }


@pytest.fixture
def story(projects: dict[str, Path], request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return shutil.copytree(projects[getattr(request, "param", "small")], tmp_path / "story")


@pytest.fixture
def editor(story: Path) -> Iterator[Editor]:
    with Editor(story) as running:
        yield running


def renamed(root: Path, path: str, mark: str, new: str) -> None:
    """Rename what stands at a mark, and write that."""
    project = Project(root)
    at = project.document(path).at(Place(*spot(root, path, mark)[1:]))
    renaming = rename(project, path, *at, new)
    by_path: dict[str, list[Edit]] = {}
    for edit in set(renaming.edits):
        by_path.setdefault(edit.span.path, []).append(edit)
    for file, edits in by_path.items():
        document = project.document(file)
        for edit in sorted(edits, key=lambda each: each.span, reverse=True):
            document.change([Change(*document.ends(edit.span), edit.text)])
        (root / file).write_text(document.text, encoding="utf-8")
    for old, to in renaming.moves:
        (root / to).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(root / to)


def said(root: Path) -> tuple[Counter[str], list[str], Any]:
    """Return how often each code is found, the ids of all lines, and the Program."""
    out = Diagnostics()
    loaded = load_project(root, out)
    assert loaded is not None
    compiled = compile_project(loaded, read_lock(root, out), out)
    assert compiled is not None
    return Counter(each.code for each in out), sorted(compiled.source_map), compiled.program


def file_of(uri: str) -> Path:
    return Path(unquote(urlparse(uri).path))


def apply(edit: dict[str, Any]) -> None:
    """Do on disk what an editor would do."""
    for part in edit["documentChanges"]:
        if part.get("kind") == "rename":
            file_of(part["newUri"]).parent.mkdir(parents=True, exist_ok=True)
            file_of(part["oldUri"]).rename(file_of(part["newUri"]))
            continue
        file = file_of(part["textDocument"]["uri"])
        document = Document(file.read_text(encoding="utf-8"))
        edits = sorted(part["edits"], key=lambda each: [*each["range"]["start"].values()])
        for before, after in pairwise(edits):
            assert [*before["range"]["end"].values()] <= [*after["range"]["start"].values()]
        for each in reversed(edits):
            start, end = (Place(**each["range"][side]) for side in ("start", "end"))
            document.change([Change(start, end, each["newText"])])
        file.write_text(document.text, encoding="utf-8")


def spot(root: Path, path: str, mark: str) -> tuple[str, int, int]:
    """Return where `|` stands in a part of a file, as an editor tells it."""
    before, _, after = mark.partition("|")
    document = Document((root / path).read_text(encoding="utf-8"))
    offset = document.text.index(before + after) + len(before)
    line = document.text.count("\n", 0, offset) + 1
    column = offset - document.text.rfind("\n", 0, offset)
    return path, *document.place(line, column)


TESTS = "playtests/all.yaml"
SMALL = [
    ("state.yaml", "tru|st:", "faith", TESTS, "[faith >= 0]"),
    (TESTS, "mei.ho|pe", "joy", "characters/mei.yaml", "  joy:\n"),
    (TESTS, "ending: co|ld", "icy", "scenes/one.md", "`ending icy "),
    (TESTS, "mei wor|ried", "afraid", "characters/mei.yaml", "    afraid: brows"),
    ("worlds/town.yaml", "school/ro|of:", "school/top", TESTS, "[school/top, "),
    ("scenes/one.md", "`show me|i worried", "may", TESTS, "[may.hope <= 3]"),
    ("scenes/one.md", "`set tru|st += 1`", "faith", "state.yaml", "faith:\n  type: int"),
    ("scenes/one.md", "`set tru|st += 1`", "faith", "i18n/es.po", '\\"{faith}\\" veces.'),
    ("state.yaml", "tru|st:", "faith", "scenes/one.md", "{faith, plural, one"),
    ("scenes/one.md", "`set mei.ho|pe -= 1`", "joy", "characters/mei.yaml", "  joy:\n"),
    ("characters/mei.yaml", "hop|e:", "joy", "scenes/one.md", "`if mei.joy > 3 and"),
    ("scenes/one.md", "`show me|i worried", "may", "characters/may.yaml", "name: Mei"),
    ("scenes/one.md", "`show me|i worried", "may", "scenes/one.md", "`set may.hope -= 1`"),
    ("scenes/one.md", "M|ei & Kenji", "May Lin", "scenes/one.md", "May Lin (worried): You"),
    ("scenes/one.md", "Mei & Ken|ji", "Ken", "characters/kenji.yaml", "name: Ken\n"),
    ("scenes/one.md", "Miss |Tan: N", "Mrs Tan", "characters/mei.yaml", "[Mrs Tan]"),
    ("scenes/one.md", "Mei (wor|ried)", "afraid", "scenes/one.md", "`show mei afraid at left`"),
    ("characters/mei.yaml", "worr|ied:", "afraid", "scenes/one.md", "Mei (afraid): You"),
    ("scenes/one.md", "(#hon|est)", "to-be-honest", "scenes/one.md", "## to be honest\n"),
    ("scenes/one.md", "## hon|est", "Truth, at last", "state.yaml", "one.md#truth-at-last"),
    ("scenes/one.md", "## hon|est", "Truth, at last", TESTS, "one#truth-at-last: [mei.hope"),
    ("scenes/one.md", "## hon|est", "Truth, at last", TESTS, "start: one.md#truth-at-last"),
    (TESTS, "{mei.ho|pe", "joy", "characters/mei.yaml", "  joy:\n"),
    (TESTS, "{mei.ho|pe", "joy", TESTS, "[mei.joy <= 2]"),
    ("timelines/main.yaml", "[o|ne, ", "first", TESTS, "first.md#honest: [mei"),
    ("scenes/deep/two.md", "## lan|ding", "The stairs", "scenes/one.md", "two.md#the-stairs)"),
    ("scenes/one.md", "(deep/t|wo.md#", "other/far", "scenes/other/far.md", "](../one.md#tease)"),
    ("timelines/main.yaml", "[o|ne, ", "up/in/one", "scenes/up/in/one.md", "](../../deep/two.md"),
    ("timelines/main.yaml", "[o|ne, ", "first", "vn.yaml", "start: first\n"),
    ("timelines/main.yaml", "[o|ne, ", "first", "i18n/es.po", "#: scenes/first.md"),
    ("timelines/main.yaml", "[o|ne, ", "first", "state.yaml", "[first.md#honest, deep"),
    ("scenes/one.md", "scene school/ro|of", "school/top", "worlds/town.yaml", "  school/top:\n"),
    ("worlds/town.yaml", "times: [dus|k", "evening", "scenes/one.md", "time: evening"),
    ("scenes/one.md", "weather: ra|in", "drizzle", "worlds/town.yaml", "[drizzle, clear]"),
    ("scenes/one.md", "prop la|mp", "torch", "props/torch.yaml", "alt: A lamp."),
    ("props/lamp.yaml", "de|sk:", "table", "scenes/one.md", "`prop lamp at table`"),
    ("scenes/one.md", "^ca|me", "arrived", "scenes/one.md", '`if seen("#^arrived")`'),
    ("scenes/one.md", "ending co|ld", "icy", "scenes/one.md", "`ending icy "),
    ("scenes/deep/ask.md", "stak|es:", "bet", "scenes/one.md", "`call with bet=trust"),
    ("scenes/one.md", "with sta|kes", "bet", "scenes/deep/ask.md", "`return bet + 1`"),
    ("vn.yaml", "theme: pa|per", "card", "themes/card.yaml", "name: Paper"),
    ("vn.yaml", "world: to|wn", "city", "worlds/city.yaml", "times:"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "mark", "new", "where", "text"), SMALL)
def test_names_of_every_kind(
    story: Path, path: str, mark: str, new: str, where: str, text: str
) -> None:
    before, ids, _ = said(story)
    renamed(story, path, mark, new)
    after, same, _ = said(story)
    assert text in (story / where).read_text(encoding="utf-8")
    assert after == before
    assert same == ids


EXAMPLES = [
    ("scenes/evening/hatch.md", "odile.tru|st", "faith"),
    ("characters/noor.yaml", "name: No|or", "Nora"),
    ("characters/haru.yaml", "name: Ha|ru", "Haruto"),
    ("scenes/evening/hatch.md", "`show od|ile", "harker"),
    ("state.yaml", "umbre|llas:", "brollies"),
    ("timelines/night_shift.yaml", "evening/ha|tch", "first/window"),
    ("timelines/night_shift.yaml", "dawn/empty_she|lves", "empty shelves"),
    ("worlds/sallow_head.yaml", "pier/off|ice:", "pier/bureau"),
]


@pytest.mark.parametrize("story", ["example"], indirect=True)
def test_the_example_stays_the_same_story(story: Path) -> None:
    before, ids, program = said(story)
    for path, mark, new in EXAMPLES:
        renamed(story, path, mark, new)
        after, same, changed = said(story)
        assert after == before, (path, mark)
        assert same == ids, (path, mark)
    assert changed["start"] == "first/window"
    assert changed["translations"]["es"].keys() == program["translations"]["es"].keys()


@pytest.mark.parametrize(
    ("mark", "new", "why"),
    [
        ("`set tru|st += 1`", "mood", "there is a variable `mood` already"),
        ("`set tru|st += 1`", "Trust me", "cannot be a name"),
        ("`set tru|st += 1`", "and", "cannot be a name"),
        ("`set tru|st += 1`", "stakes", "`deep/ask` has a parameter `stakes`, which hides it"),
        ("`show me|i", "kenji", "there is a character `kenji` already"),
        ("M|ei & K", "Kenji", "`kenji` is called `Kenji` already"),
        ("M|ei & K", "Mei (2)", "signs"),
        ("M|ei & K", "- Mei", "is no spoken one"),
        ("M|ei & K", "2. Mei", "is no spoken one"),
        ("`show me|i", "ken", "`kenji` is called `ken` already"),
        ("## hon|est", "Tease!", "there is a heading `#tease` in this scene already"),
        ("## hon|est", "...", "needs a letter"),
        ("## hon|est", "Look #", "no links"),
        ("## hon|est", "Look [there](x.md)", "no links"),
        ("ending co|ld", "warm", "there is a ending `warm` already"),
        ("(deep/t|wo.md", "deep/ask", "there is a scene `deep/ask` already"),
        ("(deep/t|wo.md", "a:b", "cannot have"),
        ("Mei (wor|ried)", "smile", "already"),
        ("^ca|me", "a b", "letters, digits"),
        ("music: first_r|ain", "x", "rename the file"),
        ("You c|ame", "x", "nothing here"),
    ],
)
def test_what_cannot_be_is_refused(story: Path, mark: str, new: str, why: str) -> None:
    (story / "characters/kenji.yaml").write_text("name: Kenji\naliases: [Ken]\n")
    (story / "scenes/deep/two.md").write_text('`ending warm "Warm"`\n')
    with pytest.raises(RenameError, match=re.escape(why)):
        renamed(story, "scenes/one.md", mark, new)


def test_a_parameter_hides_no_variable(story: Path) -> None:
    with pytest.raises(RenameError, match="there is a variable `trust`, which this would hide"):
        renamed(story, "scenes/deep/ask.md", "  sta|kes:", "trust")


def test_a_look_in_the_cue_of_two_is_of_both(story: Path) -> None:
    look = "look: {expressions: {smile: so}}\n"
    (story / "characters/kenji.yaml").write_text(f"name: Kenji\n{look}")
    (story / "scenes/deep/two.md").write_text("Mei & Kenji (smile): Down here.\n")
    with pytest.raises(RenameError, match="a cue has it of `kenji`, too, who has no look `grin`"):
        renamed(story, "characters/mei.yaml", "smi|le:", "grin")
    (story / "characters/kenji.yaml").write_text(
        f"name: Kenji\n{look.replace('{s', '{grin: so, s')}"
    )
    renamed(story, "characters/mei.yaml", "smi|le:", "grin")
    assert "Mei & Kenji (grin):" in (story / "scenes/deep/two.md").read_text()


@pytest.mark.parametrize("new", ["42", "1e3", "0x1F", "True", "on", "Zoë 2", "~", "J. R. ‘R’ M"])
def test_a_name_is_text_in_yaml(story: Path, new: str) -> None:
    before, ids, _ = said(story)
    renamed(story, "scenes/one.md", "M|ei & K", new)
    after, same, _ = said(story)
    assert load_project(story, Diagnostics()).characters["mei"].name == new
    assert (after, same) == (before, ids)


def test_editors_are_told_why_not(editor: Editor, story: Path) -> None:
    place = spot(story, "scenes/one.md", "`set tru|st += 1`")
    assert editor.at("rename", *place, newName="mood") is None
    editor.at("hover", "scenes/one.md", 0, 0)
    assert editor.messages == ["Not renamed: there is a variable `mood` already"]
    assert editor.at("prepareRename", *place)["placeholder"] == "trust"
    assert editor.at("prepareRename", *spot(story, "scenes/one.md", "You c|ame")) is None


def test_an_editor_renames_a_scene_with_its_file(editor: Editor, story: Path) -> None:
    before, ids, _ = said(story)
    place = spot(story, "scenes/one.md", "(deep/t|wo.md#")
    apply(editor.at("rename", *place, newName="other/far"))
    after, same, _ = said(story)
    assert (story / "scenes/other/far.md").is_file()
    assert (after, same) == (before, ids)


def test_an_editor_that_takes_no_versions_renames_files_all_the_same(story: Path) -> None:
    place = spot(story, "scenes/one.md", "(deep/t|wo.md#")
    with Editor(story, edits={"resourceOperations": ["rename"]}) as editor:
        apply(editor.at("rename", *place, newName="other/far"))
    assert (story / "scenes/other/far.md").is_file()


def test_without_new_names_for_files_nothing_is_half_renamed(story: Path) -> None:
    place = spot(story, "scenes/one.md", "(deep/t|wo.md#")
    with Editor(story, edits={"documentChanges": True}) as editor:
        assert editor.at("rename", *place, newName="other/far") is None
        assert editor.at("rename", *spot(story, "scenes/one.md", "`set tru|st"), newName="faith")
        (message,) = editor.messages
    assert "`scenes/deep/two.md` needs another name too" in message


def test_waivers_of_a_file_go_with_it(story: Path) -> None:
    entry = "- {code: VN1750, at: scenes/deep/two.md, reason: So}\n"
    entry += "- {code: VN1716, at: characters/mei.yaml, reason: So}\n"
    (story / "waivers.yaml").write_text(entry, encoding="utf-8")
    renamed(story, "scenes/one.md", "(deep/t|wo.md#", "other/far")
    renamed(story, "scenes/one.md", "`show me|i worried", "may")
    text = (story / "waivers.yaml").read_text(encoding="utf-8")
    assert "at: scenes/other/far.md," in text
    assert "at: characters/may.yaml," in text


RATED = """overrides:
  - {item: sprite mei worried, rating: mature, reason: So, sfw_variant: mei}
  - {item: background school/roof dusk rain, rating: teen, reason: So}
  - {item: prop lamp, rating: teen, reason: So}
  - {item: "scenes/deep/two", rating: teen, reason: A folder of that name}
  - {item: deep/two, rating: teen, reason: So}
  - {item: one#honest, rating: teen, reason: So}
"""
DECIDED = [
    ("characters/mei.yaml", "worr|ied:", "afraid", "sprite mei afraid", "item: sprite mei afraid,"),
    ("scenes/one.md", "`show me|i worried", "may", "sprite may worried", "sfw_variant: may}"),
    ("worlds/town.yaml", "school/ro|of:", "top", "background top dusk", "background top dusk"),
    ("worlds/town.yaml", "times: [dus|k", "late", "school/roof late", "school/roof late rain"),
    ("scenes/one.md", "weather: ra|in", "wet", "dusk wet\t3", "school/roof dusk wet,"),
    ("scenes/one.md", "prop la|mp", "torch", "@take\tprop torch\t4", "{item: prop torch,"),
    ("scenes/one.md", "(deep/t|wo.md#", "other/far", "", "  - {item: other/far, rating"),
    ("timelines/main.yaml", "[o|ne, ", "first", "", "{item: first#honest,"),
    ("scenes/one.md", "## hon|est", "At last", "", "{item: one#at-last,"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "mark", "new", "pin", "rated"), DECIDED)
def test_what_was_decided_of_assets_goes_with_their_names(
    story: Path, path: str, mark: str, new: str, pin: str, rated: str
) -> None:
    (story / "policy").mkdir()
    (story / "policy/ratings.yaml").write_text(RATED, encoding="utf-8")
    lock = story / "vn.lock"
    first, *lines = lock.read_text(encoding="utf-8").split("\n")
    pins = {"background school/roof dusk rain": 3, "prop lamp": 4, "sprite mei worried": 2}
    lock.write_text("\n".join([first, *pin_lines(pins), *lines]), encoding="utf-8")
    assert len(pins_in(lock.read_text(encoding="utf-8"))) == 3
    renamed(story, path, mark, new)
    assert pin in lock.read_text(encoding="utf-8")
    assert len(pins_in(lock.read_text(encoding="utf-8"))) == 3
    text = (story / "policy/ratings.yaml").read_text(encoding="utf-8")
    assert rated in text
    assert "A folder of that name" in text
    assert 'item: "scenes/deep/two"' in text


def test_files_that_get_other_names_in_the_editor(editor: Editor, story: Path) -> None:
    before, ids, _ = said(story)
    names = [
        ("scenes/one.md", "scenes/up/one.md"),
        ("scenes/deep/two.md", "scenes/two.md"),
    ]
    files = [{"oldUri": editor.uri(old), "newUri": editor.uri(new)} for old, new in names]
    apply(editor.ask("workspace/willRenameFiles", files=files))
    for old, new in names:
        (story / new).parent.mkdir(exist_ok=True)
        (story / old).rename(story / new)
    after, same, _ = said(story)
    assert (after, same) == (before, ids)


def test_folders_and_characters_that_get_other_names_in_the_editor(
    editor: Editor, story: Path
) -> None:
    # Spoken by the id, which is no name.
    (story / "characters/kenji.yaml").write_text("name: Mr Oda\n", "utf-8")
    before, _, _ = said(story)
    names = [("scenes/deep", "scenes/far"), ("characters/kenji.yaml", "characters/ken.yaml")]
    for old, new in names:
        files = [{"oldUri": editor.uri(old), "newUri": editor.uri(new)}]
        apply(editor.ask("workspace/willRenameFiles", files=files))
        (story / old).rename(story / new)
        moved = [{"uri": editor.uri(old), "type": 3}, {"uri": editor.uri(new), "type": 1}]
        editor.tell("workspace/didChangeWatchedFiles", changes=moved)
    after, _, _ = said(story)
    assert after == before
    assert "ken: Down here." in (story / "scenes/far/two.md").read_text("utf-8")
    odd = {"oldUri": editor.uri("characters/ken.yaml"), "newUri": editor.uri("characters/B C.yaml")}
    edit = editor.ask("workspace/willRenameFiles", files=[odd])
    assert not (edit or {}).get("documentChanges")
    assert "cannot be a name" in editor.messages[-1]


def test_an_edit_is_about_the_text_in_the_editor(editor: Editor, story: Path) -> None:
    text = editor.open("scenes/one.md")
    on_disk = (story / "scenes/one.md").read_bytes()
    editor.write("scenes/one.md", f"`set trust = 3`\n{text[text.index('Mei & ') :]}")
    edit = editor.at("rename", "scenes/one.md", 0, 6, newName="faith")
    own = [e for e in edit["documentChanges"] if e["textDocument"]["uri"].endswith("one.md")]
    assert own[0]["textDocument"]["version"] == 2
    assert own[0]["edits"][0]["range"]["start"] == {"line": 0, "character": 5}
    assert (story / "scenes/one.md").read_bytes() == on_disk
