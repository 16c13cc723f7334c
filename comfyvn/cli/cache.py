"""`comfyvn cache`: look after the results that builds keep, here and on the shared cache."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from comfyvn.cli.common import add_project_options, project_at, say
from comfyvn.cli.parts import add_parts

if TYPE_CHECKING:
    from comfyvn.engine.remote.stored import StoreCache
    from comfyvn.engine.store import Store
    from comfyvn.plan.shared_cache import CacheSettings

T = TypeVar("T")

PACK = "pack"
"""The name in the store under which a build leaves the name of its pack."""

_SIZES = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_TIMES = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "cache",
        help="look after the results that builds keep",
        description="Look after the results that builds keep in .comfyvn/, and after the shared "
        "cache that --cache, COMFYVN_CACHE or vn.yaml names.",
    )
    parts = add_parts(parser, required=True)
    for name, summary in {
        "stats": "say how much is kept, and by which rules",
        "gc": "remove what no build needs",
        "verify": "look at every byte, remove what is damaged and name it",
        "push": "upload what is worth sharing",
        "pull": "fetch all that builds elsewhere made, to work without a network afterwards",
    }.items():
        each = parts.add_parser(name, help=summary, description=summary.capitalize() + ".")
        add_project_options(each)
        each.add_argument("--cache", metavar="URL", help="the shared cache, s3://… for example")
        each.add_argument(
            "--cache-mode", choices=["read", "write"], help="whether it may be written to"
        )
        each.add_argument("--offline", action="store_true", help="leave the network alone")
        each.add_argument("--json", action="store_true", help="print one JSON object")
        if name == "gc":
            each.add_argument(
                "--max-size",
                type=parse_size,
                metavar="SIZE",
                help="remove the oldest results of before until at most so much is left: 500M, 2G",
            )
            each.add_argument(
                "--older-than",
                type=parse_time,
                metavar="TIME",
                help="remove results of before that are older: 12h, 30d, 8w",
            )


def run(args: argparse.Namespace) -> int:
    """Do it.

    Returns:
        0, 1 (something was damaged, no project, nothing to pull from), 2 (usage) or 3 (it failed).
    """
    from comfyvn.engine.manifest import STATE
    from comfyvn.engine.remote.bucket import UnavailableError
    from comfyvn.source.address import shown

    root = project_at(args.directory)
    if root is None:
        return 1
    try:
        settings = _settings(args, root)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if settings is None and args.part in {"push", "pull"}:
        print(_no_cache(args, root), file=sys.stderr)
        return 2
    try:
        return _COMMANDS[args.part](args, root / STATE, settings)
    except UnavailableError as error:
        where = shown(settings.url) if settings else ""
        print(f"the shared cache `{where}` does not answer: {error}", file=sys.stderr)
        return 3
    except BrokenPipeError:
        raise  # It is not the project that cannot be written.
    except OSError as error:
        print(f"{error.filename or root}: {error.strerror or error}", file=sys.stderr)
        return 3


def parse_size(text: str) -> int:
    """Return bytes: `4096`, `500M`, `2G`.

    Raises:
        argparse.ArgumentTypeError: it is no size.
    """
    match = re.fullmatch(r"(\d{1,12})([KMGT]?)(?:i?B)?", text, re.IGNORECASE)
    if match is None:
        raise argparse.ArgumentTypeError(f"`{text}` is no size; write 500M or 2G")
    return int(match[1]) * _SIZES[match[2].upper()]


def parse_time(text: str) -> int:
    """Return seconds: `90s`, `12h`, `30d`.

    Raises:
        argparse.ArgumentTypeError: it is no time.
    """
    match = re.fullmatch(r"(\d{1,9})([smhdw])", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"`{text}` is no time; write 12h, 30d or 8w")
    return int(match[1]) * _TIMES[match[2]]


def _settings(args: argparse.Namespace, root: Path) -> CacheSettings | None:
    from comfyvn.plan.shared_cache import check_scheme

    chosen = _chosen(args, root, offline=args.offline)
    if chosen is not None:
        check_scheme(chosen.url)
    return chosen


def _chosen(args: argparse.Namespace, root: Path, *, offline: bool) -> CacheSettings | None:
    from comfyvn.plan.shared_cache import choose_cache, project_cache

    return choose_cache(
        root,
        project_cache(root),
        os.environ,
        url=args.cache,
        mode=args.cache_mode,
        offline=offline,
    )


def _no_cache(args: argparse.Namespace, root: Path) -> str:
    """Return why there is no shared cache to push to or to pull from."""
    from comfyvn.source.address import shown

    named = _chosen(args, root, offline=False)
    if named is None:
        return "no shared cache: name one with --cache or in vn.yaml"
    return f"the shared cache `{shown(named.url)}` is over a network, which --offline forbids"


def _stats(args: argparse.Namespace, state: Path, settings: CacheSettings | None) -> int:
    from comfyvn.engine.upkeep import stats
    from comfyvn.source.address import shown

    local = _viewing(state, stats)
    answer: dict[str, Any] = {"local": None, "shared": None}
    if local is not None:
        answer["local"] = {
            **local._asdict(),
            "rules": {name: by._asdict() for name, by in local.rules.items()},
        }
    if settings is not None:
        from comfyvn.engine.remote.upkeep import RemoteUpkeep

        answer["shared"] = {
            "url": shown(settings.url),
            "mode": settings.mode,
            **RemoteUpkeep(settings.url).stats()._asdict(),
        }
    if args.json:
        print(json.dumps(answer))
        return 0
    if local is None:
        print("nothing is kept here: no build was made")
    else:
        print(
            f"here: {_size(local.size)} in {_count(local.results, 'object')}; "
            f"{_count(local.records, 'result')} of before"
        )
        wide = max(map(len, local.rules), default=0)
        for name, (steps, size, seconds) in local.rules.items():
            print(
                f"  {name:<{wide}} {_count(steps, 'step'):>12} {_size(size):>10} {seconds:8.1f} s"
            )
    if shared := answer["shared"]:
        print(
            f"{shared['url']} ({shared['mode']}): {_size(shared['size'])}; "
            f"{_count(shared['records'], 'result')}, {_count(shared['packs'], 'pack')}, "
            f"{_count(shared['blobs'], 'object')}"
        )
    return 0


def _gc(args: argparse.Namespace, state: Path, settings: CacheSettings | None) -> int:
    from comfyvn.engine.upkeep import thin

    limits = {"max_size": args.max_size, "older_than": args.older_than}
    local = _writing(state, lambda store: thin(store, **limits))
    answer: dict[str, Any] = {"local": local._asdict() if local else None, "shared": None}
    if settings is not None and settings.mode == "write":
        from comfyvn.engine.remote.upkeep import RemoteUpkeep

        answer["shared"] = RemoteUpkeep(settings.url).thin(**limits)._asdict()
    if args.json:
        print(json.dumps(answer))
        return 0
    for where, gone in answer.items():
        if gone is not None:
            objects = gone["results" if where == "local" else "blobs"]
            print(
                f"{'here' if where == 'local' else 'shared'}: removed "
                f"{_count(gone['records'], 'result')} and {_count(objects, 'object')}, "
                f"{_size(gone['size'])}"
            )
    if settings is not None and settings.mode != "write":
        say(args, "the shared cache is only read; --cache-mode write lets gc remove from it")
    return 0


def _verify(args: argparse.Namespace, state: Path, settings: CacheSettings | None) -> int:
    from comfyvn.engine.upkeep import verify

    def look(store: Store) -> list[str]:
        begun_anew = [f"store.db ({store.trouble})"] if store.trouble else []
        return begun_anew + verify(store)

    local = _writing(state, look, tells=False) or []
    shared: list[tuple[str, str]] = []
    if settings is not None:
        from comfyvn.engine.remote.upkeep import RemoteUpkeep

        shared = RemoteUpkeep(settings.url).verify(remove=settings.mode == "write")
    if args.json:
        print(json.dumps({"local": local, "shared": [list(each) for each in shared]}))
    else:
        for name in local:
            print(f"here: {name} was damaged; removed")
        removed = "removed" if settings is not None and settings.mode == "write" else "still there"
        for name, wrong in shared:
            print(f"shared: {name}: {wrong}; {removed}")
        if not local and not shared:
            print("nothing is damaged")
    return 1 if local or shared else 0


def _push(args: argparse.Namespace, state: Path, settings: CacheSettings | None) -> int:
    from comfyvn.engine.remote.stored import StoreCache
    from comfyvn.engine.upkeep import last_results
    from comfyvn.plan.rules import read_rules
    from comfyvn.source.diagnostics import Diagnostics

    assert settings is not None
    cache = settings._replace(mode="write").open()
    rules = read_rules(state.parent, Diagnostics()).declared

    def push(store: Store) -> int:
        shared = StoreCache(store, cache)
        for step, made in last_results(store):
            rule = rules.get(step.partition(" ")[0])
            if rule is not None and rule.rule.cache == "shared":
                shared.publish(made.key, made.result)
        if name := store.meta(PACK):
            shared.push(name, store.names(), state.parent)
        return _finish(args, shared)

    code = _writing(state, push) or 0
    traffic = cache.traffic
    return _report(
        args,
        code,
        {"published": traffic.published, "sent": traffic.sent},
        f"uploaded {_count(traffic.published, 'result')}, {_size(traffic.sent)}",
    )


def _pull(args: argparse.Namespace, state: Path, settings: CacheSettings | None) -> int:
    from comfyvn.engine.remote.stored import StoreCache

    assert settings is not None
    if settings.folder is not None and not settings.folder.is_dir():
        print(
            f"nothing to fetch: there is no folder `{settings.folder}`; `comfyvn cache push`, or a "
            "build with --cache-mode write, makes it",
            file=sys.stderr,
        )
        return 1
    cache = settings.open()
    fetched = 0

    def pull(store: Store) -> int:
        nonlocal fetched
        shared = StoreCache(store, cache)
        fetched = shared.pull_all()
        return _finish(args, shared)

    state.mkdir(exist_ok=True)
    code = _writing(state, pull, begin=True) or 0
    received = cache.traffic.received
    return _report(
        args,
        code,
        {"fetched": fetched, "received": received},
        f"fetched {_count(fetched, 'result')}, {_size(received)}",
    )


def _finish(args: argparse.Namespace, shared: StoreCache) -> int:
    """Wait for uploads; say what went wrong; return the exit code."""
    try:
        findings = shared.close(_progress(args))
    except KeyboardInterrupt:
        shared.abandon()
        raise
    for finding in findings:
        print(f"warning[{finding.code}]: {finding.message}", file=sys.stderr)
    return 3 if findings else 0


def _progress(args: argparse.Namespace) -> Callable[[int, int], None] | None:
    if args.quiet or not sys.stderr.isatty():
        return None

    def show(done: int, all_: int) -> None:
        end = "\n" if done == all_ else ""
        print(f"\ruploaded {done} of {all_}", end=end, file=sys.stderr, flush=True)

    return show


def _report(args: argparse.Namespace, code: int, answer: dict[str, int], text: str) -> int:
    if args.json:
        print(json.dumps(answer))
    else:
        say(args, text)
    return code


def _viewing(state: Path, work: Callable[[Store], T]) -> T | None:
    """Ask the local store something, beside a build and without a trace; None if there is none.

    Raises:
        OSError: it cannot be read.
    """
    from comfyvn.engine.again import StoreDamagedError
    from comfyvn.engine.store_file import FILE
    from comfyvn.engine.store_view import StoreView

    if not (state / FILE).exists():
        return None
    store = StoreView(state)
    try:
        if store.trouble is None:
            with store.watched():
                return work(store)
    except StoreDamagedError:
        pass
    finally:
        store.close()
    raise OSError(None, f"it cannot be read ({store.trouble})", str(state / FILE))


def _writing(
    state: Path, work: Callable[[Store], T], *, begin: bool = False, tells: bool = True
) -> T | None:
    """Do something with the local store while no build does; None if there is no store.

    A store that was damaged is begun anew, and `tells` so.
    """
    from comfyvn.engine.again import StoreDamagedError
    from comfyvn.engine.build_lock import BuildLock
    from comfyvn.engine.store import Store
    from comfyvn.engine.store_file import FILE

    if not begin and not (state / FILE).exists():
        return None
    with BuildLock(state, lambda other: print(f"waiting for process {other}", file=sys.stderr)):
        store = Store(state)
        try:
            try:
                with store.watched():
                    done = work(store)
            except StoreDamagedError:
                done = work(store)
            if store.trouble and tells:
                what = f"`{state.name}/{FILE}` was damaged ({store.trouble})"
                print(f"{what}; it was begun anew", file=sys.stderr)
            return done
        finally:
            store.close()


def _size(size: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


_COMMANDS = {"stats": _stats, "gc": _gc, "verify": _verify, "push": _push, "pull": _pull}
