"""The shared cache on real servers: what comes back is right, and what fails costs little."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from engine.proxy import Mood, Proxy
from engine.servers import gcs, s3

from comfyvn.engine.digest import digest_of
from comfyvn.engine.remote import Pack, Patience, SharedCache
from comfyvn.engine.remote.bucket import Bucket, event_loop
from comfyvn.engine.remote.wire import frame
from comfyvn.engine.result import Result

QUICK = Patience(timeout=0.5, lost=1.5, lost_in_all=4.0)
SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))


@pytest.fixture(scope="module")
def s3_server() -> Iterator[Proxy]:
    with s3() as proxy:
        yield proxy


@pytest.fixture(scope="module")
def gcs_server() -> Iterator[Proxy]:
    with gcs() as proxy:
        yield proxy


def place_at(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    name = digest_of(request.node.name.encode())[:12]
    if kind in {"s3", "gs"}:
        request.getfixturevalue({"s3": "s3_server", "gs": "gcs_server"}[kind]).set("pass")
        return f"{kind}://novel/{name}"
    return f"file://{tmp_path}/cache" if kind == "file" else f"memory://{name}"


@pytest.fixture(params=["file", "memory", "s3", "gs"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return place_at(request.param, request, tmp_path)


@pytest.fixture
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A cache for what does not depend on the server; making an S3 client takes a second."""
    return place_at("memory", request, tmp_path)


@pytest.fixture(params=["s3", "gs"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Proxy]:
    """A cache behind a proxy that can be made to fail."""
    url = place_at(request.param, request, tmp_path)
    server = {"s3": "s3_server", "gs": "gcs_server"}[request.param]
    return url, request.getfixturevalue(server)


def made(number: int) -> tuple[str, Result, dict[str, bytes]]:
    """A step's key, result and outputs, different for each number."""
    random_ = random.Random(number)
    blobs = [random_.randbytes(random_.choice([0, 1, 500, 70_000])) + b"a" * number, b"shared"]
    result = Result(
        outputs=tuple((f"out/{i}", digest_of(each), len(each)) for i, each in enumerate(blobs)),
        reads=(("@there", digest_of(b"x")), ("@not", "")),
        seconds=number / 8,
    )
    return digest_of(f"key {number}".encode()), result, {digest_of(each): each for each in blobs}


def readers(blobs: Mapping[str, bytes]) -> dict[str, Callable[[], bytes]]:
    return {digest: (lambda data=data: data) for digest, data in blobs.items()}


def publish(url: str, *numbers: int, **options: Any) -> SharedCache:
    cache = SharedCache(url, "write", **options)
    for number in numbers:
        key, result, blobs = made(number)
        cache.publish(key, result, readers(blobs))
    cache.close()
    return cache


def fetch(cache: SharedCache, number: int) -> dict[str, bytes] | None:
    """Fetch a step's outputs as a build would; None if it has to run the step."""
    key, _, _ = made(number)
    result = cache.fetch(key)
    if result is None:
        return None
    got: dict[str, bytes] = {}
    sizes = {digest: size for _, digest, size in result.outputs}
    return None if cache.fetch_blobs(sizes, got.__setitem__) else got


def on_bucket(url: str, call: Callable[[Bucket], Any]) -> Any:
    """Do something to the objects behind the cache's back."""

    async def run() -> Any:
        return await call(Bucket(url, Patience()))

    return asyncio.run_coroutine_threadsafe(run(), event_loop()).result()


def names(url: str, kind: str) -> list[str]:
    return [
        each.name
        for each in on_bucket(url, lambda bucket: bucket.list())
        if each.name.startswith(kind)
    ]


def overwrite(url: str, name: str, change: Callable[[bytes], bytes]) -> None:
    data = on_bucket(url, lambda bucket: bucket.get(name, 1 << 20))
    on_bucket(url, lambda bucket: bucket.put(name, lambda: change(data), len(data)))


def test_what_is_published_comes_back(url: str) -> None:
    assert publish(url, *range(12)).findings == []
    cache = SharedCache(url)
    for number in range(12):
        key, result, blobs = made(number)
        assert cache.fetch(key) == result
        assert fetch(cache, number) == blobs
    assert cache.fetch(digest_of(b"nobody made this")) is None
    assert cache.findings == []
    keys = [made(number)[0] for number in range(15)]
    assert cache.fetch_many(keys) == {made(number)[0]: made(number)[1] for number in range(12)}
    assert sorted(cache.keys()) == sorted(keys[:12])


def test_equal_outputs_are_stored_once(memory: str) -> None:
    publish(memory, 1, 2, 3)
    blobs = {blob for number in (1, 2, 3) for blob in made(number)[2]}
    assert len(names(memory, "cas/")) == len(blobs)


def test_a_pack_comes_back_whole(url: str) -> None:
    key, result, blobs = made(4)
    small = {digest: data for digest, data in blobs.items() if len(data) < 1000}
    large = {digest: data for digest, data in blobs.items() if len(data) >= 1000}
    writer = SharedCache(url, "write")
    writer.put_pack(digest_of(b"plan"), Pack({key: result}, small), readers(large))
    writer.close()
    reader = SharedCache(url)
    assert reader.get_pack(digest_of(b"plan")) == Pack({key: result}, small)
    assert reader.get_pack(digest_of(b"another plan")) is None
    assert reader.newest_pack() == digest_of(b"plan")
    assert reader.fetch_blobs({d: len(data) for d, data in large.items()}, lambda *_: None) == set()
    assert reader.findings == []


def test_who_reads_never_writes(url: str) -> None:
    cache = SharedCache(url, "read")
    key, result, blobs = made(1)
    cache.publish(key, result, readers(blobs))
    cache.put_pack(key, Pack({}, {}))
    cache.close()
    assert on_bucket(url, lambda bucket: bucket.list()) == []


def test_another_salt_disowns_what_is_there(memory: str) -> None:
    publish(memory, 1)
    publish(memory, 2, salt="2026")
    assert [fetch(SharedCache(memory), n) is None for n in (1, 2)] == [False, True]
    assert [fetch(SharedCache(memory, salt="2026"), n) is None for n in (1, 2)] == [True, False]
    assert SharedCache(memory, salt="2026").keys() == [made(2)[0]]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "turned bit": lambda data: data[:-7] + bytes([data[-7] ^ 4]) + data[-6:],
    "longer": lambda data: data + b"more",
    "another's": lambda data: frame(b"another object"),
}


