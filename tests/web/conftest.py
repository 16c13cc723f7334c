"""One browser and one site for all tests of the web player."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from storybook import build_story

from comfyvn.play.web import open_chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with open_chromium() as running:
        yield running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_story(tmp_path_factory.mktemp("lanterns"))
