"""What all tests share: real parts that must be there in CI, and the scale of random counts."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about us.
settings.register_profile("comfyvn", deadline=None)
settings.load_profile("comfyvn")

REAL_PARTS = {"chromium": "chromium", "renpy": "renpy", "node": "node"}


def pytest_configure() -> None:
    # Debian puts games where root does not look.
    os.environ["PATH"] += os.pathsep + "/usr/games"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose real part is missing; in CI that is a failure instead."""
    for marker, command in REAL_PARTS.items():
        if item.get_closest_marker(marker) is None or shutil.which(command):
            continue
        if os.environ.get("CI"):
            pytest.fail(f"{command} is not installed, and CI may not skip what needs it")
        pytest.skip(f"{command} is not installed")
