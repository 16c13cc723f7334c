"""Upkeep of the local store and of a shared cache, and what `comfyvn cache` says and does."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from comfyvn.cli.main import main
from comfyvn.engine import upkeep
from comfyvn.engine.digest import digest_of
from comfyvn.engine.remote import Pack, SharedCache, StoreCache
from comfyvn.engine.remote.bucket import UnavailableError
from comfyvn.engine.remote.health import Patience
from comfyvn.engine.remote.upkeep import GRACE, RemoteUpkeep
from comfyvn.engine.result import Result
from comfyvn.engine.store import Store

DAY = 86_400


def result_of(store: Store, **outputs: bytes) -> Result:
    rows = [(f"@{name}", store.put(data), len(data)) for name, data in sorted(outputs.items())]
    return Result(tuple(rows), seconds=0.5)


def key(text: str) -> str:
    return digest_of(text.encode())


SMALL, LARGE = b"small" * 10, b"large" * 20_000


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose two steps ran twice: `draw` made something large, `read` something small."""
    (tmp_path / "vn.yaml").write_text("format: 1\nid: a\ntitle: A\nstart: s\n")
    store = Store(tmp_path / ".comfyvn")
    store.set_made("draw a", key("draw 1"), result_of(store, a=b"old" + LARGE))
    store.set_made("read b", key("read 1"), result_of(store, b=b"old" + SMALL, c=b"both"))
    store.flush()
    store.set_made("draw a", key("draw 2"), result_of(store, a=LARGE))
    store.set_made("read b", key("read 2"), result_of(store, b=SMALL, c=b"both"))
    store.put(b"nobody refers to this")
    store.close()
    return tmp_path


def opened(project: Path) -> Store:
    return Store(project / ".comfyvn")


def test_stats_counts_by_rule(project: Path) -> None:
    found = upkeep.stats(opened(project))
    assert found.rules == {
        "draw": upkeep.ByRule(1, len(LARGE), 0.5),
        "read": upkeep.ByRule(1, len(SMALL) + 4, 0.5),
    }
    assert (found.records, found.results) == (2, 6)


def test_gc_without_limits_removes_only_what_nothing_refers_to(project: Path) -> None:
    store = opened(project)
    assert upkeep.thin(store) == upkeep.Thinned(0, 1, len(b"nobody refers to this"))
    assert store.get(digest_of(LARGE)) == LARGE
    assert store.get(digest_of(b"old" + LARGE)) == b"old" + LARGE
    assert upkeep.thin(store) == upkeep.Thinned(0, 0, 0)


def test_gc_by_size_never_removes_what_steps_made_last(project: Path) -> None:
    store = opened(project)
    gone = upkeep.thin(store, max_size=0)
    assert gone.records == 2
    assert store.get(digest_of(LARGE)) == LARGE
    assert store.get(digest_of(b"both")) == b"both"
    assert store.get(digest_of(b"old" + LARGE)) is None
    assert list(store.records(key("draw 1"))) == []


def test_gc_by_size_stops_when_enough_is_gone(project: Path) -> None:
    store = opened(project)
    both = len(LARGE) + len(SMALL) + 4
    assert upkeep.thin(store, max_size=both + len(b"old" + SMALL)).records == 1
    assert list(store.records(key("read 1"))) != []


def test_gc_by_age(project: Path) -> None:
    store = opened(project)
    assert upkeep.thin(store, older_than=DAY).records == 0
    store.database().execute("UPDATE record SET at = ?", (int(time.time()) - 2 * DAY,))
    assert upkeep.thin(store, older_than=DAY).records == 2


def test_verify_names_and_removes_what_is_damaged(project: Path) -> None:
    store = opened(project)
    assert upkeep.verify(store) == []
    large, small = digest_of(LARGE), digest_of(SMALL)
    path = store.objects.path(large)
    path.chmod(0o644)
    path.write_bytes(b"other")
    db = store.database()
    db.execute("UPDATE blob SET data = 'other' WHERE digest = ?", (bytes.fromhex(small),))
    db.execute("UPDATE record SET body = body || ' ' WHERE key = ?", (key("draw 1"),))
    db.execute("UPDATE step SET key = ? WHERE name = 'read b'", (key("other"),))
    assert sorted(upkeep.verify(store)) == sorted(
        [
            "the result of `read b`",
            f"a result under the key {key('draw 1')}",
            f"the object {small}",
            f"the object {large}",
        ]
    )
    assert upkeep.verify(store) == []
    assert store.get(large) is None


