"""The player is for those too who see, hear, read or reach less than others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from storybook import FILES, build_story, playing

pytestmark = pytest.mark.chromium


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
