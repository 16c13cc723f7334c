"""The player, played by people who have only a keyboard, a finger, a screen reader."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from storybook import FILES, Player, build_story, playing

from comfyvn.play.web import serve_folder

pytestmark = pytest.mark.chromium

READ_ON = ("line", "break")


def keyboard(player: Player, key: str = "Enter") -> str:
    player.page.evaluate("waiting = null")
    player.page.keyboard.press(key)
    return player.wait()


def test_played_to_the_end_by_keyboard_alone(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open()
        now = keyboard(player)
        for _ in range(40):
            if now == "menu":
                player.page.keyboard.press("ArrowDown")
                assert player.page.evaluate("document.activeElement.className") == "choice"
                now = keyboard(player)
            elif now == "input":
                player.page.keyboard.press("Control+A")
                player.page.keyboard.type("ocean")
                now = keyboard(player)
            elif now in READ_ON:
                now = keyboard(player)
            else:
                break
        assert player.records("ending")[0]["name"] == "stay"
        assert player.page.inner_text("#ending h1") == "The Lamp Kept"
        assert player.page.inner_text("#ending .count").endswith("1 / 2")
        player.page.keyboard.press("Enter")
        player.page.wait_for_selector("#title-menu [data-item=start]:visible")


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (360, 640)])
def test_played_to_the_end_by_touch_alone(browser: Any, site: Path, size: tuple[int, int]) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with playing(browser, site, viewport=viewport, has_touch=True, is_mobile=True) as player:
        player.open()
        player.page.evaluate("waiting = null")
        player.page.tap("[data-item=start]")
        now = player.wait()
        for _ in range(40):
            player.page.evaluate("waiting = null")
            if now == "menu":
                player.page.wait_for_timeout(450)  # Choices take no taps while they come in.
                player.page.locator(".choice:not([aria-disabled])").last.tap()
            elif now == "input":
                player.page.tap(".ask-text button")
            elif now in READ_ON:
                player.page.touchscreen.tap(size[0] / 2, size[1] * 0.25)
            else:
                break
            now = player.wait()
        assert player.records("ending")[0]["name"] == "leave"


def test_targets_are_large_enough_for_fingers(browser: Any, site: Path) -> None:
    viewport = {"width": 360, "height": 640}
    with playing(browser, site, viewport=viewport, has_touch=True, is_mobile=True) as player:
        player.open()
        small = """() =>
          [...document.querySelectorAll("button, select, input:not([type=checkbox])")]
          .filter((e) => e.checkVisibility({visibilityProperty: true}))
          .map((e) => [e.textContent || e.id, e.getBoundingClientRect()])
          .filter(([, r]) => r.width < 43.5 || r.height < 43.5).map(([name]) => name)"""
        assert player.page.evaluate(small) == []
        player.start()
        assert player.page.evaluate(small) == []
        player.until("menu")
        player.page.wait_for_timeout(500)
        assert player.page.evaluate(small) == []
        for name in ("settings", "save", "history"):
            player.page.click("[data-do=menu]")
            player.page.locator(".menu-list button").get_by_text(name.title(), exact=True).click()
            player.page.wait_for_selector(f".{name if name != 'save' else 'slots-screen'}[open]")
            assert player.page.evaluate(small) == []
            player.page.keyboard.press("Escape")


def test_a_locked_choice_says_why_and_cannot_be_taken(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start().until("menu")
        card = player.page.locator(".choice[aria-disabled=true]")
        assert "You have no courage" in card.inner_text()
        card.click(force=True)
        player.page.keyboard.press("3")  # There are two that can be taken.
        assert player.page.evaluate("waiting") == "menu"
        assert "You have no courage" in player.page.inner_text("#live")


def test_going_back_restores_everything_and_forward_again(browser: Any, site: Path) -> None:
    stage = "document.querySelector('.backgrounds img:last-child').getAttribute('src')"
    with playing(browser, site) as player:
        player.open().start()
        first, at_first = player.text(), player.page.evaluate(stage)
        player.until("menu")
        player.choose(1)
        player.until("menu")
        assert player.page.evaluate(stage) != at_first
        last = player.text()
        steps = 0
        while player.text() != first or player.page.locator(".actor:not([data-gone])").count():
            player.page.evaluate("waiting = null")
            player.page.keyboard.press("PageUp")
            player.come_to()
            steps += 1
            assert steps < 40
        assert player.page.evaluate(stage) == at_first
        for _ in range(steps):
            player.page.evaluate("waiting = null")
            player.page.keyboard.press("PageDown")
            player.come_to()
        assert player.text() == last


def test_a_choice_can_be_changed_by_the_wheel(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start().until("menu")
        player.choose(2)
        assert "Nothing moves" in player.text()
        player.page.evaluate("waiting = null")
        player.page.mouse.move(300, 100)
        player.page.mouse.wheel(0, -120)
        player.come_to("menu")
        assert player.page.locator(".choice[data-taken]").inner_text().endswith("Wait.")
        player.choose(1)
        assert "Nothing moves" not in player.text()


def test_the_history_leads_back(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start()
        first = player.text()
        player.until("menu")
        player.choose(2)
        player.page.keyboard.press("l")
        player.page.wait_for_selector(".log")
        rows = player.page.locator(".log li")
        assert "very quiet" in rows.nth(0).inner_text()
        assert "Mei" in rows.nth(1).inner_text()
        assert "Wait." in rows.nth(2).inner_text()
        player.page.evaluate("waiting = null")
        rows.nth(0).locator(".jump").click()
        player.come_to()
        assert player.text() == first


def test_saves_outlive_the_page(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start().until("menu")
        player.choose(2)
        text = player.text()
        player.page.click("[data-do=save]")
        player.page.locator(".slot").nth(2).click()
        player.page.wait_for_selector(".slot-cell:nth-child(3) .delete")
        player.page.keyboard.press("Escape")
        player.page.keyboard.press("q")
        player.page.wait_for_selector(".toast >> text=Quick saved")
        player.next()
        player.open()
        player.page.click("[data-item=load]")
        player.page.evaluate("waiting = null")
        player.page.locator(".slot").nth(2).click()
        player.come_to()
        assert player.text() == text
        player.next()
        player.page.evaluate("waiting = null")
        player.page.keyboard.press("Shift+Q")
        player.come_to()
        assert player.text() == text
        player.open()
        player.page.evaluate("waiting = null")
        player.page.click("[data-item=continue]")
        player.come_to()


def test_a_slot_asks_before_it_is_lost(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start()
        player.page.click("[data-do=save]")
        slot = player.page.locator(".slot").first
        slot.click()
        player.page.wait_for_selector(".delete")
        slot.click()
        assert player.page.locator(".ask p").inner_text() == "Replace this save?"
        player.page.keyboard.press("Enter")  # Cancel has the focus.
        player.page.locator(".delete").first.click()
        player.page.locator(".ask .primary").click()
        player.page.wait_for_selector(".delete", state="detached")


def test_saves_travel_as_a_file(browser: Any, site: Path, tmp_path: Path) -> None:
    with playing(browser, site) as player:
        player.open().start().until("menu")
        player.choose(2)
        text = player.text()
        player.page.keyboard.press("q")
        player.page.click("[data-do=save]")
        with player.page.expect_download() as download:
            player.page.click(".tools button:first-child")
        file = tmp_path / "saves.json"
        download.value.save_as(file)
    with playing(browser, site) as player:
        player.open()
        player.page.click("[data-item=load]")
        with player.page.expect_file_chooser() as chooser:
            player.page.click(".tools button:last-child")
        (tmp_path / "other.json").write_text("{}")
        chooser.value.set_files(tmp_path / "other.json")
        player.page.wait_for_selector(".toast >> text=holds no saves")
        broken = json.loads(file.read_text(encoding="utf-8"))
        for slot in broken["saves"].values():
            slot["save"]["state"]["stack"] = slot["save"]["state"]["vars"] = "?"
        (tmp_path / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
        with player.page.expect_file_chooser() as chooser:
            player.page.click(".tools button:last-child")
        chooser.value.set_files(tmp_path / "broken.json")
        player.page.wait_for_selector(".toast >> text=Damaged saves")
        assert player.page.locator(".delete").count() == 0
        with player.page.expect_file_chooser() as chooser:
            player.page.click(".tools button:last-child")
        chooser.value.set_files(file)
        player.page.wait_for_selector(".toast >> text=Saves imported")
        player.page.keyboard.press("Escape")
        player.page.evaluate("waiting = null")
        player.page.evaluate("document.querySelector('[data-item=start]').click()")
        player.come_to()
        player.page.evaluate("waiting = null")
        player.page.keyboard.press("Shift+Q")
        player.come_to()
        assert player.text() == text


def test_the_language_changes_while_reading(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start()
        assert player.text().startswith("The sea")
        player.page.click("[data-do=settings]")
        player.page.select_option("#set-language", "es")
        player.page.wait_for_selector(".screen h2 >> text=Ajustes")
        player.page.wait_for_function("document.getElementById('text').innerText.startsWith('ES ')")
        assert player.page.evaluate("document.documentElement.lang") == "es"
        player.page.keyboard.press("Escape")
        player.until("menu")
        assert "ES Light the lamp." in player.page.inner_text("#choices")
        assert player.page.inner_text("[data-do=history]") == "Historial"
        player.open("")
        assert player.page.inner_text("[data-item=start]") == "Empezar"


def test_skipping_stops_at_what_is_new(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start().until("menu")
        player.choose(2)
        text = player.text()
        player.page.wait_for_timeout(400)  # What was read is kept a moment later.
        player.open().start()
        player.page.keyboard.press("s")
        player.page.wait_for_function("waiting === 'menu'")
        player.choose(1)  # The other way, which is unread.
        assert "Nothing moves" in text
        before = player.text()
        player.page.keyboard.press("s")
        player.page.wait_for_timeout(300)
        assert player.page.evaluate("document.body.dataset.mode") == ""
        assert player.page.locator("#page:visible, #box:visible").count() == 1
        assert before == player.text() or len(player.records("line")) <= 6


def test_auto_reads_on(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start()
        lines = len(player.records("line"))
        player.page.keyboard.press("a")
        player.page.wait_for_function(
            "n => records.filter((r) => r.t === 'line').length > n", arg=lines
        )


DENIED = """
for (const [owner, name] of [[window, "indexedDB"], [window, "localStorage"], [window, "caches"],
    [Navigator.prototype, "serviceWorker"]]) {
  const get = () => { throw new DOMException("denied", "SecurityError") };
  Object.defineProperty(owner, name, { get });
}
"""


def test_storage_may_be_denied_in_a_frame(browser: Any, site: Path, tmp_path: Path) -> None:
    """As a shop embeds it: a frame of another origin, whose storage the browser refuses."""
    with serve_folder(site) as game, playing(browser, tmp_path) as player:
        address = game.replace("127.0.0.1", "localhost")
        (tmp_path / "frame.html").write_text(
            f'<link rel="icon" href="data:,"><iframe src="{address}?seed=1" width=900 height=600>'
        )
        player.page.add_init_script(DENIED)
        player.page.goto(f"{player.address}frame.html")
        player.page.wait_for_selector("iframe")
        frame = player.page.frames[1]
        frame.wait_for_selector("body.ready")
        frame.wait_for_selector(".toast[data-kind=warning]")
        frame.click("[data-item=start]")
        frame.wait_for_function("window.waiting === 'line'")
        frame.press("body", "q")
        frame.wait_for_selector(".toast >> text=Kept until you close this tab")
        frame.press("body", "Shift+Q")
        player.page.wait_for_timeout(2000)  # The service worker would be asked for by now.
        player.problems[:] = [one for one in player.problems if address not in one]


FULL = """
IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError") };
"""


def test_a_full_disk_stops_nobody(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.page.add_init_script(FULL)
        player.open().start().until("menu")
        player.page.wait_for_selector(".toast >> text=keeps nothing here")
        player.choose(2)
        text = player.text()
        player.page.keyboard.press("q")
        player.page.wait_for_selector(".toast >> text=Kept until you close this tab")
        player.next()
        player.page.evaluate("waiting = null")
        player.page.keyboard.press("Shift+Q")
        player.come_to()
        assert player.text() == text
        player.page.keyboard.press("PageUp")
        player.page.wait_for_selector(".toast >> text=Nothing earlier")
        assert player.page.locator("dialog, .toast >> text=keeps nothing here").count() == 1


def test_an_answer_is_typed_and_corrected(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start().until("menu")
        player.choose(2)
        player.until("input")
        assert player.page.input_value("#answer") == "sea"
        player.page.fill("#answer", "ocean")
        player.page.click("#answer", button="right")
        assert player.page.locator("dialog").count() == 0
        player.page.evaluate("waiting = null")
        player.page.keyboard.press("Enter")
        player.come_to()
        player.page.evaluate("waiting = null")
        player.page.keyboard.press("PageUp")
        player.come_to("input")
        assert player.page.input_value("#answer") == "ocean"


def test_it_plays_offline_and_below_any_path(browser: Any, site: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(site, tmp_path / "games" / "lanterns")
    with serve_folder(tmp_path) as address:
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        page.goto(f"{address}games/lanterns/")
        page.evaluate(
            "new Promise((done) => navigator.serviceWorker.addEventListener('message', done))"
        )
        context.set_offline(True)
        player = Player(page, address)
        page.goto(f"{address}games/lanterns/?seed=1")
        page.wait_for_selector("body.ready")
        player.start().until("menu")
        player.choose(1)
        player.until("menu")
        assert page.evaluate("[...document.images].every((i) => !i.src || i.naturalWidth > 0)")
        assert player.problems == []
        context.close()


def test_what_a_screen_reader_hears(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open()
        assert player.page.get_by_role("heading", name="Lanterns & <Tides>").count() == 1
        assert player.page.get_by_role("navigation", name="Main menu").count() == 1
        player.start()
        live = player.page.inner_text("#live")
        assert "A wet stone quay" in live
        assert "The sea is very quiet." in live
        assert player.page.get_by_role("img", name="A wet stone quay").count() == 1
        player.next()
        assert "Mei: You came. I knew it." in player.page.inner_text("#live")
        assert player.page.get_by_role("button", name="Continue").count() == 1
        player.until("menu")
        assert player.page.get_by_role("button", name="Light the lamp.").count() == 1
        player.choose(1)
        player.until("menu")
        assert "Two hands around a lamp" in player.records("stage").__str__()
        player.page.keyboard.press("Escape")
        player.page.get_by_role("dialog", name="Lanterns & <Tides>").wait_for()
        player.page.keyboard.press("Escape")
        player.page.keyboard.press("l")
        player.page.wait_for_selector(".log")
        assert player.page.get_by_role("log", name="History").count() == 1


def test_every_control_has_a_name(browser: Any, site: Path) -> None:
    nameless = """() => [...document.querySelectorAll("button, input, select, dialog, nav, img")]
      .filter((e) => e.checkVisibility())
      .filter((e) => e.localName === "img" ? !e.hasAttribute("alt")
        : !(e.getAttribute("aria-label") || e.getAttribute("aria-labelledby")
            || e.textContent.trim() || e.labels?.length))
      .map((e) => e.outerHTML.slice(0, 80))"""
    with playing(browser, site) as player:
        player.open()
        assert player.page.evaluate(nameless) == []
        for item in ("settings", "load", "extras", "about"):
            player.page.click(f"[data-item={item}]")
            player.page.wait_for_selector("dialog[open] .content > *")
            assert player.page.evaluate(nameless) == []
            player.page.keyboard.press("Escape")
        player.start()
        assert player.page.evaluate(nameless) == []


def test_text_fits_at_its_largest(browser: Any, site: Path) -> None:
    for size in ((360, 640), (640, 360), (1280, 720)):
        viewport = {"width": size[0], "height": size[1]}
        with playing(browser, site, viewport=viewport) as player:
            player.open()
            player.page.click("[data-item=settings]")
            player.page.locator("#set-textSize").fill("200")
            player.page.keyboard.press("Escape")
            player.start().until("menu")
            inside = """() => { const r = document.getElementById("box").getBoundingClientRect();
              return r.top >= 0 && r.bottom <= innerHeight + 1 && r.left >= 0
                && r.right <= innerWidth + 1
                && document.documentElement.scrollWidth <= innerWidth }"""
            assert player.page.evaluate(inside)


TIMED = """\
---
location: quay
---

