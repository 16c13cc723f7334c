"""What `comfyvn cache` does with the local store: count it, look through it, thin it out."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import NamedTuple

from comfyvn.engine.digest import digest_of
from comfyvn.engine.result import Made
from comfyvn.engine.store import Store, checked


class ByRule(NamedTuple):
    """What the steps of one rule left: how many there are, bytes of outputs, seconds they took."""

    steps: int
    size: int
    seconds: float


class StoreStats(NamedTuple):
    """What a store holds: results of steps by rule, results of before, and bytes in all."""

    rules: dict[str, ByRule]
    records: int
    results: int
    size: int


class Thinned(NamedTuple):
    """What `thin` removed."""

    records: int
    results: int
    size: int


def stats(store: Store) -> StoreStats:
    """Count what a store holds."""
    rules: dict[str, ByRule] = {}
    for step, made in _steps(store):
        name = step.partition(" ")[0]
        steps, size, seconds = rules.get(name, ByRule(0, 0, 0.0))
        size += sum(size for _, _, size in made.result.outputs)
        rules[name] = ByRule(steps + 1, size, seconds + made.result.seconds)
    db = store.database()
    sizes = _sizes(store)
    (records,) = db.execute("SELECT count(*) FROM record").fetchone()
    return StoreStats(dict(sorted(rules.items())), records, len(sizes), sum(sizes.values()))


def last_results(store: Store) -> Iterator[tuple[str, Made]]:
    """Yield what each step made last, by its name, where that is known to be good."""
    return ((step, made) for step, made in _steps(store) if made.key)


def verify(store: Store) -> list[str]:
    """Look at every byte; remove what is damaged and return its names."""
    db = store.database()
    damaged: list[str] = []
    for name, *row in db.execute("SELECT name, key, body, sum FROM step").fetchall():
        if checked(row, name) is None:
            damaged.append(f"the result of `{name}`")
            store.remove([name])
    for row in db.execute("SELECT rowid, variant, key, body, sum FROM record").fetchall():
        if checked(row[2:], row[1]) is None:
            damaged.append(f"a result under the key {row[2]}")
            db.execute("DELETE FROM record WHERE rowid = ?", row[:1])
    for (key,) in db.execute("SELECT digest FROM blob").fetchall():
        (data,) = db.execute("SELECT data FROM blob WHERE digest = ?", (key,)).fetchone()
        # A damaged row may even hold another type.
        if not isinstance(data, bytes) or bytes.fromhex(digest_of(data)) != key:
            damaged.append(f"the object {key.hex()}")
            db.execute("DELETE FROM blob WHERE digest = ?", (key,))
    for path in store.objects.all():
        if not store.objects.sound(path.name):
            damaged.append(f"the object {path.name}")
    return damaged


def thin(store: Store, max_size: int | None = None, older_than: float | None = None) -> Thinned:
    """Remove what no build needs: results of before, and objects that nothing refers to.

    What steps made last stays, however old or large it is: a build without changes runs nothing
    afterwards.

    Args:
        store: the store.
        max_size: remove the oldest results of before until at most so many bytes are left.
        older_than: remove those older than so many seconds.
    """
    db = store.database()
    sizes = _sizes(store)
    current = {digest for _, made in _steps(store) for _, digest, _ in made.result.outputs}
    old = list(_records(store))
    gone: list[int] = []
    if older_than is not None:
        edge = time.time() - older_than
        young = {row for (row,) in db.execute("SELECT rowid FROM record WHERE at >= ?", (edge,))}
        gone = [row for row, _ in old if row not in young]
        old = [(row, made) for row, made in old if row in young]
    users: dict[str, int] = {}
    for _, made in old:
        for digest in {digest for _, digest, _ in made.result.outputs} - current:
            users[digest] = users.get(digest, 0) + 1
    size = sum(sizes.get(digest, 0) for digest in current | users.keys())
    for row, made in old:
        if max_size is None or size <= max_size:
            break
        gone.append(row)
        for digest in {digest for _, digest, _ in made.result.outputs} - current:
            users[digest] -= 1
            if not users[digest]:
                del users[digest]
                size -= sizes.get(digest, 0)
    useless = sizes.keys() - current - users.keys()
    _remove(store, db, gone, useless)
    return Thinned(len(gone), len(useless), sum(sizes[digest] for digest in useless))


def _remove(store: Store, db: sqlite3.Connection, records: list[int], useless: set[str]) -> None:
    # Records first: one whose objects are gone would be found and then not be usable.
    db.execute("BEGIN IMMEDIATE")
    db.executemany("DELETE FROM record WHERE rowid = ?", [(row,) for row in records])
    db.executemany(
        "DELETE FROM blob WHERE digest = ?", [(bytes.fromhex(digest),) for digest in useless]
    )
    db.execute("COMMIT")
    for digest in useless:
        store.objects.remove(digest)
    if records or useless:
        db.execute("VACUUM")


def _steps(store: Store) -> Iterator[tuple[str, Made]]:
    rows = store.database().execute("SELECT name, key, body, sum FROM step ORDER BY name")
    for name, *row in rows.fetchall():
        made = checked(row, name)
        if made is not None:
            yield name, made


def _records(store: Store) -> Iterator[tuple[int, Made]]:
    """Yield the sound results of before, oldest first."""
    rows = store.database().execute(
        "SELECT rowid, variant, key, body, sum FROM record ORDER BY at, rowid"
    )
    for row, variant, *rest in rows.fetchall():
        made = checked(rest, variant)
        if made is not None:
            yield row, made


def _sizes(store: Store) -> dict[str, int]:
    rows = store.database().execute("SELECT digest, length(data) FROM blob")
    found = {key.hex(): size for key, size in rows}
    found |= {path.name: path.stat().st_size for path in store.objects.all()}
    return found
