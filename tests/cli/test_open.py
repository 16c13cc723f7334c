"""`comfyvn play --open`: a built target, served until interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

STORY = 'Hello.\n\n`ending done "Done"`\n'


def test_open_web_serves_the_build_until_interrupted(tmp_path: Path) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes/one.md").write_text(STORY)
    (tmp_path / "vn.yaml").write_text("format: 1\nid: tiny\ntitle: Tiny\nstart: one\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "comfyvn", "play", "-q", "--open", "web", "-C", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "BROWSER": "true"},
        # A shell lets its background jobs ignore SIGINT, and they their children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[2]
        with urllib.request.urlopen(address, timeout=10) as page:
            assert "<title>Tiny" in page.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
