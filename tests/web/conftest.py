"""One site for all tests of the web player."""

from __future__ import annotations

from pathlib import Path

import pytest
from storybook import build_story


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_story(tmp_path_factory.mktemp("lanterns"))
