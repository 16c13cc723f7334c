"""The rules of a build: those that ComfyVN ships and those of the project.

Reading them costs a YAML parser and pydantic, so what was read without a finding is kept as JSON
in `.comfyvn/rules.json`, under the digest of the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.data import data_folder
from comfyvn.engine.digest import digest_of
from comfyvn.engine.objects import write_file
from comfyvn.engine.step import Rule, canonical
from comfyvn.source.diagnostics import Diagnostics, Related, Span
from comfyvn.source.text import read_source

FOLDER = "rules"
CACHE = ".comfyvn/rules.json"
FORMAT = 2
"""The form of the cache; what is in another one is not read."""
NOT_RULES = "profiles.yaml"
"""What stands among the shipped rules and declares none."""
SHIPPED = "comfyvn/rules"
"""How messages call the folder of shipped rules."""

Place = tuple[int, int, int]
"""A line, the column where something begins and the one where it ends."""


class Declared(NamedTuple):
    """A rule as it stands in YAML: what is run, and what for.

    Attributes:
        rule: how each step is run.
        stage: `front`, `back`, `advice` or `exploration`.
        target: the target it is for; empty for all.
        over: the name of the collection it is applied to; empty for one step.
        files: for the collection `files`, the pattern.
        inputs: texts with `{field}`, of names or patterns.
        outputs: likewise.
        params: JSON, texts with `{field}`.
        command: the command line, texts with `{field}`; empty when there is an action.
        shipped: whether it came with ComfyVN.
        places: where each of the inputs and then of the outputs stands.
    """

    rule: Rule
    stage: str
    target: str
    over: str
    files: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    params: Mapping[str, Any]
    command: tuple[str, ...]
    shipped: bool
    places: tuple[Place, ...]

    @property
    def span(self) -> Span:
        """Where the rule's name stands."""
        path, line = self.rule.origin
        return Span.on_line(path, line, 1, 1 + len(self.rule.name))

    def input_at(self, index: int) -> Span:
        """Return where one of the inputs stands."""
        return self._at(index)

    def output_at(self, index: int) -> Span:
        """Return where one of the outputs stands."""
        return self._at(len(self.inputs) + index)

    def _at(self, index: int) -> Span:
        return Span.on_line(self.rule.origin[0], *self.places[index])


class Rules(NamedTuple):
    """All rules by name, and the digest of the files that declare them."""

    declared: Mapping[str, Declared]
    digest: str


def read_rules(root: Path, out: Diagnostics, *, keep: bool = True) -> Rules:
    """Return the shipped rules and the project's, which win by name; never raises.

    A rule that something is wrong with is left out, with a finding. What was read is written to
    the cache, if `keep`.
    """
    shipped = [item for item in _files(data_folder(FOLDER), SHIPPED) if not _no_rules(item[0])]
    own = list(_files(root / FOLDER, FOLDER))
    digest = digest_of(
        canonical([FORMAT, [(name, digest_of(data)) for name, data in shipped + own]]).encode()
    )
    if (known := _recall(root, digest)) is not None:
        return Rules(known, digest)
    from comfyvn.plan.rule_checks import check_rules
    from comfyvn.plan.rule_reader import read_file

    before = len(out)
    declared: dict[str, Declared] = {}
    replaced: dict[str, Declared] = {}
    for files, is_shipped in ((shipped, True), (own, False)):
        for path, data in files:
            text = read_source(data, path, out)
            for rule in read_file(text, path, is_shipped, out):
                name = rule.rule.name
                other = declared.get(name)
                if other is not None and other.shipped == is_shipped:
                    out.error(
                        "VN1112",
                        f"the rule `{name}` is declared twice",
                        rule.span,
                        help="give one of the two another name",
                        related=[Related(other.span, "the other one")],
                    )
                    continue
                if other is not None:
                    replaced[name] = other
                declared[name] = rule
    wrong = check_rules(declared, replaced, out)
    sound = {name: rule for name, rule in declared.items() if name not in wrong}
    if keep and len(out) == before:
        _keep(root, digest, sound)
    return Rules(sound, digest)


def _no_rules(path: str) -> bool:
    return path.endswith(f"/{NOT_RULES}")


def _files(folder: Path, shown: str) -> Iterator[tuple[str, bytes]]:
    """Yield the path, for messages, and the content of each rule file, in order."""
    try:
        names = sorted(item.name for item in folder.iterdir() if item.suffix == ".yaml")
    except OSError:
        return
    for name in names:
        try:
            yield f"{shown}/{name}", (folder / name).read_bytes()
        except OSError:
            continue


def _recall(root: Path, digest: str) -> dict[str, Declared] | None:
    try:
        head, _, body = (root / CACHE).read_bytes().partition(b"\n")
        if head.decode() != f"{digest} {digest_of(body)}":
            return None
        return {fields[0][0]: _revive(fields) for fields in json.loads(body)}
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def _revive(fields: list[Any]) -> Declared:
    rule, stage, target, over, files, inputs, outputs, params, command, shipped, places = fields
    made = Rule(*rule)
    made = made._replace(
        reads=tuple(made.reads),
        resources=tuple((name, amount) for name, amount in made.resources),
        origin=(made.origin[0], made.origin[1]),
    )
    return Declared(
        made, stage, target, over, files, tuple(inputs), tuple(outputs), params,
        tuple(command), shipped, tuple((line, start, end) for line, start, end in places),
    )  # fmt: skip


def _keep(root: Path, digest: str, declared: Mapping[str, Declared]) -> None:
    """Write the cache, if it can be written: it only saves time."""
    path = root / CACHE
    body = json.dumps(list(declared.values()), ensure_ascii=False).encode("utf-8", "replace")
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        data = f"{digest} {digest_of(body)}\n".encode() + body
        write_file(path, data, temporary=path.parent / "tmp")
