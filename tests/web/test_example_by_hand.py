"""The example is played to its endings by keyboard alone and by touch alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from storybook import Player, compile_story, playing

from comfyvn.play.runtime import Run
from tests.routes import ending_of, routes_to_endings

pytestmark = pytest.mark.chromium

ALL = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1")) >= 1
SIZE = (390, 844)


@pytest.fixture(scope="module")
def example(built_example: Path) -> tuple[Any, Path]:
    return compile_story(built_example), built_example / "build/web"


def play(player: Player, run: Run, *, touch: bool) -> str | None:
    """Answer as the run says, with fingers; return the ending's name."""
    page = player.page
    answers = iter(run.answers)
    player.open(f"?seed={run.seed}&lang=en")
    page.evaluate("waiting = null")
    if touch:
        page.tap("[data-item=start]")
    else:
        page.keyboard.press("Enter")
    for _ in range(3000):
        now = page.evaluate("waiting")
        if now == "over":
            return ending_of(page.evaluate("records"))
        if now in {"menu", "input"}:
            page.evaluate("waiting = null")
            cards = page.locator(".choice:not([aria-disabled])")
            number = next(answers) % max(cards.count(), 1)
            if now == "input":
                page.tap(".ask-text button") if touch else page.keyboard.press("Enter")
            elif touch:
                cards.nth(number).tap()
            else:
                page.keyboard.press(str(number + 1))
        elif touch:
            page.touchscreen.tap(SIZE[0] / 2, 90)
        else:
            page.keyboard.press("Enter")
    return None


@pytest.mark.parametrize("touch", [False, True], ids=["keyboard", "touch"])
def test_every_ending_by_hand(browser: Any, example: tuple[Any, Path], touch: bool) -> None:
    program, site = example
    routes = routes_to_endings(program)
    viewport = {"width": SIZE[0], "height": SIZE[1]} if touch else {"width": 1280, "height": 720}
    for name in sorted(routes)[: None if ALL else 1]:
        with playing(browser, site, viewport=viewport, has_touch=touch) as player:
            assert play(player, routes[name][0], touch=touch) == name