Quick. ^quick

- Run. `timeout 1`

  You ran. ^ran

- Hide.

  You hid. ^hid

`ending x "X"`
"""


def test_a_timer_runs_out_unless_it_is_switched_off(browser: Any, tmp_path: Path) -> None:
    site = build_story(tmp_path, {"scenes/quay.md": TIMED})
    with playing(browser, site) as player:
        player.open().start().until("menu")
        player.page.wait_for_function("waiting === 'line'")
        assert player.text() == "You ran."
        player.open()
        player.page.click("[data-item=settings]")
        player.page.uncheck("#set-timers")
        player.page.keyboard.press("Escape")
        player.start().until("menu")
        player.page.wait_for_timeout(1400)
        assert player.page.evaluate("waiting") == "menu"
        assert player.page.locator(".timer").count() == 0


def test_a_story_may_begin_without_timers(browser: Any, tmp_path: Path) -> None:
    untimed = FILES["vn.yaml"] + "features: {timers: false}\n"
    site = build_story(tmp_path, {"scenes/quay.md": TIMED, "vn.yaml": untimed})
    with playing(browser, site) as player:
        player.open().start().until("menu")
        assert player.page.locator(".timer").count() == 0
        player.open()
        player.page.click("[data-item=settings]")
        player.page.check("#set-timers")
        player.page.keyboard.press("Escape")
        player.start().until("menu")
        player.page.wait_for_selector(".timer")


def test_colours_read_well_in_every_variant(browser: Any, site: Path) -> None:
    contrast = """() => {
      const lum = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number)
        .map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b };
      const style = getComputedStyle(document.documentElement);
      const hex = (n) => { const v = style.getPropertyValue(n).trim();
        return [1, 3, 5].map((i) => parseInt(v.slice(i, i + 2), 16)).join(" ") };
      const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p);
        return (x + 0.05) / (y + 0.05) };
      return [ratio(getComputedStyle(document.getElementById("name")).color, hex("--surface")),
        ratio(hex("--text"), hex("--surface")), ratio(hex("--muted"), hex("--surface"))] }"""
    with playing(browser, site) as player:
        player.open().start()
        player.next()
        for variant in ("base", "high_contrast", "colour_blind"):
            player.page.click("[data-do=settings]")
            player.page.select_option("#set-colours", variant)
            player.page.keyboard.press("Escape")
            assert min(player.page.evaluate(contrast)) >= 4.5, variant


LONG = "---\nlocation: quay\n---\n\n" + "A very long line. " * 12 + '^long\n\n`ending x "X"`\n'


@pytest.mark.parametrize("size", [(360, 640), (640, 360)])
def test_a_text_longer_than_its_place_is_read_in_parts(
    browser: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    site = build_story(tmp_path, {"scenes/quay.md": LONG})
    parts = """() => { const t = document.getElementById("text");
      return [t.scrollTop, t.scrollTop + t.clientHeight, t.scrollHeight,
        document.getElementById("next").getAttribute("aria-label")] }"""
    with playing(browser, site, viewport={"width": size[0], "height": size[1]}) as player:
        player.open()
        player.page.click("[data-item=settings]")
        player.page.locator("#set-textSize").fill("200")
        player.page.locator("#set-autoSpeed").fill("100")
        player.page.keyboard.press("Escape")
        player.start()
        seen, presses = 0.0, 0
        while not player.records("ending"):
            top, bottom, height, _ = player.page.evaluate(parts)
            assert top <= seen
            label = "More" if bottom < height - 6 else "Continue"
            player.page.wait_for_selector(f"#next[aria-label={label}]")
            seen = bottom
            player.page.keyboard.press("Enter")
            player.page.wait_for_function(
                "top => document.getElementById('text').scrollTop !== top"
                " || records.some((record) => record.t === 'ending')",
                arg=top,
            )
            presses += 1
        assert seen > height - 6
        assert presses > 1
        player.open().start()
        player.page.keyboard.press("a")
        player.page.wait_for_function("document.getElementById('text').scrollTop > 0")
        assert player.records("ending") == []


@pytest.mark.parametrize("size", [(360, 640), (640, 360)])
def test_a_page_keeps_clear_of_the_buttons(
    browser: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    page = "---\nlocation: quay\n---\n\n> " + "A letter. " * 150 + '^long\n\n`ending x "X"`\n'
    site = build_story(tmp_path, {"scenes/quay.md": page})
    apart = """() => { const rect = (q) => document.querySelector(q).getBoundingClientRect();
      const page = rect("#page-lines"), view = rect("#page");
      const text = { left: page.left, right: page.right, top: view.top, bottom: view.bottom };
      const [next, bar] = [rect("#next"), rect("#bar")];
      const clear = (a, b) => a.right <= b.left || b.right <= a.left
        || a.bottom <= b.top || b.bottom <= a.top;
      return clear(text, next) && clear(text, bar) && clear(next, bar) }"""
    with playing(browser, site, viewport={"width": size[0], "height": size[1]}) as player:
        player.open().start()
        assert player.page.evaluate(apart)


ROUND = """\
---
location: quay
---

