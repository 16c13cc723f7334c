"""What an editor waits for: from a key to the findings, to completion, to where a name is declared.

    python benchmarks/editors.py [scenes …]

A real client over standard input and output types a line into the middle of a project, a letter at
a time, and waits after each for the findings of that very text: first those of the scene alone,
then those of `comfyvn check` of the whole project, but for the exploration, which runs beside it
when nobody types. The 10 ms that the server lets pass before it begins are in the figures. Without
arguments: the example, and 500 scenes with 170,000 words.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from projects import write_project

REPOSITORY = Path(__file__).parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from builds.example import EXAMPLE, copy_project  # noqa: E402
from lsp.editor import Editor  # noqa: E402

LINE = "Somebody says a thing that nobody asked about today."
WORDS_A_SCENE = 340
QUESTIONS = 40


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        if not sizes:
            root = copy_project(EXAMPLE, Path(folder) / "example")
            measure("the example", root, "scenes/night/wheelhouse.md")
        for scenes in sizes or [500]:
            root = Path(folder) / str(scenes)
            write_project(root, scenes * 40, scenes * WORDS_A_SCENE, scenes)
            subprocess.run([sys.executable, "-m", "comfyvn", "fmt", "-q", "-C", root], check=True)
            name = f"{scenes} scenes, {scenes * WORDS_A_SCENE:,} words"
            measure(name, root, f"scenes/s{scenes // 2:04}.md")


def measure(name: str, root: Path, path: str) -> None:
    started = time.perf_counter()
    with Editor(root, diagnostics={"story": True}) as editor:
        text = editor.open(path)
        editor.findings(path)
        cold = time.perf_counter() - started
        lines = text.split("\n")
        middle = next(i for i in range(len(lines) // 2, len(lines)) if not lines[i])
        head, tail = "\n".join(lines[:middle]) + "\n\n", "\n\n" + "\n".join(lines[middle:])

        def key(count: int) -> None:
            before = editor.at_once.get(editor.uri(path), 0)
            editor.write(path, head + LINE[:count] + tail)
            editor.news(path, before)

        key(1)
        editor.findings(path)
        own, keys = [], []
        for count in range(2, len(LINE)):
            began = time.perf_counter()
            key(count)
            own.append(time.perf_counter() - began)
            editor.findings(path)
            keys.append(time.perf_counter() - began)
        editor.write(path, f"{head}Mei (smile): Yes. `show {tail}")
        asked = {
            "completion": lambda: editor.at("completion", path, middle + 1, 24),
            "hover": lambda: editor.at("hover", path, middle + 1, 1),
            "references": lambda: editor.at(
                "references", path, 1, 1, context={"includeDeclaration": True}
            ),
            "outline": lambda: editor.of("documentSymbol", path),
            "tokens": lambda: editor.of("semanticTokens/full", path),
        }
        editor.findings(path)
        took = {what: [_took(ask) for _ in range(QUESTIONS)] for what, ask in asked.items()}
        first = _took(lambda: editor.ask("workspace/symbol", query="zzz"))
    print(f"{name}: first findings {cold:.2f} s, first search of all names {first:.2f} s")
    for what, seconds in {"key to own": own, "key to all": keys, **took}.items():
        spread = statistics.quantiles(seconds, n=20)
        print(
            f"  {what:16} median {1000 * statistics.median(seconds):6.1f} ms"
            f"   p95 {1000 * spread[-1]:6.1f} ms"
        )


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