@pytest.mark.parametrize("kind", ["ac/", "cas/"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_object_is_found_and_mended(memory: str, kind: str, damage: str) -> None:
    publish(memory, 1)
    for name in names(memory, kind):
        overwrite(memory, name, DAMAGES[damage])
    builder = SharedCache(memory, "write")
    assert fetch(builder, 1) is None
    assert [finding.code for finding in builder.findings] == ["VN1121"]
    key, result, blobs = made(1)
    builder.publish(key, result, readers(blobs))
    builder.close()
    after = SharedCache(memory)
    assert fetch(after, 1) == blobs
    assert after.findings == []


def test_a_truncated_record_and_an_empty_output_are_mended(url: str) -> None:
    publish(url, 1)
    overwrite(url, names(url, "ac/")[0], DAMAGES["truncated"])
    builder = publish(url, 1)
    for name in names(url, "cas/"):
        overwrite(url, name, DAMAGES["empty"])
    assert fetch(builder, 1) is None
    key, result, blobs = made(1)
    builder.publish(key, result, readers(blobs))
    builder.close()
    assert fetch(SharedCache(url), 1) == blobs


def test_a_poisoned_output_with_a_sound_frame_is_found(url: str) -> None:
    publish(url, 1)
    for name in names(url, "cas/"):
        overwrite(url, name, lambda data: frame(b"a lie"))
    cache = SharedCache(url)
    assert fetch(cache, 1) is None
    assert [finding.code for finding in cache.findings] == ["VN1121"]


def test_a_record_under_another_key_is_none(memory: str) -> None:
    publish(memory, 1, 2)
    one, two = names(memory, "ac/")
    data = on_bucket(memory, lambda bucket: bucket.get(one, 1 << 20))
    overwrite(memory, two, lambda _: data)
    found = [fetch(SharedCache(memory), number) is not None for number in (1, 2)]
    assert sorted(found) == [False, True]


def test_an_evicted_output_means_the_step_runs_and_mends(url: str) -> None:
    publish(url, 3)
    for name in names(url, "cas/"):
        on_bucket(url, lambda bucket, name=name: bucket.remove(name))
    assert fetch(SharedCache(url), 3) is None
    publish(url, 3)
    assert fetch(SharedCache(url), 3) == made(3)[2]


def test_an_output_that_changed_meanwhile_is_not_published(memory: str) -> None:
    key, result, blobs = made(1)
    cache = SharedCache(memory, "write")
    cache.publish(key, result, {digest: (lambda: b"edited") for digest in blobs})
    cache.close()
    assert names(memory, "ac/") == []
    assert [finding.code for finding in cache.findings] == ["VN1122"]


MOODS: list[Mood] = ["refuse", "hang", "drop", "truncate"]


@pytest.mark.parametrize("mood", MOODS)
def test_a_server_that_fails_is_given_up_soon(served: tuple[str, Proxy], mood: Mood) -> None:
    url, proxy = served
    publish(url, 1)
    proxy.set(mood)
    before = proxy.connections
    cache = SharedCache(url, "write", patience=QUICK)
    for number in range(300):
        assert fetch(cache, number) is None
        key, result, blobs = made(number)
        cache.publish(key, result, readers(blobs))
    cache.close()
    assert cache.off
    assert [finding.code for finding in cache.findings] == ["VN1120"]
    # Nobody asks a server that is off: without that, 300 steps would be thousands of requests.
    assert proxy.connections - before < 200
    proxy.set("pass")
    assert fetch(SharedCache(url), 1) == made(1)[2]


def test_bits_turned_on_the_way_are_found(served: tuple[str, Proxy]) -> None:
    url, proxy = served
    publish(url, *range(5))
    proxy.set("corrupt")
    cache = SharedCache(url, patience=QUICK)
    assert [fetch(cache, number) for number in range(5)] == [None] * 5
    assert cache.findings
    proxy.set("pass")
    assert all(fetch(SharedCache(url), number) == made(number)[2] for number in range(5))


def test_a_server_that_fails_for_a_moment_is_asked_again(served: tuple[str, Proxy]) -> None:
    url, proxy = served
    publish(url, 1, 2)
    cache = SharedCache(url)
    assert fetch(cache, 1) == made(1)[2]
    proxy.set("pass")  # Breaks every open connection off.
    assert fetch(cache, 2) == made(2)[2]
    assert cache.findings == []


def test_uploads_that_wait_when_the_server_goes_are_dropped(served: tuple[str, Proxy]) -> None:
    url, proxy = served
    cache = SharedCache(url, "write", patience=QUICK)
    told: list[tuple[int, int]] = []
    proxy.set("hang")
    for number in range(50):
        key, result, blobs = made(number)
        cache.publish(key, result, readers(blobs))
    cache.close(lambda done, all_: told.append((done, all_)))
    assert told[-1] == (50, 50)
    assert cache.off
    proxy.set("pass")
    assert names(url, "ac/") == []


def test_whatever_a_server_does_nothing_wrong_comes_back(served: tuple[str, Proxy]) -> None:
    url, proxy = served
    seed = random.randrange(1 << 32)
    print("seed", seed)
    random_ = random.Random(seed)
    for _ in range(max(3, round(40 * SCALE))):
        proxy.set(random_.choice(["pass", "pass", "refuse", "drop", "truncate", "corrupt"]))
        cache = SharedCache(url, "write", patience=QUICK)
        for number in random_.sample(range(20), 6):
            got = fetch(cache, number)
            key, result, blobs = made(number)
            assert got is None or got == blobs
            if got is None:
                cache.publish(key, result, readers(blobs))
        cache.close()
    proxy.set("pass")
    cache = SharedCache(url, "write")
    for number in range(20):
        if fetch(cache, number) is None:
            key, result, blobs = made(number)
            cache.publish(key, result, readers(blobs))
    cache.close()
    assert all(fetch(SharedCache(url), number) == made(number)[2] for number in range(20))


@pytest.mark.parametrize("kind", ["s3", "gs"])
def test_a_bucket_that_is_not_there_is_said(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    place_at(kind, request, tmp_path)
    cache = publish(f"{kind}://nobody-made-this", 1)
    assert [finding.code for finding in cache.findings] in (["VN1120"], ["VN1122"])


def test_a_url_that_nothing_opens_is_said() -> None:
    cache = publish("gopher://novel", 1, 2, 3)
    assert fetch(cache, 1) is None
    (finding,) = cache.findings
    assert finding.code == "VN1120"
    assert "gopher" in finding.message


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    cache = publish(f"file://{tmp_path}/cache", 1)
    assert fetch(cache, 1) is None
    assert cache.findings


def test_a_password_in_a_url_is_not_shown() -> None:
    (finding,) = publish("gopher://me:secret@host/novel", 1).findings
    assert "gopher://***@host/novel" in finding.message
    assert "secret" not in finding.message


def test_a_process_that_ends_does_not_wait_for_a_hanging_server(
    s3_server: Proxy,
) -> None:
    s3_server.set("hang")
    script = (
        "from comfyvn.engine.remote import SharedCache\n"
        "from comfyvn.engine.result import Result\n"
        "cache = SharedCache('s3://novel/x', 'write')\n"
        "for n in range(20): cache.publish('%064d' % n, Result(()), {})\n"
        "cache.abandon()\n"
        "print('done')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    s3_server.set("pass")
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_importing_the_cache_imports_nothing_heavy() -> None:
    script = (
        "import sys, comfyvn.engine.remote\n"
        "comfyvn.engine.remote.SharedCache('s3://novel')\n"
        "sys.exit(repr({'fsspec', 's3fs', 'gcsfs', 'aiohttp', 'pyarrow'} & set(sys.modules)) "
        "if {'fsspec', 's3fs', 'gcsfs', 'aiohttp', 'pyarrow'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
