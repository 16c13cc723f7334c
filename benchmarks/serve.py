"""From a save to the change on screen, in a real Chromium, against loading the whole page again.

    python benchmarks/serve.py [scenes …]

A story is read half-way into its first scene; then a word of the line on screen is changed, again
and again, as an editor saves. *Save to seen* ends at the frame that shows the new word. Its peers
are loading the whole page again as far as the title, with nothing built; and what one does without
`serve`: `comfyvn build web`, load the page, begin, and come back to the line.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from projects import write_project

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))

from comfyvn.play.web import open_chromium  # noqa: E402

EDITS = 30
RELOADS = 8
STEPS = 12
LINES = 40
"""Lines of a scene."""
SEEN = "word => document.getElementById('text').textContent.includes(word)"
COMMAND = [sys.executable, "-m", "comfyvn"]


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [20, 500]
    with open_chromium() as browser:
        for scenes in sizes:
            with tempfile.TemporaryDirectory() as folder:
                measure(browser, Path(folder), scenes)


def measure(browser: Any, root: Path, scenes: int) -> None:
    write_project(root, scenes * LINES, scenes * LINES * 10, scenes)
    server = subprocess.Popen(
        [*COMMAND, "serve", "-C", str(root), "--port", "0", "--no-open"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    assert server.stderr is not None
    address = ""
    for line in server.stderr:
        if found := re.search(r"http://\S+", line):
            address = found[0]
        if "built" in line:
            break
    builds: list[float] = []
    threading.Thread(target=_listen, args=(server.stderr, builds), daemon=True).start()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script("document.addEventListener('vn:wait', () => { window.waits = true; })")
        come_to_line(page, address)
        saves = [change(page, root, f"word{number}x") for number in range(EDITS)]
        took = sorted(builds)
        loads = [load(page) for _ in range(RELOADS)]
        come_to_line(page, address)
        hands = [by_hand(page, root, address, f"other{number}x") for number in range(RELOADS)]
    finally:
        context.close()
        server.terminate()
        server.wait()
    ours = statistics.median(saves)
    print(f"{scenes} scenes, {EDITS} edits; the build itself: p50 {statistics.median(took):.0f} ms")
    for name, times in (
        ("save to seen", saves),
        ("page load alone", loads),
        ("build and load by hand", hands),
    ):
        middle = statistics.median(times)
        print(
            f"  {name:24} p50 {1000 * middle:6.0f} ms   p95 {1000 * late(times):6.0f} ms   "
            f"save to seen is {ours / middle:.3f} of it"
        )


def come_to_line(page: Any, address: str) -> None:
    """Open the story and read on to a line of text."""
    page.goto(f"{address}?seed=1")
    page.wait_for_selector("body.ready")
    page.click("[data-item=start]")
    for _ in range(STEPS):
        page.wait_for_function("window.waits")
        page.evaluate("window.waits = false; document.getElementById('next').click()")
        page.evaluate("window.waits || document.getElementById('next').click()")
    page.wait_for_function("window.waits")


def change(page: Any, root: Path, word: str) -> float:
    """Change the line on screen and wait for it to be seen; return the seconds that took."""
    started = save(page, root, word)
    page.wait_for_function(SEEN, arg=word, polling="raf")
    return time.perf_counter() - started


def load(page: Any) -> float:
    """Load the page again as far as the title; return the seconds that took."""
    started = time.perf_counter()
    page.reload(wait_until="commit")
    page.wait_for_selector("body.ready")
    return time.perf_counter() - started


def by_hand(page: Any, root: Path, address: str, word: str) -> float:
    """Change the line, build, and come back to it; return the seconds that took."""
    started = save(page, root, word)
    subprocess.run([*COMMAND, "build", "web", "-q", "-C", str(root)], cwd=REPOSITORY, check=True)
    come_to_line(page, address)
    page.wait_for_function(SEEN, arg=word, polling="raf")
    return time.perf_counter() - started


def save(page: Any, root: Path, word: str) -> float:
    """Put a word in place of the last of the line on screen; return when it was written."""
    path = root / "scenes/s0000.md"
    shown = str(page.inner_text("#text"))
    last = shown.rsplit(maxsplit=1)[-1].rstrip(".")
    text = path.read_text(encoding="utf-8")
    at = text.index(shown) + len(shown) - len(last) - 1
    beside = path.with_name(".s0000.md.tmp")
    beside.write_text(f"{text[:at]}{word}{text[at + len(last) :]}", encoding="utf-8")
    started = time.perf_counter()
    beside.replace(path)
    return started


def late(values: list[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[min(len(values) - 1, round(0.95 * len(values)))]


def _listen(stream: Any, builds: list[float]) -> None:
    for line in stream:
        if found := re.search(r"built, (\d+) ms", line):
            builds.append(float(found[1]))


if __name__ == "__main__":
    main()