Here. ^here

[](#ring)

## ring

[](#ring) `if courage < 3`

There. ^there

`ending y "Y"`
"""


def test_a_story_that_goes_round_can_be_turned_back(browser: Any, tmp_path: Path) -> None:
    site = build_story(tmp_path, {"scenes/quay.md": ROUND})
    with playing(browser, site) as player:
        player.open().start()
        player.page.keyboard.press("Enter")
        player.page.wait_for_selector("#ending >> text=round in circles")
        player.page.evaluate("waiting = null")
        player.page.keyboard.press("Enter")
        player.come_to("line")
        assert player.text() == "Here."


def keep_a_broken_save(player: Player, name: str) -> None:
    """Put a save that nothing can read into the browser's store, newer than all others."""
    player.page.evaluate(
        """(name) => new Promise((done) => {
          const open = indexedDB.open("comfyvn-lanterns");
          open.onsuccess = () => {
            const store = open.result.transaction("kept", "readwrite").objectStore("kept");
            const bad = { save: { format: 9 }, when: "9", stage: { sprites: [] } };
            store.put(bad, `save ${name}`).onsuccess = done;
          };
        })""",
        name,
    )


def test_continue_passes_over_a_save_that_cannot_be_read(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start()
        player.next()
        text = player.text()
        player.page.evaluate("waiting = null")
        player.page.keyboard.press("q")
        player.page.wait_for_selector(".toast")
        keep_a_broken_save(player, "auto 6")
        player.open()
        player.page.evaluate("waiting = null")
        player.page.click("[data-item=continue]")
        player.come_to("line")
        assert player.text() == text


def test_a_broken_save_and_a_missing_scene_are_said(browser: Any, site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    start = re.search(r"story/scenes-[\w-]+\.json", page)
    assert start is not None
    with playing(browser, site) as player:
        player.page.route(
            "**/story/scenes-*.json",
            lambda route: route.continue_() if start[0] in route.request.url else route.abort(),
        )
        player.open().start()
        keep_a_broken_save(player, "quick 1")
        player.page.keyboard.press("Shift+Q")
        player.page.wait_for_selector(".toast >> text=could not be read")
        player.until("menu")
        player.page.keyboard.press("1")
        player.page.evaluate("window.hurrying = setInterval(() => next.click(), 20)")
        player.page.wait_for_selector("dialog.error pre")
        player.page.evaluate("clearInterval(hurrying)")
        assert "Lanterns & <Tides> 1.2.3" in player.page.inner_text("dialog.error pre")
        player.problems.clear()
