"""The player keeps what was played, where it can, and says where it cannot."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from storybook import Player, playing

from comfyvn.play.web import serve_folder

pytestmark = pytest.mark.chromium


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
    # A service worker fetches by itself, past the route.
    with playing(browser, site, service_workers="block") as player:
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
