"""The store keeps what steps made, and believes nothing that it reads."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Thread

import pytest

from comfyvn.engine.again import StoreDamagedError
from comfyvn.engine.digest import digest_of
from comfyvn.engine.objects import Objects, write_file
from comfyvn.engine.result import Result
from comfyvn.engine.store import SMALL, Store
from comfyvn.engine.store_file import FILE


def result(name: str = "@a", digest: str = "00", **more: object) -> Result:
    return Result(((name, digest, 1),))._replace(**more)


@pytest.mark.parametrize("size", [0, 1, SMALL, SMALL + 1])
def test_bytes_come_back(tmp_path: Path, size: int) -> None:
    data = b"x" * size
    store = Store(tmp_path)
    digest = store.put(data)
    assert (digest, store.get(digest), store.has(digest)) == (digest_of(data), data, True)
    store.close()
    again = Store(tmp_path)
    assert again.has(digest)
    assert again.get(digest) == data
    assert again.get(digest_of(b"other")) is None
    again.close()


@pytest.mark.parametrize("size", [10, SMALL + 1])
def test_damaged_bytes_are_not_there_and_can_be_put_again(tmp_path: Path, size: int) -> None:
    data = b"x" * size
    store = Store(tmp_path)
    digest = store.put(data)
    store.close()
    if size > SMALL:
        path = store.objects.path(digest)
        path.chmod(0o644)
        path.write_bytes(data[:-1] + b"y")
    else:
        with sqlite3.connect(tmp_path / FILE) as db:
            db.execute("UPDATE blob SET data = ?", (data[:-1] + b"y",))
        db.close()
    store = Store(tmp_path)
    assert store.get(digest) is None
    assert store.notes == ["a stored result was damaged; it is made again"]
    assert not store.has(digest)
    assert store.put(data) == digest
    store.close()
    store = Store(tmp_path)
    assert store.get(digest) == data
    store.close()


def test_a_damaged_object_is_mended_by_putting_it(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    digest = digest_of(b"data")
    write_file(objects.path(digest), b"date")
    objects.put(digest, b"data")
    assert objects.path(digest).read_bytes() == b"data"
    assert list(objects.all()) == [objects.path(digest)]


def test_results_of_steps(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = result(reads=(("@r", "11"),), findings=(["VN"],), inputs=("aa",), seconds=1.5)
    store.set_made("s", "key 1", first)
    store.set_made("other", "key", result())
    store.close()
    store = Store(tmp_path)
    made = store.made("s")
    assert made is not None
    assert (made.key, made.result) == ("key 1", first)
    assert store.made("none") is None
    assert store.names() == ["other", "s"]
    # What it made before is kept under its key, for each set of what it read.
    second = first._replace(reads=(("@r", "22"),))
    store.set_made("s", "key 1", second)
    store.set_made("s", "key 2", result())
    assert sorted(store.records("key 1")) == sorted([first, second])
    assert list(store.records("key 2")) == []
    store.close()


def test_steps_to_do_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.set_made("s", "key", result())
    store.unset("s")
    store.unset("new")
    store.close()
    store = Store(tmp_path)
    assert sorted(store.unfinished()) == ["new", "s"]
    made = store.made("s")
    assert made is not None
    assert (made.key, made.result) == ("", result())
    assert list(store.records("key")) == [result()]
    store.set_made("s", "key", result())
    store.flush()
    assert store.unfinished() == ["new"]
    store.close()


def test_files_that_no_step_writes_any_more(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.set_made("s", "1", Result((("@a", "", 0), ("build/a", "", 0), ("build/b", "", 0))))
    store.set_made("gone", "1", result("build/c"))
    store.set_made("s", "2", Result((("build/b", "", 0),)))
    store.remove(["gone", "never was"])
    store.close()
    store = Store(tmp_path)
    assert store.stale() == ["build/a", "build/c"]
    assert store.made("gone") is None
    store.clear_stale(store.stale())
    assert store.stale() == []
    store.close()


def test_who_asked(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.asked("rule") is None
    store.set_asked({"rule": {"@a": {"s 1", "s 2"}}, "none": {}})
    assert store.asked("rule") == {"@a": {"s 1", "s 2"}}
    assert store.asked("none") == {}
    store.database().execute("UPDATE asked SET data = x'7b30' WHERE rule = 'rule'")
    assert store.asked("rule") is None
    store.close()


def test_a_row_that_was_altered(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.set_made("s", "key", result())
    store.flush()
    store.database().execute("UPDATE step SET key = 'other'")
    store.close()
    for load in (False, True):
        store = Store(tmp_path)
        if load:
            store.load_all()
        assert store.made("s") is None
        assert store.notes == ["the result of `s` was damaged; it is made again"]
        store.close()


@pytest.mark.parametrize("content", [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    store = Store(tmp_path)
    assert store.trouble
    assert store.empty
    digest = store.put(b"data")
    store.close()
    store = Store(tmp_path)
    assert store.trouble is None
    assert store.get(digest) == b"data"
    store.close()


def test_damage_met_while_reading(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(500):
        store.set_made(f"s{number}", "key", result(f"@{number}" * 20))
    store.close()
    path = tmp_path / FILE
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xa5" * (len(data) - 8192))
    store = Store(tmp_path)
    if store.trouble is None:
        store.put(b"waits to be written")
        with pytest.raises(StoreDamagedError, match="begun anew"):
            store.load_all()
    assert store.trouble
    assert store.empty
    # It can go on being used, and nothing of before is remembered.
    assert store.made("s1") is None
    assert not store.has(digest_of(b"waits to be written"))
    store.set_made("s", "key", result())
    store.close()


def test_a_database_of_another_version(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("DROP TABLE step")
        db.execute("PRAGMA user_version = 99")
    db.close()
    store = Store(tmp_path)
    assert store.trouble is None  # An update is no damage.
    store.set_made("s", "key", result())
    store.close()


def test_bytes_are_kept_and_asked_for_from_many_threads(tmp_path: Path) -> None:
    store = Store(tmp_path)
    wrong: list[int] = []

    def work(first: int) -> None:
        for number in range(first, first + 300):
            digest = store.put(b"%d" % number)
            if number % 7 == 0:
                store.flush()
            if store.get(digest) != b"%d" % number:
                wrong.append(number)

    threads = [Thread(target=work, args=(1000 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    store = Store(tmp_path)
    assert not wrong
    assert all(store.has(digest_of(b"%d" % (1000 * n + i))) for n in range(4) for i in range(300))
    store.close()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path, temporary = tmp_path / "new/folder/file", tmp_path / "tmp"
    temporary.mkdir()
    state = write_file(path, b"one", temporary=temporary)
    assert (state.st_size, state.st_ino) == (3, path.stat().st_ino)
    write_file(path, b"two", 0o444)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o444
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_file(tmp_path / "taken", b"three", temporary=temporary)
    assert not list(temporary.iterdir())