@pytest.mark.parametrize("what", ["stats", "verify", "gc"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.7, 0.9])
def test_a_store_whose_pages_are_damaged_is_begun_anew_by_what_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], part: float, what: str
) -> None:
    (tmp_path / "vn.yaml").write_text("format: 1\nid: tiny\ntitle: Tiny\nstart: one\n")
    store = Store(tmp_path / ".comfyvn")
    for i in range(300):
        store.set_made(f"read {i}", key(f"read {i}"), result_of(store, a=b"%d" % i * 400))
    store.close()
    file = tmp_path / ".comfyvn/store.db"
    data = bytearray(file.read_bytes())
    at = int(len(data) * part)
    data[at : at + 20_000] = b"\x5a" * 20_000
    file.write_bytes(data)
    code = main(["cache", what, "-C", str(tmp_path)])
    said = capsys.readouterr()
    assert "our mistake" not in said.err
    assert code in {"stats": (0, 3), "verify": (1,), "gc": (0,)}[what]
    if code == 3:
        assert "store.db: it cannot be read (" in said.err
    if what == "verify":
        assert "damaged" in said.out
    main(["cache", "verify", "-C", str(tmp_path)])
    assert main(["cache", "verify", "-C", str(tmp_path)]) == 0


def fill(url: str, **steps: bytes) -> None:
    cache = SharedCache(url, "write")
    for name, data in steps.items():
        result = Result(((f"@{name}", digest_of(data), len(data)),))
        cache.publish(key(name), result, {digest_of(data): lambda data=data: data})
    cache.close()


def age(url: str, pattern: str, seconds: float) -> None:
    then = time.time() - seconds
    for path in Path(url.removeprefix("file://")).glob(f"v1/{pattern}/*/*"):
        os.utime(path, (then, then))


def test_gc_of_a_shared_cache_keeps_what_records_refer_to(tmp_path: Path) -> None:
    url = f"file://{tmp_path}"
    fill(url, one=b"1" * 100, two=b"2" * 100, three=b"1" * 100)
    cache = SharedCache(url, "write")
    cache.put_pack(key("plan"), Pack({key("p"): Result((("@p", digest_of(b"p"), 1),))}, {}))
    cache.close()
    age(url, "*", 2 * DAY)
    found = RemoteUpkeep(url)
    assert found.thin() == (0, 0, 0)
    (tmp_path / "v1/ac" / key("two")[:2] / key("two")).unlink()
    (gone, blobs, _) = found.thin()
    assert (gone, blobs) == (0, 1)
    assert sorted(SharedCache(url).keys()) == sorted([key("one"), key("three")])
    assert found.stats()[:3] == (2, 1, 1)


def test_gc_of_a_shared_cache_spares_what_may_be_on_its_way(tmp_path: Path) -> None:
    url = f"file://{tmp_path}"
    fill(url, one=b"1" * 100)
    (tmp_path / "v1/ac" / key("one")[:2] / key("one")).unlink()
    age(url, "cas", GRACE / 2)
    assert RemoteUpkeep(url).thin() == (0, 0, 0)
    age(url, "cas", GRACE * 2)
    assert RemoteUpkeep(url).thin()[:2] == (0, 1)


def test_gc_of_a_shared_cache_by_age_and_size(tmp_path: Path) -> None:
    url = f"file://{tmp_path}"
    fill(url, new=os.urandom(5000), old=os.urandom(5000))
    age(url, "cas", 3 * DAY)
    path = tmp_path / "v1/ac" / key("old")[:2] / key("old")
    os.utime(path, (0, 0))
    assert RemoteUpkeep(url).thin(max_size=6000)[:2] == (1, 1)
    assert SharedCache(url).keys() == [key("new")]
    assert RemoteUpkeep(url).thin(older_than=DAY)[:2] == (0, 0)
    assert RemoteUpkeep(url).thin(older_than=DAY, now=time.time() + 2 * DAY)[:2] == (1, 1)
    assert RemoteUpkeep(url).stats() == (0, 0, 0, 0)


def test_a_shared_cache_that_is_not_reached_is_not_empty() -> None:
    # Of a site that does not answer, fsspec says that nothing is in it.
    with pytest.raises(UnavailableError):
        RemoteUpkeep("http://127.0.0.1:9/novel", Patience(timeout=1.0, attempts=1)).stats()


def test_verify_of_a_shared_cache_names_what_is_damaged(tmp_path: Path) -> None:
    url = f"file://{tmp_path}"
    fill(url, one=b"1" * 100, two=b"2" * 100)
    assert RemoteUpkeep(url).verify(remove=True) == []
    (wrong,) = (tmp_path / "v1/cas").glob(f"*/{digest_of(b'1' * 100)}-100")
    wrong.write_bytes(wrong.read_bytes()[:-1])
    name = wrong.relative_to(tmp_path / "v1").as_posix()
    assert [each for each, _ in RemoteUpkeep(url).verify(remove=False)] == [name]
    assert wrong.exists()
    assert [each for each, _ in RemoteUpkeep(url).verify(remove=True)] == [name]
    assert not wrong.exists()
    assert RemoteUpkeep(url).verify(remove=True) == []


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cache(project: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        code = main(["cache", words[0], "-C", str(project), *words[1:]])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_stats_for_people_and_for_machines(cache: Run, tmp_path: Path) -> None:
    code, out, _ = cache("stats")
    assert code == 0
    assert "draw" in out
    assert "1 step" in out
    fill(f"file://{tmp_path}/c", one=b"1")
    code, out, _ = cache("stats", "--json", "--cache", f"{tmp_path}/c")
    answer = json.loads(out)
    assert answer["local"]["rules"]["draw"]["steps"] == 1
    assert (answer["shared"]["records"], answer["shared"]["mode"]) == (1, "read")


def test_stats_leave_no_trace(cache: Run, project: Path) -> None:
    def found() -> dict[str, tuple[int, int]]:
        paths = [*(project / ".comfyvn").rglob("*")]
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}

    before = found()
    assert cache("stats")[0] == 0
    assert found() == before


