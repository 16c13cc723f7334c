"""Edits while the story is read in a real browser: what is shown, and the state, after each."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from web.storybook import write_project

from tests.serve.conftest import PATIENCE, QUIET, Reader, Server, serving

pytestmark = pytest.mark.chromium

SCENE = "scenes/quay.md"
Serve = Callable[..., Server]
Read = Callable[..., Reader]


def at_menu(reader: Reader) -> Reader:
    reader.open().start().until("menu")
    reader.mark()
    return reader


def choices(reader: Reader) -> list[str]:
    return [text.split("\n")[-1] for text in reader.page.locator(".choice").all_inner_texts()]


def test_an_edited_line_changes_in_place(serve: Serve, read: Read) -> None:
    server = serve()
    reader = read(server).open().start()
    reader.next()
    reader.mark()
    before = reader.state()
    server.edit(SCENE, ("I knew it.", "I never doubted it."))
    reader.sees("I never doubted it.")
    assert reader.text() == "You came. I never doubted it."
    assert reader.state() == before
    assert reader.same
    reader.next()
    assert reader.text() == "She waits for you."
    assert reader.state()["vars"]["courage"] == 1


def test_what_is_edited_earlier_counts_on_the_same_line(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    reader.choose(2)
    assert reader.text() == "Nothing moves."
    before = reader.state()
    server.edit(
        SCENE,
        ("`set courage += 1`\n\nShe", "`set courage += 5`\n\nA gull cries. ^gull\n\nShe"),
    )
    reader.seen()
    after = reader.state()
    assert reader.text() == "Nothing moves."
    assert after["vars"]["courage"] == 6
    assert after["waiting"] == before["waiting"]
    assert reader.same
    reader.page.keyboard.press("PageUp")
    assert "Walk away." in choices(reader)[1]
    assert reader.page.locator(".choice[aria-disabled]").count() == 0


def test_a_choice_added_to_the_menu_that_is_open(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    server.edit(SCENE, ("- Wait. ^wait", "- Sing.\n\n  You sing. ^sung\n\n- Wait. ^wait"))
    reader.page.wait_for_selector(".choice:nth-child(4)")
    assert choices(reader) == ["Light the lamp.", "You have no courage", "Sing.", "Wait."]
    assert reader.state()["vars"]["courage"] == 1
    reader.choose(2)
    assert reader.text() == "You sing."
    assert reader.same


@pytest.mark.parametrize(
    ("steps", "deleted", "shown"),
    [
        (0, "The sea is *very* quiet. ^first\n\n", "You came. I knew it."),
        (1, "Mei (smile): You came. I knew it. ^came\n\n", "She waits for you."),
    ],
)
def test_a_line_deleted_while_it_is_read(
    serve: Serve, read: Read, steps: int, deleted: str, shown: str
) -> None:
    server = serve()
    reader = read(server).open().start()
    for _ in range(steps):
        reader.next()
    reader.mark()
    server.edit(SCENE, (deleted, ""))
    reader.sees(shown)
    assert reader.text() == shown
    assert reader.state()["vars"]["courage"] == steps
    assert "was deleted" in reader.page.inner_text("#toasts")
    assert reader.same


def test_the_last_line_of_all_deleted(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    reader.choose(1)
    reader.until("input")
    reader.page.evaluate("waiting = null")
    reader.page.click(".ask-text button")
    reader.wait()
    reader.next()
    assert reader.text() == "Then it rains."
    server.edit(SCENE, ("Then it rains. ^rains\n", ""))
    reader.sees("sea, then.")
    assert reader.state()["vars"]["word"] == "sea"


def test_a_syntax_error_and_its_mend(serve: Serve, read: Read) -> None:
    server = serve({}, "--editor", "edit://{path}#{line}.{column}")
    reader = at_menu(read(server))
    server.edit(SCENE, ("- Wait. ^wait", "- [Wait.](#nowhere) ^wait"))
    panel = reader.page.get_by_role("region", name="1 error")
    panel.wait_for()
    said = panel.inner_text()
    assert "VN0602" in said
    assert "there is no heading #nowhere in quay.md" in said
    link = panel.get_by_role("link", name="scenes/quay.md:19:11")
    assert link.get_attribute("href") == f"edit://{server.root}/scenes/quay.md#19.11"
    assert panel.locator("mark").inner_text() == "#nowhere"
    live = reader.page.locator("#comfyvn-findings [aria-live]").inner_text()
    assert live.startswith("1 error. there is no heading")
    # The last good build goes on below.
    reader.choose(2)
    assert reader.text() == "Nothing moves."
    server.edit(SCENE, ("[Wait.](#nowhere)", "Wait now."))
    panel.wait_for(state="hidden")
    reader.seen()
    assert reader.text() == "Nothing moves."
    assert reader.page.locator("#comfyvn-findings button.badge").is_hidden()
    assert reader.same


def test_findings_by_keyboard_alone(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    active = "document.getElementById('comfyvn-findings').shadowRoot.activeElement?.className"
    server.edit(SCENE, ("- Wait. ^wait", "- [Wait.](#nowhere) ^wait"))
    panel = reader.page.locator("#comfyvn-findings .panel")
    panel.wait_for()
    assert reader.page.evaluate(active) is None  # It takes nobody's focus.
    reader.page.keyboard.press("F8")
    assert reader.page.evaluate(active) == "close"
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate(active) == "copy"
    reader.page.keyboard.press("Enter")  # It is the button's, not the story's.
    assert reader.page.evaluate("waiting") == "menu"
    reader.page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    assert reader.page.locator("dialog[open]").count() == 0
    badge = reader.page.get_by_role("button", name="1 error")
    badge.wait_for()
    badge.press("Enter")
    panel.wait_for()


def test_who_is_at_the_findings_stays_there_when_more_come(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    active = "document.getElementById('comfyvn-findings').shadowRoot.activeElement?.className"
    server.edit(SCENE, ("- Wait. ^wait", "- [Wait.](#nowhere) ^wait"))
    reader.page.get_by_role("region", name="1 error").wait_for()
    reader.page.keyboard.press("F8")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate(active) == "copy"
    server.edit(SCENE, ("Then it rains. ^rains", "Then it rains. ^rains\n\n<!-- TODO: storm -->"))
    reader.page.get_by_role("region", name="1 error, 1 warning").wait_for()
    reader.page.wait_for_timeout(100)
    assert reader.page.evaluate(active) == "copy"


def test_advice_is_told_and_changes_nothing(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    server.edit("vn.yaml", ("lint: {structure: off, names: off, variables: off}\n", ""))
    reader.page.locator("#comfyvn-findings button.badge").wait_for()
    assert not reader.page.evaluate("window.fresh")
    assert reader.page.evaluate("waiting") == "menu"


def test_escape_folds_the_findings_before_it_opens_the_menu(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    server.edit(SCENE, ("- Wait. ^wait", "- [Wait.](#nowhere) ^wait"))
    panel = reader.page.locator("#comfyvn-findings .panel")
    panel.wait_for()
    reader.page.keyboard.press("Escape")  # The player has the focus.
    panel.wait_for(state="hidden")
    assert reader.page.locator("dialog[open]").count() == 0
    reader.page.keyboard.press("Escape")
    reader.page.locator("dialog[open]").wait_for()


def test_warnings_are_a_badge(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    server.edit(SCENE, ("Then it rains. ^rains", "Then it rains. ^rains\n\n<!-- TODO: storm -->"))
    badge = reader.page.get_by_role("button", name="1 warning")
    badge.wait_for()
    assert reader.page.locator("#comfyvn-findings .panel").is_hidden()
    badge.click()
    reader.page.get_by_role("region", name="1 warning").wait_for()
    assert reader.page.evaluate("waiting") == "menu"


def test_a_choice_that_was_made_and_cannot_be_any_more(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    reader.choose(2)
    reader.next()
    assert reader.text() == "Say a word."
    server.edit(SCENE, ("- Wait. ^wait", "- Wait. ^wait `if courage > 7`"))
    reader.page.wait_for_selector(".toast[data-kind=warning]")
    assert "“Wait.” cannot be chosen here any more" in reader.page.inner_text("#toasts")
    assert choices(reader) == ["Light the lamp.", "You have no courage"]
    assert reader.state()["vars"]["courage"] == 1
    reader.choose(1)
    assert reader.text() == "Say a word."


def test_a_branch_switch_is_one_build(serve: Serve, read: Read) -> None:
    server = serve()

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=Writer", "-c", "user.email=writer@example.org")
        subprocess.run(["git", *who, *arguments], cwd=server.root, check=True, capture_output=True)

    (server.root / ".gitignore").write_text("build/\n.comfyvn/\n")
    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "one")
    git("checkout", "-b", "two")
    reader = read(server).open().start()
    reader.next()
    reader.mark()
    server.edit(SCENE, ("I knew it.", "Branch two knew it."))
    reader.sees("Branch two")
    scenes = {f"scenes/more/s{number}.md": f'`ending e{number} "End"`\n' for number in range(120)}
    for name, text in scenes.items():
        (server.root / name).parent.mkdir(exist_ok=True)
        (server.root / name).write_text(f"---\ntitle: {name}\n---\n\n{text}")
    lock = server.root / "vn.lock"
    while "more/s119" not in lock.read_text():
        reader.page.wait_for_timeout(100)
    server.settled()
    git("add", ".")
    git("commit", "-m", "two")
    before = server.builds
    git("checkout", "main")
    reader.sees("I knew it.")
    server.settled()
    assert server.builds == before + 1
    git("checkout", "two")
    reader.sees("Branch two")
    server.settled()
    assert server.builds == before + 2
    assert reader.same


def test_a_changed_picture(serve: Serve, read: Read) -> None:
    server = serve()
    reader = read(server).open().start()
    reader.mark()
    shown = "document.querySelector('.backgrounds img:last-child').getAttribute('src')"
    before = reader.page.evaluate(shown)
    for colour in ("red", "blue"):
        (server.root / "assets").mkdir(exist_ok=True)
        Image.new("RGB", (320, 180), colour).save(server.root / "assets/quay.png")
        reader.page.wait_for_function(f"before => {shown} !== before", arg=before)
        before = reader.page.evaluate(shown)
        seen = reader.page.evaluate(
            """async () => {
              const canvas = new OffscreenCanvas(1, 1).getContext("2d");
              const image = document.querySelector(".backgrounds img:last-child");
              await image.decode();
              canvas.drawImage(image, 0, 0);
              return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
            }"""
        )
        assert seen == ([255, 0, 0] if colour == "red" else [0, 0, 255])
    assert reader.same


def test_a_characters_colour_and_name(serve: Serve, read: Read) -> None:
    server = serve()
    reader = read(server).open().start()
    reader.next()
    reader.mark()
    colour = "document.getElementById('box').style.getPropertyValue('--voice')"
    before = reader.page.evaluate(colour)
    server.edit("characters/mei.yaml", ("#d46a8c", "#6ac8d4"), ("name: Mei", "name: Meihua"))
    # The name that a cue speaks of is another one now, so the scene says it too.
    server.edit(SCENE, ("Mei (", "Meihua ("), ("Mei:", "Meihua:"))
    reader.page.wait_for_function(f"before => {colour} !== before", arg=before)
    reader.page.wait_for_function("document.getElementById('name').textContent === 'Meihua'")
    assert reader.same


def test_a_theme_and_the_title(serve: Serve, read: Read) -> None:
    server = serve()
    reader = read(server).open().start()
    reader.mark()
    accent = "document.documentElement.style.getPropertyValue('--accent')"
    (server.root / "themes/dusk.yaml").write_text('name: Dusk\npalette: {accent: "#12ab34"}\n')
    reader.page.wait_for_function(f"{accent} === '#12ab34'")
    server.edit("vn.yaml", ("title: Lanterns", "title: Lampions"))
    reader.page.wait_for_function("document.title === 'Lampions'")
    assert reader.page.inner_text("#title-name", timeout=0) is not None
    assert reader.same


def test_what_needs_the_page_again_comes_back_to_the_line(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    reader.choose(2)
    before = reader.state()
    server.edit("vn.yaml", ("title: Lanterns", "title: Lanterns\nsubtitle: By the sea"))
    reader.page.wait_for_function("window.same === undefined")
    reader.sees("Nothing moves.")
    assert reader.state() == before
    reader.next()
    assert reader.text() == "Say a word."


def test_what_is_being_typed_stays(serve: Serve, read: Read) -> None:
    server = serve()
    reader = at_menu(read(server))
    reader.choose(1)
    reader.until("input")
    reader.page.keyboard.press("Control+A")
    reader.page.keyboard.type("har")
    server.edit(SCENE, ("Which word?", "Which one?"))
    reader.page.wait_for_function("document.querySelector('label').textContent === 'Which one?'")
    reader.page.keyboard.type("bour")
    reader.page.evaluate("waiting = null")
    reader.page.keyboard.press("Enter")
    reader.wait()
    assert reader.text() == "harbour, then."


def test_two_tabs_each_on_their_own_route(serve: Serve, read: Read) -> None:
    server = serve()
    one = read(server).open().start()
    one.next()
    two = at_menu(read(server))
    two.choose(2)
    server.edit(
        SCENE,
        ("I knew it.", "I thought so."),
        ("Nothing moves.", "Nothing stirs."),
        ("`set courage += 1`\n\nShe", "`set courage += 2`\n\nShe"),
    )
    one.sees("I thought so.")
    two.sees("Nothing stirs.")
    assert one.state()["vars"]["courage"] == 0
    assert two.state()["vars"]["courage"] == 3


def test_a_page_says_which_scene_it_plays(serve: Serve, read: Read) -> None:
    said: list[object] = []
    reader = read(serve())

    def hear(data: object) -> None:
        said.append(data)

    reader.page.on("websocket", lambda socket: socket.on("framesent", hear))
    reader.open().start()
    reader.next()
    while "quay" not in said:
        reader.page.wait_for_timeout(20)
    # The title may be over before the socket is open.
    assert said in (["quay"], ["", "quay"])


def test_the_server_comes_back(serve: Serve, read: Read) -> None:
    server = serve()
    reader = read(server).open().start()
    reader.next()
    reader.mark()
    assert server.stop() == 0
    reader.page.get_by_role("button", name="comfyvn serve is not there").wait_for()
    reader.problems.clear()  # The browser notes each try.
    server.edit(SCENE, ("I knew it.", "I had hoped."))
    again = Server(server.root, server.port)
    try:
        reader.sees("I had hoped.")
        reader.page.locator("#comfyvn-findings .badge").wait_for(state="hidden")
        reader.problems.clear()
        assert reader.same
        server.edit(SCENE, ("I had hoped.", "I had no hope."))
        reader.sees("no hope")
    finally:
        again.stop()


def test_music_plays_on(serve: Serve, read: Read) -> None:
    server = serve()
    (server.root / "assets").mkdir()

    def tune(path: Path, frames: int) -> None:
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(2 * frames))

    # A minute and a half is played by an element; what is shorter, by the mixer.
    tune(server.root / "assets/waves.wav", 800_000)
    server.edit(SCENE, ("time: dusk\n", "time: dusk\nmusic: waves\n"))
    server.told("built", 2)
    reader = read(server)
    reader.page.add_init_script(
        """window.sounds = [];
        const Real = Audio;
        window.Audio = class extends Real {
          constructor(src) { super(src); if (src) sounds.push(this); }
        };"""
    )
    reader.open().start()
    reader.next()
    reader.page.wait_for_function("sounds.length === 1 && !sounds[0].paused")
    server.edit(SCENE, ("I knew it.", "I heard it."))
    reader.sees("I heard it.")
    reader.page.wait_for_timeout(300)
    assert reader.page.evaluate("sounds.length === 1 && !sounds[0].paused")
    tune(server.root / "assets/waves.wav", 880_000)
    reader.page.wait_for_function("sounds.length === 2 && !sounds[1].paused")


def test_a_project_that_is_wrong_from_the_start(tmp_path: Path, read: Read) -> None:
    wrong = {SCENE: "---\ntitle: The quay\n---\n\n[](#nowhere)\n"}
    with serving(write_project(tmp_path / "lanterns", QUIET | wrong)) as server:
        reader = read(server)
        reader.page.goto(server.address)
        reader.page.get_by_role("region", name="1 error").wait_for()
        assert reader.page.inner_text("h1") == "No story to play yet"
        (server.root / SCENE).write_text("---\ntitle: The quay\n---\n\nAt last. ^last\n")
        reader.page.wait_for_selector("body.ready", timeout=1000 * PATIENCE)
        reader.start()
        assert reader.text() == "At last."


def test_edits_made_faster_than_builds(serve: Serve, read: Read) -> None:
    server = serve()
    reader = read(server).open().start()
    text = "very* quiet"
    for number in range(40):
        server.edit(SCENE, (text, f"very* quiet {number}"))
        text = f"very* quiet {number}"
    reader.sees(" quiet 39.")
    assert server.builds < 30


_SHORTER_SIDES = """all => all.map((each) => {
    const area = each.getBoundingClientRect();
    return Math.min(area.width, area.height);
})"""


def test_the_findings_look_as_they_should(serve: Serve, read: Read, tmp_path: Path) -> None:
    """What can be measured of it: in sight, in its place, large enough for fingers."""
    server = serve()
    for size, touch in (((1280, 800), False), ((390, 844), True)):
        viewport: Any = {"width": size[0], "height": size[1]}
        reader = at_menu(read(server, viewport=viewport, has_touch=touch, is_mobile=touch))
        server.edit(SCENE, ("- Wait. ^wait", "- [Wait.](#nowhere) ^wait"))
        panel = reader.page.locator("#comfyvn-findings .panel")
        panel.wait_for()
        reader.page.wait_for_timeout(300)
        box = panel.bounding_box()
        text = reader.page.locator("#box").bounding_box()
        assert box is not None
        assert text is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= text["y"]
        if touch:
            # All at once, since advice that comes later draws them anew.
            sides = panel.get_by_role("button").evaluate_all(_SHORTER_SIDES)
            assert sides
            assert min(sides) >= 43.5
        server.edit(SCENE, ("- [Wait.](#nowhere) ^wait", "- Wait. ^wait"))
        panel.wait_for(state="hidden")
