"""How fast stories are explored: play-throughs a second beside inkjs, and whole explorations.

A generated story is written in ink and in our Markdown; both play it to an ending with the same
choices, and their texts must be equal. Then the example and a project of 170,000 words and 380
menus are explored, the latter in a process of its own. Wanted: at least 20 times the
play-throughs a second; under 2 s; under 60 s and 1 GiB. Needs node and npm, for inkjs 2.4.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from comfyvn.cli.common import compile_at
from comfyvn.explore.explore import explore
from comfyvn.explore.readings import Readings
from comfyvn.source.diagnostics import Diagnostics

ROOT = Path(__file__).resolve().parent.parent
WORDS = (
    "the rain lamp harbour door opens slowly nobody answers window boat letter cold morning "
    "street waits again behind under small stone bell rope tide paper hand turns listens"
).split()
JS = """
const {Compiler} = require('inkjs/full');
const fs = require('fs'), crypto = require('crypto');
const story = new Compiler(fs.readFileSync(process.argv[2], 'utf8')).Compile();
const from = +process.argv[3], count = +process.argv[4], texts = [];
function play(seed) {
  let x = seed + 1, out = '';
  story.ResetState();
  for (;;) {
    while (story.canContinue) out += story.Continue();
    const n = story.currentChoices.length;
    if (!n) return out;
    x = x * 16807 % 2147483647;
    story.ChooseChoiceIndex(Math.floor(x / 256) % n);
  }
}
for (let i = 0; i < 20; i++) play(i);
const begun = process.hrtime.bigint();
for (let i = from; i < from + count; i++) texts.push(play(i));
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
const hash = crypto.createHash('sha256');
for (const text of texts) hash.update(text + '\\0');
console.log(JSON.stringify({seconds, digest: hash.digest('hex'), first: texts[0]}));
"""


class Story:
    """A generated story: rooms in a row, each with lines, a menu and what follows from it."""

    def __init__(self, rooms: int, words: int, seed: int) -> None:
        self.rng = random.Random(seed)
        self.ink: list[str] = ["VAR trust = 0", "VAR key = false", "-> r0"]
        self.sections: list[list[str]] = []
        self.words = words // rooms
        for number in range(rooms):
            self.room(number, rooms)

    def line(self, count: int) -> str:
        """Return a sentence."""
        words = self.rng.choices(WORDS, k=count)
        return " ".join([words[0].capitalize(), *words[1:]]) + "."

    def lines(self, count: int) -> list[str]:
        """Return sentences with that many words together."""
        out = []
        while count > 0:
            length = min(count, self.rng.randint(6, 14))
            out.append(self.line(max(length, 2)))
            count -= length
        return out

    def room(self, number: int, rooms: int) -> None:
        """Write a room in both languages."""
        rng, ink, ours = self.rng, self.ink, []
        ink.append(f"=== r{number} ===")
        if number:
            ours.append(f"## r{number}")
        for text in self.lines(max(self.words - 60, 20)):
            ink.append(text)
            ours.append(text)
        if number % 4 == 3:
            ink.append("Trust is {trust} now.")
            ours.append("Trust is {trust} now.")
        blocks = []
        for choice in range(3):
            name, said = f"{self.line(3)[:-1]} {choice}", self.line(10)
            limit = rng.randint(0, 4)
            test = [None, f"trust > {limit}", "key" if number % 2 else None][choice]
            change = [("trust", 1), ("trust", -1), ("key", 0)][(choice + number) % 3]
            spans = f" `if {test}`" if test else ""
            ink.append(f"+ {{{test}}} [{name}]" if test else f"+ [{name}]")
            ink.append(f"  {said}")
            if change[0] == "key":
                ink.append("  ~ key = not key")
                effect = "`set key = not key`"
            else:
                ink.append(f"  ~ trust = trust + {change[1]}")
                effect = f"`set trust {'+' if change[1] > 0 else '-'}= 1`"
            blocks.append(f"- {name}{spans}\n\n  {said}\n\n  {effect}\n")
        ours.append("\n".join(blocks))
        ours.append("<!-- -->")
        limit, seen = rng.randint(1, 5), self.line(8)
        ink.append("-")
        ink.append(f"{{trust >= {limit}: {seen}}}")
        ours.append(f"{seen} `if trust >= {limit}`")
        if number + 1 < rooms:
            ink.append(f"-> r{number + 1}")
        else:
            last = self.line(9)
            ink += [last, "-> END"]
            ours += [last, '`ending last "The end"`']
        self.sections.append(ours)

    def write(self, root: Path, scenes: int) -> None:
        """Write the project, its rooms in so many scenes."""
        (root / "scenes").mkdir(parents=True)
        each = -(-len(self.sections) // scenes)
        names = [f"s{i}" for i in range(-(-len(self.sections) // each))]
        listed = ", ".join(names)
        (root / "vn.yaml").write_text("format: 1\nid: bench\ntitle: B\nstart: s0\ntimeline: all\n")
        (root / "timelines").mkdir()
        (root / "timelines/all.yaml").write_text(
            f"chapters:\n  - title: One\n    scenes: [{listed}]\n"
        )
        (root / "state.yaml").write_text("trust: {type: int}\nkey: {type: bool}\n")
        for number, name in enumerate(names):
            parts = [
                part
                for section in self.sections[number * each : (number + 1) * each]
                for part in section
            ]
            (root / "scenes" / f"{name}.md").write_text("\n\n".join(parts) + "\n")


def program_of(root: Path) -> Any:
    """Return the Program of a project without errors."""
    out = Diagnostics()
    _, _, compiled = compile_at(root, out)
    if compiled is None or out.has_errors:
        sys.exit(f"the story does not compile: {[(d.code, d.message) for d in out][:3]}")
    return json.loads(json.dumps(compiled.program))


def ours(program: Any, first: int, count: int) -> tuple[float, list[str]]:
    """Return the seconds of play-throughs, and their texts."""
    readings = Readings(program)

    def chooser(seed: int) -> Any:
        x = seed + 1

        def choose(n: int) -> int:
            nonlocal x
            x = x * 16807 % 2147483647
            return (x >> 8) % n

        return choose

    begun = time.perf_counter()
    texts = [readings.read(seed, chooser(seed)) for seed in range(first, first + count)]
    return time.perf_counter() - begun, texts


def beside_inkjs(folder: Path, options: argparse.Namespace) -> None:
    """Play the same story on both sides."""
    story = Story(options.rooms, options.rooms * 120, 7)
    story.write(folder / "ours", 4)
    (folder / "story.ink").write_text("\n".join(story.ink) + "\n")
    (folder / "play.cjs").write_text(JS)
    subprocess.run(
        ["npm", "i", "--silent", "--prefix", str(folder), "inkjs@2.4"], check=True, cwd=folder
    )
    program = program_of(folder / "ours")
    rates: list[tuple[float, float]] = []
    for round in range(options.rounds):
        first = round * options.count
        done = subprocess.run(
            ["node", "play.cjs", "story.ink", str(first), str(options.count)],
            cwd=folder, check=True, capture_output=True, text=True,
        )  # fmt: skip
        theirs = json.loads(done.stdout)
        seconds, texts = ours(program, first, options.count)
        digest = hashlib.sha256("".join(f"{text}\0" for text in texts).encode()).hexdigest()
        if digest != theirs["digest"]:
            sys.exit(f"the texts differ:\n{texts[0][:400]}\n---\n{theirs['first'][:400]}")
        rates.append((options.count / seconds, options.count / theirs["seconds"]))
    mine, other = max(rate for rate, _ in rates), max(rate for _, rate in rates)
    length = sum(len(text.split()) for text in texts) / len(texts)
    print(f"{options.count} play-throughs of {options.rooms} menus, {length:,.0f} words each")
    print(f"comfyvn: {mine:,.0f} a second, from the first on; inkjs: {other:,.0f} a second")
    print(f"ratio: {mine / other:.1f} (wanted: at least 20); texts are equal")


def example() -> None:
    """Explore the example."""
    program = program_of(ROOT / "example_project")
    begun, used = time.perf_counter(), time.process_time()
    found = explore(program)
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    print(f"example: {seconds:.2f} s, {used:.2f} s of it computing (wanted: under 2); {found.how}")


def large() -> None:
    """Explore the large project, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--large-here"], check=True, capture_output=True, text=True
    )
    print(done.stdout.strip())


def large_here() -> None:
    """Explore the large project and say how much memory that took."""
    with tempfile.TemporaryDirectory() as folder:
        Story(380, 170_000, 3).write(Path(folder) / "ours", 40)
        program = program_of(Path(folder) / "ours")
    words = sum(len(path.split()) for path in Story(380, 170_000, 3).ink)
    begun = time.perf_counter()
    found = explore(program)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"380 menus, {words:,} words: {seconds:.1f} s (wanted: under 60), peak {peak:,.0f} MiB "
        f"with the compiler (wanted: under 1,024); {found.how}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=30)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large-here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.large_here:
        large_here()
        return
    with tempfile.TemporaryDirectory() as folder:
        beside_inkjs(Path(folder), options)
    example()
    large()


if __name__ == "__main__":
    main()