def test_gc_leaves_a_shared_cache_alone_unless_it_may_write(cache: Run, tmp_path: Path) -> None:
    fill(f"file://{tmp_path}/c", one=b"1")
    where = ("--cache", f"{tmp_path}/c", "--older-than", "0s")
    code, _, err = cache("gc", *where)
    assert (code, "only read" in err) == (0, True)
    time.sleep(0.01)
    code, out, _ = cache("gc", *where, "--cache-mode", "write", "--json")
    assert json.loads(out)["shared"]["records"] == 1


def test_verify_fails_when_something_was_damaged(cache: Run, project: Path) -> None:
    assert cache("verify")[:2] == (0, "nothing is damaged\n")
    path = opened(project).objects.path(digest_of(LARGE))
    path.chmod(0o644)
    path.write_bytes(b"other")
    code, out, _ = cache("verify")
    assert (code, digest_of(LARGE) in out) == (1, True)


def test_push_and_pull_carry_a_build_to_another_store(
    cache: Run, project: Path, tmp_path: Path
) -> None:
    store = opened(project)
    store.set_meta("pack", key("plan"))
    store.close()
    where = ("--cache", f"{tmp_path}/c")
    assert cache("push", *where)[0] == 0
    other = tmp_path / "other"
    other.mkdir()
    (other / "vn.yaml").write_bytes((project / "vn.yaml").read_bytes())
    assert main(["cache", "pull", "-q", "-C", str(other), *where]) == 0
    pulled = opened(other)
    assert pulled.get(digest_of(LARGE)) == LARGE
    assert [each.seconds for each in pulled.records(key("read 2"))] == [0.5]
    assert list(pulled.records(key("read 1"))) == []


def test_pull_says_that_it_fetches_everything(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cache", "pull", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "Fetch all that builds elsewhere made, to work without a network afterwards." in said


def test_what_cannot_be_done_is_said(cache: Run, tmp_path: Path) -> None:
    code, _, err = cache("push")
    assert (code, "name one with --cache" in err) == (2, True)
    code, _, err = cache("push", "--offline", "--cache", "s3://novel")
    assert code == 2
    assert "`s3://novel`" in err
    assert "--offline forbids" in err
    assert "name one" not in err
    code, _, err = cache("pull", "--offline")
    assert (code, "name one with --cache" in err) == (2, True)
    code, _, err = cache("stats", "--cache", "gopher://me:secret@host/x")
    assert (code, "gopher" in err, "secret" in err) == (2, True, False)
    assert all(scheme in err for scheme in ("file://", "s3://", "gs://"))
    code, _, err = cache("pull", "--cache", f"{tmp_path}/nowhere")
    assert (code, f"no folder `{tmp_path}/nowhere`" in err) == (1, True)
    (tmp_path / "empty").mkdir()
    assert cache("pull", "--cache", f"{tmp_path}/empty")[0] == 0
    (tmp_path / "file").write_text("x")
    code, _, err = cache("push", "--cache", f"{tmp_path}/file")
    assert code in {0, 3}
    assert main(["cache", "stats", "-C", "/"]) == 1


def test_a_result_with_names_that_are_not_the_steps_is_not_taken(tmp_path: Path) -> None:
    fill("memory://names", one=b"1")
    shared = StoreCache(Store(tmp_path), SharedCache("memory://names"))
    assert shared.fetch(key("one"), lambda name: name == "@two") == []
    assert len(shared.fetch(key("one"), lambda name: name == "@one")) == 1


def test_outputs_that_copy_a_source_do_not_travel(tmp_path: Path) -> None:
    source = tmp_path / "voice.opus"
    source.write_bytes(LARGE)
    sources = {digest_of(LARGE): source}
    mine = Store(tmp_path / "mine")
    made = Result((("build/voice.opus", digest_of(LARGE), len(LARGE)),))
    mine.set_made("copy", key("copy"), made)
    shared = StoreCache(mine, SharedCache("memory://copies", "write"))
    shared.push(key("plan"), ["copy"], tmp_path, sources)
    assert shared.close() == []
    assert RemoteUpkeep("memory://copies").stats()[:3] == (0, 1, 0)
    theirs = Store(tmp_path / "theirs")
    assert StoreCache(theirs, SharedCache("memory://copies")).pull(key("plan"), sources) == 1
    assert theirs.get(digest_of(LARGE)) == LARGE
    bare = Store(tmp_path / "bare")
    assert StoreCache(bare, SharedCache("memory://copies")).pull(key("plan")) == 0
