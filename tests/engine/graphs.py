"""Random build graphs, as Shake tests itself: rules, steps, and edits to all they stand on.

A step's action is a function of what the step says of itself and of what it reads, so that a build
in an empty folder tells what is right. `Project.log` holds what each step read and made in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from engine.building import settle

from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.pattern import is_pattern, matches
from comfyvn.engine.step import Plan, Rule, Step, step
from comfyvn.engine.store import SMALL
from comfyvn.source.diagnostics import Diagnostic, Span


class Trace(NamedTuple):
    """What a step was, read and made."""

    read: str
    made: dict[str, str]


class WantedError(Exception):
    """A step failed because its inputs say so."""

    expected = True


class Project:
    """A random project: sources, values and steps, and how to change them."""

    def __init__(self, random: Random, rules: int = 0, items: int = 4) -> None:
        """Make a project of so many rules, at random if 0, and up to so many steps of each."""
        self.random, self.items = random, items
        self.sources = {f"src/s{n}": self.words() for n in range(random.randint(2, 5))}
        self.values = {f"@v/{n}": self.words() for n in range(random.randint(1, 2))}
        self.rules: dict[str, Rule] = {}
        self.steps: list[Step] = []
        self.log: dict[str, Trace] = {}
        for number in range(rules or random.randint(2, 6)):
            self.add_rule(number)

    def words(self) -> bytes:
        """Return a content of which there are few, so that edits may be taken back by chance."""
        return b"%d words" % self.random.randrange(6)

    # Rules and steps

    def add_rule(self, number: int) -> None:
        """Add a rule after those that there are, and its steps."""
        random = self.random
        name = f"r{number}"
        reads = []
        if random.random() < 0.6:
            reads = ["src/opt*"]
            for other in range(number):
                if random.random() < 0.8:
                    reads.append(
                        random.choice([f"@r{other}/*", f"@p{other}/*", f"build/r{other}/**"])
                    )
        away = not reads and random.random() < 0.4
        self.rules[name] = Rule(
            name,
            f"act-{random.randrange(2)}",
            reads=tuple(reads),
            where="worker" if away else "here",
            cache="shared" if random.random() < 0.2 else "local",
            tool=random.random() < 0.5,
        )
        for item in range(random.randint((self.items + 1) // 2, self.items)):
            self.steps.append(self.a_step(number, item))

    def a_step(self, number: int, item: int) -> Step:
        """Return a step of a rule, which reads what stands before it."""
        random = self.random
        rule = self.rules[f"r{number}"]
        before = [each for each in self.steps if int(each.rule[1:]) < number]
        made = [name for each in before for name in each.outputs]
        pool = [*self.sources, "src/missing", *self.values, *made * 3]
        pool += [name.replace("*", "1") for name in made if is_pattern(name)]
        inputs = sorted(set(random.choices(pool, k=random.randint(1, 3))))
        shapes = [f"@r{number}/{item}", f"build/r{number}/{item}.txt", f"@r{number}/{item}/more",
                  f"@p{number}/{item}-*", f"build/p{number}/{item}-*.txt"]  # fmt: skip
        outputs = sorted(random.sample(shapes, random.randint(1, 4)))
        finds = []
        for pattern in rule.reads:
            there = [name.replace("*", "0") for name in made]
            there = [name for name in there if matches(pattern, name)]
            finds += random.sample(there, min(len(there), random.randint(0, 3)))
            for _ in range(random.randint(0, 1)):
                star = f"{random.randrange(4)}"
                tail = random.choice(["", "-0", "-1", "/more", ".txt"])
                finds.append(pattern.replace("**", star + tail).replace("*", star + tail))
        return step(
            rule.name,
            str(item),
            inputs,
            outputs,
            salt=random.randrange(3),
            finds=finds,
            fails=random.choice([0, 0, 0, 3, 7]),
            coarse=random.random() < 0.3,
            large=random.random() < 0.1,
            copies=random.random() < 0.3,
        )

    def plan(self) -> Plan:
        """Return the plan as it is now."""
        return Plan(dict(self.rules), tuple(self.steps))

    # Edits

    def edit(self) -> str:
        """Change something of the project; return what."""
        random = self.random
        edits: list[Callable[[], str]] = [
            self.edit_source, self.edit_source, self.edit_source, self.remove_source,
            self.add_source, self.edit_value, self.edit_params, self.edit_version,
            self.remove_step, self.add_step, self.edit_rule,
        ]  # fmt: skip
        return random.choice(edits)()

    def edit_source(self) -> str:
        path = self.random.choice([*self.sources, "src/s0"])
        self.sources[path] = self.words()
        return f"edit {path}"

    def remove_source(self) -> str:
        path = self.random.choice([*self.sources, "src/s0"])
        self.sources.pop(path, None)
        return f"remove {path}"

    def add_source(self) -> str:
        path = self.random.choice(["src/missing", f"src/opt{self.random.randrange(4)}", "src/s1"])
        self.sources[path] = self.words()
        return f"add {path}"

    def edit_value(self) -> str:
        name = self.random.choice(list(self.values))
        self.values[name] = self.words()
        return f"edit {name}"

    def edit_params(self) -> str:
        if not self.steps:
            return "nothing"
        at = self.random.randrange(len(self.steps))
        old = self.steps[at]
        params = json.loads(old.params) | {"salt": self.random.randrange(3)}
        self.steps[at] = step(old.rule, old.name.split()[1], old.inputs, old.outputs, **params)
        return f"params of {old.name}"

    def edit_version(self) -> str:
        name = self.random.choice(list(self.rules))
        self.rules[name] = self.rules[name]._replace(version=str(self.random.randrange(3)))
        return f"version of {name}"

    def edit_rule(self) -> str:
        name = self.random.choice(list(self.rules))
        action = f"act-{self.random.randrange(2)}"
        self.rules[name] = self.rules[name]._replace(action=action)
        return f"action of {name}"

    def remove_step(self) -> str:
        if len(self.steps) < 2:
            return "nothing"
        gone = self.steps.pop(self.random.randrange(len(self.steps)))
        return f"remove step {gone.name}"

    def add_step(self) -> str:
        rule = self.random.choice(list(self.rules))
        item = self.random.randrange(self.items)
        number = int(rule[1:])
        made = self.a_step(number, item)
        at = next((i for i, each in enumerate(self.steps) if each.name == made.name), None)
        if at is not None:
            self.steps[at] = made
            return f"step {made.name} written anew"
        later = (i for i, each in enumerate(self.steps) if int(each.rule[1:]) > number)
        self.steps.insert(next(later, len(self.steps)), made)
        return f"add step {made.name}"

    # What steps do

    def resolve(self, rule: Rule) -> Callable[[Any], None]:
        """Return the action of a rule."""
        return Acting(rule)

    def resolve_logged(self, rule: Rule) -> Callable[[Any], None]:
        """Return the action of a rule, which writes down what it reads and makes."""
        return Acting(rule, self.log)


class Acting:
    """An action."""

    def __init__(self, rule: Rule, log: dict[str, Trace] | None = None) -> None:
        self.rule, self.log = rule, log

    def __call__(self, context: Any) -> None:
        says = context.params
        facts = [self.rule.name, self.rule.version, self.rule.action, self.rule.reads]
        facts += [says, context.inputs, context.outputs]
        seen: list[Any] = []
        for name in context.inputs:
            names = context.names(name) if is_pattern(name) else (name,)
            seen += [(each, read(context, each)) for each in names]
        # What is asked for next depends on what was found before.
        for name in says["finds"]:
            if weight(seen) % 8:
                seen.append((name, context.find(name)))
        facts.append(seen)
        size = weight(facts)
        if says["fails"] and size % says["fails"] == 0:
            raise WantedError("so it is")
        if size % 5 == 0:
            context.report(Diagnostic("VN0001", "warning", f"{size}", Span("src/s0", 1, 1, 1, 1)))
        if says["coarse"]:
            size %= 2
        made: dict[str, bytes] = {}
        for name in context.outputs:
            if is_pattern(name):
                for number in range(size % 3):
                    made[name.replace("*", str(number))] = b"%d of %d" % (number, size % 97)
            elif not (name.endswith("/more") and size % 2):
                made[name] = b"%s %d" % (name.encode(), size) + b"." * (SMALL * says["large"])
        there = [name for name in context.inputs if not is_pattern(name)]
        there = [name for name in there if context.digest(name) != ABSENT]
        for number, name in enumerate(made):
            if says["copies"] and there and number % 2 == 0:
                made[name] = context.read(there[0])
                context.copy(name, there[0])
            else:
                context.write(name, made[name])
        if self.log is not None:
            name = context.step.name
            digests = {each: digest_of(data) for each, data in made.items()}
            self.log[name] = Trace(digest_of(repr(facts).encode()), digests)


def read(context: Any, name: str) -> bytes | None:
    """Return an input; None if it is not there."""
    return None if context.digest(name) == ABSENT else context.read(name)


def weight(facts: Any) -> int:
    """Return a number that follows from facts."""
    return int(digest_of(repr(facts).encode())[:8], 16)


def lay_out(root: Path, sources: dict[str, bytes]) -> None:
    """Make the sources on disk what they are to be; a file that is right is left alone."""
    (root / "src").mkdir(parents=True, exist_ok=True)
    for path in (root / "src").iterdir():
        if f"src/{path.name}" not in sources:
            path.unlink()
    for name, data in sources.items():
        path = root / name
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            settle(path)
