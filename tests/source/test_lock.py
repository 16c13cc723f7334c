"""`vn.lock`: the file, merges, and where deleted lines land."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import Anchor, Identity, Lock, identify, read_lock, report_changes
from comfyvn.source.lock_candidates import LIKELY, REACH, candidates
from comfyvn.source.lock_order import keys_for, spread

WORDS = "rain bell roof note door stair lamp sea ferry glass storm paper key song".split()


def line(text: str, label: str = "", depth: int = 0, kind: str = "b") -> Anchor:
    return Anchor(kind, label, text, None, depth)


def scene(*texts: str) -> list[Anchor]:
    return [line("", kind="s"), *(line(text) for text in texts)]


def start(scenes: dict[str, list[Anchor]]) -> tuple[Identity, dict[str, str]]:
    identity = identify(Lock(), scenes)
    by_text = {
        anchor.text: id
        for name, anchors in scenes.items()
        for anchor, id in zip(anchors, identity.ids[name], strict=True)
    }
    return identity, by_text


TEXTS = [
    f"The {a} is near the {b}, {i} steps away."
    for i, (a, b) in enumerate(zip(WORDS, WORDS[3:], strict=False))
]


@given(st.lists(st.text(max_size=30), max_size=20), st.text(min_size=1, max_size=8))
def test_any_text_survives_the_file(texts: list[str], name: str) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    name = name.encode("utf-8", "ignore").decode() or "x"
    identity = identify(Lock(), {name: scene(*texts)})
    out = Diagnostics()
    again = Lock.read(identity.lock.write(), out)
    assert out == []
    assert again.scenes == identity.lock.scenes
    assert identify(again, {name: scene(*texts)}).ids == identity.ids


@given(st.text(max_size=300))
def test_any_file_can_be_read(text: str) -> None:
    out = Diagnostics()
    lock = Lock.read(text, out)
    identity = identify(lock, {"a": scene("One line.", "Another.")})
    assert len(set(identity.ids["a"])) == 3
    if not out.has_errors:
        assert Lock.read(identity.lock.write(), Diagnostics()).scenes == identity.lock.scenes


@given(st.lists(st.sampled_from([None, "5", "5i", "a", "k", "k1", "z", "0", "a0"]), max_size=30))
def test_order_keys_increase_and_keep_what_they_can(kept: list[str | None]) -> None:
    keys = keys_for(kept)
    assert keys == sorted(set(keys))
    assert len(keys) == len(kept)
    assert not any(key.endswith("0") for key in keys)


@given(st.integers(1, 3000))
def test_keys_lie_between_their_neighbours(count: int) -> None:
    keys = spread("a", "b", count)
    assert ["a", *keys, "b"] == sorted({"a", *keys, "b"})


def test_the_file_is_sorted_as_bytes() -> None:
    identity, _ = start({"é": scene("x"), "a b": scene("y"), "a": scene(*TEXTS), "a/c": scene("z")})
    lines = identity.lock.write().encode().splitlines()
    assert lines == sorted(lines)


def test_one_insertion_adds_one_line() -> None:
    identity, _ = start({"a": scene(*TEXTS)})
    before = identity.lock.write().splitlines()
    changed = [*TEXTS[:4], "Somebody else came in.", *TEXTS[4:]]
    after = identify(identity.lock, {"a": scene(*changed)}).lock.write().splitlines()
    assert len(set(after) - set(before)) == 1
    assert set(before) <= set(after)


def test_a_line_that_comes_back_has_its_old_id() -> None:
    identity, by_text = start({"a": scene(*TEXTS)})
    without = identify(identity.lock, {"a": scene(*TEXTS[:3], *TEXTS[4:])})
    assert without.gone == {by_text[TEXTS[3]]: by_text[TEXTS[4]]}
    back = identify(without.lock, {"a": scene(*TEXTS)})
    assert back.ids == identity.ids
    assert back.gone == {}


def test_a_new_wording_raises_the_revision_only() -> None:
    identity, by_text = start({"a": scene(*TEXTS)})
    edited = [TEXTS[0], TEXTS[1].replace("near", "far from"), *TEXTS[2:]]
    after = identify(identity.lock, {"a": scene(*edited)})
    assert after.ids == identity.ids
    revisions = {record.id: record.revision for record in after.lock.scenes["a"]}
    assert revisions.pop(by_text[TEXTS[1]]) == 2
    assert set(revisions.values()) == {1}


@pytest.mark.parametrize("there", ["b", "new"])
def test_a_line_that_moved_to_another_scene_and_lost_a_typo_keeps_its_id(there: str) -> None:
    moved = "Pibora waits at the ferry and tume it never comes."
    rest = {"a": scene(*TEXTS[:4]), "b": scene(*TEXTS[4:8])}
    identity, by_text = start({**rest, "a": scene(*TEXTS[:2], moved, *TEXTS[2:4])})
    mended = moved.replace("tume", "time")
    after = identify(
        identity.lock, {**rest, there: scene(*(a.text for a in rest.get(there, [])[1:]), mended)}
    )
    assert after.ids[there][-1] == by_text[moved]
    assert after.gone == {}


@pytest.mark.parametrize("texts", [["Yes."], ["Yes.", "…"], []])
def test_a_section_of_short_lines_moves_to_another_scene(texts: list[str]) -> None:
    section = [line("Roof", "roof", kind="l"), *(line(text, "roof") for text in texts)]
    first, second = scene(*TEXTS[:3]), scene(*TEXTS[3:6])
    identity = identify(Lock(), {"a": [*first, *section], "b": second})
    after = identify(identity.lock, {"a": first, "b": [*second, *section]})
    assert after.ids["b"][4:] == identity.ids["a"][4:]
    # Of the same name only, it is another section.
    other = [section[0], line("Thunder, far out over the bay.", "roof")]
    after = identify(identity.lock, {"a": first, "b": [*second, *other]})
    assert not set(after.ids["b"]) & set(identity.ids["a"])


def menu(*choices: str) -> list[Anchor]:
    return [
        line("\n".join(choices), kind="m"),
        *(line(choice, depth=1, kind="c") for choice in choices),
    ]


def test_a_menu_is_told_by_one_choice_that_nothing_else_says() -> None:
    old = menu("…", "Wait for the ferry.", "Go home.")
    identity = identify(Lock(), {"a": [*scene(*TEXTS[:2]), *old]})
    first, second = scene(*TEXTS[:2])[1:]
    top = scene()
    for choices, place, same in [
        (("Ask him about it.", "Wait for the ferry."), [*top, "menu", first, second], True),
        (("…", "Ask him about it.", "Jump."), [*top, "menu", first, second], False),
        (("…", "Ask him about it.", "Jump."), [*top, first, second, "menu"], True),
        (("…", "Go home."), [*top, "menu", first, second], True),
    ]:
        lines = [
            anchor
            for item in place
            for anchor in (menu(*choices) if isinstance(item, str) else [item])
        ]
        ids = identify(identity.lock, {"a": lines}).ids["a"]
        assert (identity.ids["a"][3] in ids) is same, (choices, place)


def test_a_clearly_different_line_is_another_line() -> None:
    identity, by_text = start(
        {"a": scene("The rain stops.", "Nobody moves at all.", "Good night.")}
    )
    changed = scene("The rain stops.", "Thunder, far out over the bay.", "Good night.")
    after = identify(identity.lock, {"a": changed})
    assert by_text["Nobody moves at all."] not in after.ids["a"]
    assert after.gone == {by_text["Nobody moves at all."]: after.ids["a"][2]}


def test_a_fixed_name_holds_through_any_wording() -> None:
    named = Anchor("b", "", "The rain stops.", "weather")
    identity, _ = start({"a": [line("", kind="s"), named, line(TEXTS[0])]})
    reworded = named._replace(text="Thunder, far out over the bay.")
    after = identify(identity.lock, {"a": [line("", kind="s"), line(TEXTS[0]), reworded]})
    assert after.ids["a"][2] == identity.ids["a"][1]


def test_a_deleted_line_lands_behind_the_menu_it_stood_in() -> None:
    def story(*body: str) -> list[Anchor]:
        return [
            line("", kind="s"),
            line("", kind="m"),
            line("Ask.", depth=1, kind="c"),
            *(line(text, depth=1) for text in body),
            line("Wait.", depth=1, kind="c"),
            line("Another branch that nobody chose.", depth=1),
            line("After all that."),
        ]

    identity, by_text = start({"a": story(TEXTS[0], TEXTS[1])})
    after = identify(identity.lock, {"a": story(TEXTS[0])})
    assert after.gone == {by_text[TEXTS[1]]: by_text["After all that."]}


def test_a_line_deleted_at_the_end_of_a_section_lands_on_the_one_before() -> None:
    first = [line(text, "one") for text in TEXTS[:4]]
    second = [line("Two", "two", kind="l"), line(TEXTS[5], "two")]
    head = [line("", kind="s"), line("One", "one", kind="l")]
    identity, by_text = start({"a": [*head, *first, *second]})
    after = identify(identity.lock, {"a": [*head, *first[:-1], *second]})
    assert after.gone == {by_text[TEXTS[3]]: by_text[TEXTS[2]]}


def test_a_deleted_scene_leaves_its_ids() -> None:
    identity, _ = start({"a": scene(*TEXTS[:5]), "b": scene(*TEXTS[5:])})
    after = identify(identity.lock, {"a": scene(*TEXTS[:5])})
    assert not any(record.alive for record in after.lock.scenes["b"])
    back = identify(after.lock, {"a": scene(*TEXTS[:5]), "b": scene(*TEXTS[5:])})
    assert back.ids == identity.ids


def merged(tmp_path: Path, base: str, ours: str, theirs: str, *options: str) -> str:
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["git", "merge-file", "-p", *options, "ours", "base", "theirs"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8").stdout


@pytest.mark.parametrize("options", [["--union"], [], ["--diff3"]])
@settings(max_examples=30)
@given(data=st.data())
def test_merges_lose_no_id(
    tmp_path_factory: pytest.TempPathFactory, options: list[str], data: st.DataObject
) -> None:
    """Both sides insert, delete and reword; git merges the lock; all ids of both are there."""
    identity, _ = start({"a": scene(*TEXTS)})

    def side(name: str) -> tuple[list[str], Identity]:
        texts = list(TEXTS)
        for number in range(data.draw(st.integers(1, 3), label=name)):
            at = data.draw(st.integers(0, len(texts) - 1))
            how = data.draw(st.sampled_from(["insert", "delete", "reword"]))
            if how == "insert":
                texts.insert(at, f"A line of {name}, number {number}, in the {WORDS[at % 9]}.")
            elif how == "delete" and len(texts) > 1:
                del texts[at]
            else:
                texts[at] = texts[at].replace("near", f"by {name} and")
        return texts, identify(identity.lock, {"a": scene(*texts)})

    (our_texts, ours), (_, theirs) = side("ours"), side("theirs")
    base, left, right = (each.lock.write() for each in (identity, ours, theirs))
    text = merged(tmp_path_factory.mktemp("m"), base, left, right, *options)
    out = Diagnostics()
    lock = Lock.read(text, out)
    assert not out.has_errors
    ids = {record.id for records in lock.scenes.values() for record in records}
    for each in (ours, theirs):
        assert ids >= {r.id for records in each.lock.scenes.values() for r in records}
    assert set(identify(lock, {"a": scene(*our_texts)}).ids["a"]) == set(ours.ids["a"])


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-30],
        lambda text: "\n".join(reversed(text.split("\n"))),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "\r\n").replace("\r\n", "\n", 1),
        lambda text: "\ufeff" + text,
        lambda text: "".join(f"{line.rstrip()}\n" for line in text.split("\n")),
        lambda text: text.replace("# vn.lock 1\n", "# vn.lock 1 \n"),
        lambda text: text + text,
        lambda text: text.replace("# vn.lock 1\n", ""),
        lambda text: text.rstrip("\n"),
    ],
)
def test_a_damaged_file_is_mended(damage) -> None:
    identity, _ = start({"a": scene(*TEXTS)})
    out = Diagnostics()
    lock = Lock.read(damage(identity.lock.write()), out)
    assert [item.code for item in out] == ["VN0901"]
    after = identify(lock, {"a": scene(*TEXTS)})
    assert after.ids == identity.ids
    assert Lock.read(after.lock.write(), Diagnostics()).scenes == after.lock.scenes


def test_a_newer_file_is_left_alone() -> None:
    out = Diagnostics()
    text = "# vn.lock 2\nsomething else\n"
    assert Lock.read(text, out).write() == text
    assert [item.code for item in out] == ["VN0902"]


def test_locked_says_what_would_change() -> None:
    identity, _ = start({"a": scene(*TEXTS)})
    out = Diagnostics()
    assert report_changes(identity.lock, identity.lock, out)
    after = identify(identity.lock, {"a": scene(*TEXTS[1:], "A new one, at the end.")})
    assert not report_changes(identity.lock, after.lock, out)
    assert [item.code for item in out] == ["VN0903"]


def test_ids_depend_on_nothing_but_the_sources() -> None:
    one, two = scene(*TEXTS), scene(*reversed(TEXTS))
    assert identify(Lock(), {"a": one, "b": two}).ids == identify(Lock(), {"b": two, "a": one}).ids


def test_other_line_ends_are_no_new_wording() -> None:
    identity, _ = start({"a": scene(*TEXTS)})
    for ends in ("\r", "\r\n", "\r\r\n"):
        lock = Lock.read(identity.lock.write().replace("\n", ends), Diagnostics())
        assert identify(lock, {"a": scene(*TEXTS)}).lock.write() == identity.lock.write()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_another_encoding_loses_no_id(encoding: str, tmp_path: Path) -> None:
    identity, _ = start({"a": scene(*TEXTS, "Où?")})
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (tmp_path / "vn.lock").write_bytes((mark + identity.lock.write()).encode(encoding))
    out = Diagnostics()
    lock = read_lock(tmp_path, out)
    assert [item.code for item in out] == ["VN0901"]
    assert lock.scenes == identity.lock.scenes
    assert identify(lock, {"a": scene(*TEXTS, "Où?")}).lock.write() == identity.lock.write()


def test_a_byte_that_is_no_text_loses_no_id(tmp_path: Path) -> None:
    identity, by_text = start({"a": scene(*TEXTS)})
    data = identity.lock.write().encode().replace(b"bell", b"b\xffll")
    (tmp_path / "vn.lock").write_bytes(data)
    out = Diagnostics()
    lock = read_lock(tmp_path, out)
    assert [(item.code, item.span.line) for item in out] == [("VN0901", 4)]
    assert identify(lock, {"a": scene(*TEXTS)}).ids == identity.ids
    (tmp_path / "vn.lock").write_bytes(data.replace(by_text[TEXTS[3]][:4].encode(), b"\xff"))
    out = Diagnostics()
    read_lock(tmp_path, out)
    assert [(item.code, item.span.line) for item in out] == [("VN0904", 6)]


@pytest.mark.parametrize(
    "data",
    ["# vn.lock 1\n".encode("utf-16-be"), b"Dear lock,\n", b"\xff" * 40, b"", b"\n\n", b"\0" * 40],
)
def test_a_lock_of_which_nothing_can_be_read_stops_a_build(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "vn.lock").write_bytes(data)
    out = Diagnostics()
    read_lock(tmp_path, out)
    assert [(item.code, item.severity) for item in out] == [("VN0904", "error")]


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (lambda lines: [lines[0][:9], *lines[1:]], "line 2"),
        (lambda lines: [*lines[:-1], lines[-1][:12]], "line 13"),
        (lambda lines: [lines[0].expandtabs(), *lines[1:]], "line 2"),
        (
            lambda lines: [*(line.expandtabs() for line in lines[:3]), *lines[3:]],
            "lines 2, 3 and 4",
        ),
        (lambda lines: [line.expandtabs() for line in lines], "lines 2, 3, 4, 5, 6 and 7 more"),
    ],
)
def test_a_record_that_cannot_be_read_stops_a_build(damage, where: str) -> None:
    identity, _ = start({"a": scene(*TEXTS)})
    header, *lines = identity.lock.write().splitlines()
    out = Diagnostics()
    Lock.read("\n".join([header, *damage(lines)]) + "\n", out)
    assert [(item.code, item.severity) for item in out] == [("VN0904", "error")]
    assert out[0].message.endswith(f"from {where}")


def test_ids_that_stand_twice_are_counted() -> None:
    identity, _ = start({"a": scene(*TEXTS)})
    text = identity.lock.write()
    for count, said in ((1, "left 1 id twice"), (2, "left 2 ids twice")):
        twice = [line.replace("near", "by") for line in text.splitlines()[2 : 2 + count]]
        out = Diagnostics()
        Lock.read(text + "\n".join(twice) + "\n", out)
        assert said in out[0].message


def _common_words(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=9)) for _ in range(count)]


def test_rewording_every_line_of_a_long_scene_keeps_ids() -> None:
    texts = _common_words(1500, seed=1)
    identity, _ = start({"a": scene(*texts)})
    reworded = [f"{text.rpartition(' ')[0]} {n}" for n, text in enumerate(texts)]
    assert identify(identity.lock, {"a": scene(*reworded)}).ids == identity.ids
    # So does a block of other lines before them, which puts each of them elsewhere.
    block = [f"Wholly other words, {number} of them" for number in range(300)]
    after = identify(identity.lock, {"a": scene(*block, *reworded)}).ids["a"]
    assert after[301:] == identity.ids["a"][1:]


def test_comparisons_grow_with_the_number_of_lines_only() -> None:
    old, new = _common_words(2000, seed=1), _common_words(3000, seed=2)
    assert 0 < sum(1 for _ in candidates(old, new)) <= 3000 * (LIKELY + 4 * (2 * REACH + 1))
