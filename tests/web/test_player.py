"""The player, played by hand: forwards, backwards, in another language, offline."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from storybook import Player, build_story, playing

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


def test_a_locked_choice_says_why_and_cannot_be_taken(browser: Any, site: Path) -> None:
    with playing(browser, site) as player:
        player.open().start().until("menu")
        card = player.page.locator(".choice[aria-disabled=true]")
        assert "You have no courage" in card.inner_text()
        # Choices come in one after the other: a click at a place may meet another one.
        card.dispatch_event("click")
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
        player.page.wait_for_timeout(1500)  # What was read is kept a moment later.
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
