"""`comfyvn compute`: the servers of `compute.yaml`, and what is best done where."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfyvn.cli.common import add_project_options, project_at
from comfyvn.cli.parts import add_parts
from comfyvn.cli.reasons import duration
from comfyvn.source.address import shown

if TYPE_CHECKING:
    from comfyvn.drivers.health import Health
    from comfyvn.model.compute import Compute
    from comfyvn.plan.advice import Advice
    from comfyvn.plan.dry_run import OnServers
    from comfyvn.plan.prediction import Prediction

_ADVISORY = "Advisory only: nothing was asked of a server, sent or paid."
_WHERE = {"local": "your own servers", "remote": "remote servers", "cpu": "this machine"}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "compute",
        help="list the servers of compute.yaml with how they are; say what is best done where",
        description="Without a part: `list`. What compute.yaml may say is in docs/compute.md.",
    )
    parts = add_parts(parser)
    listing = parts.add_parser(
        "list",
        help="list the servers: whether they answer, version, memory, queue",
        description="Ask each server that a build would use how it is, for a few seconds at most. "
        "Servers that a build would not use are not asked.",
    )
    advise = parts.add_parser(
        "advise",
        help="say what is best done by your own servers, by remote ones or by this machine",
        description="Say of what a build would render or let speak where it is best done, how "
        "long it would take and what it would cost. Nothing is asked of a server.",
    )
    advise.add_argument("targets", nargs="*", metavar="TARGET", help="as of `comfyvn build`")
    for each in (parser, listing, advise):
        add_project_options(each)
        each.add_argument("--json", action="store_true", help="print one JSON object")
        each.add_argument(
            "--remote", action="store_true", help="use remote servers, where the file asks"
        )
        each.add_argument("--offline", action="store_true", help="ask no server")


def run(args: argparse.Namespace) -> int:
    """Do a part; return 0, 1 (errors, no answer of a server, never built), 2 (no target) or 3."""
    root = project_at(args.directory)
    if root is None:
        return 1
    return _advise(root, args) if args.part == "advise" else _list(root, args)


def _compute(root: Path) -> Compute | None:
    """Return what the file says; None, its errors printed, if there are any."""
    from comfyvn.plan.devices import compute_at
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    compute = compute_at(root, out)
    print_diagnostics(out, root)
    return None if out.has_errors else compute


def _list(root: Path, args: argparse.Namespace) -> int:
    from comfyvn.drivers.health import look_at
    from comfyvn.plan.devices import site_of

    compute = _compute(root)
    if compute is None:
        return 1
    site = site_of(compute, offline=args.offline, remote=args.remote)
    found = look_at(site.compute.servers)
    if args.json:
        print(json.dumps(_listed(compute, found, site.why), ensure_ascii=False))
    elif not compute.servers:
        print("No servers: without any in compute.yaml nothing leaves this machine.")
    else:
        _print_list(compute, found, site.why)
    return 0 if all(each.answers for each in found.values()) else 1


def _listed(compute: Compute, found: dict[str, Health], why: Any) -> dict[str, Any]:
    return {
        "policy": compute.policy,
        "remote": compute.remote,
        "currency": compute.currency,
        "servers": [
            {
                "name": name,
                **server.model_dump(mode="json"),
                "url": shown(server.url),
                "used": name in found,
                "unused": why.get(name, ""),
                "health": found[name]._asdict() if name in found else None,
            }
            for name, server in compute.servers.items()
        ],
    }


def _print_list(compute: Compute, found: dict[str, Health], why: Any) -> None:
    from comfyvn.source.render import plain

    width = max(map(len, compute.servers))
    for name, server in compute.servers.items():
        facts = [" and ".join(server.roles), shown(server.url)]
        if server.speed != 1:
            facts.append(f"speed {server.speed:g}")
        if server.hourly:
            facts.append(f"{server.hourly:g} {compute.currency} an hour")
        print(f"{name:<{width}}  {plain(', '.join(facts))}")
        state = _state(found.get(name), why.get(name, ""), server.vram_gb)
        print(f"{'':<{width}}  {plain(state)}")


def _state(health: Health | None, why: str, told: float | None) -> str:
    if health is None:
        return f"not used: {why}"
    if not health.answers:
        return f"{'DOES NOT ANSWER' if health.silent else 'CANNOT BE USED'}: {health.problem}"
    parts = ["answers", *filter(None, (health.version, health.device))]
    if health.vram_gb is not None:
        memory = f"{health.vram_gb:g} GB"
        if health.vram_free_gb is not None:
            memory += f", {health.vram_free_gb:g} free"
        if told is not None and told > health.vram_gb + 0.5:
            memory += f" (compute.yaml says {told:g})"
        parts.append(memory)
    if health.running is not None:
        queued = health.running + (health.waiting or 0)
        parts.append(f"{queued} in its queue" if queued else "idle")
    return "; ".join(parts)


def _advise(root: Path, args: argparse.Namespace) -> int:
    from comfyvn.cli.common import knows_targets
    from comfyvn.cli.quick import TARGETS
    from comfyvn.engine.experience import Experience
    from comfyvn.engine.manifest import STATE
    from comfyvn.plan.advice import advise
    from comfyvn.plan.dry_run import dry_run
    from comfyvn.plan.outcome import Options

    if not knows_targets(args.targets):
        return 2
    compute = _compute(root)
    if compute is None:
        return 1
    named = TARGETS if "all" in args.targets else tuple(dict.fromkeys(args.targets))
    try:
        told = dry_run(root, Options(remote=args.remote, offline=args.offline), named)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"cannot look: {where}{error.strerror or error}", file=sys.stderr)
        return 3
    if any(stage.steps is None for stage in told.stages):
        print("what there is to do is known after the first build: run `comfyvn build`",
              file=sys.stderr)  # fmt: skip
        return 1
    jobs = list(told.servers.jobs) if told.servers is not None else []
    found = advise(jobs, compute, Experience(root / STATE))
    known = all(stage.known for stage in told.stages)
    if args.json:
        value = {
            "known": known,
            "groups": [each.as_json(compute.currency) for each in found],
            "planned": told.servers.predicted.as_json(compute.currency) if told.servers else None,
            "advisory": True,
        }
        print(json.dumps(value, ensure_ascii=False))
        return 0
    if not found:
        print("Nothing is to be done by a server.")
    for each in found:
        print("\n".join(_advice(each, compute)))
    if told.servers is not None:
        print("\n".join(("", *planned(told.servers))))
    if not known:
        print("The sources changed since the last build; what it knew is what this tells.")
    print(_ADVISORY)
    return 0


def _advice(each: Advice, compute: Compute) -> list[str]:
    needs = [f"`{each.models}`"] if each.models else []
    needs += [f"{each.vram:g} GB"] if each.vram else []
    jobs = "1 job" if each.jobs == 1 else f"{each.jobs} jobs"
    lines = [
        f"{each.rule}: {' with '.join(filter(None, (jobs, ' and '.join(needs))))}",
        f"  best on {_WHERE[each.where]}: {each.reason}",
    ]
    options: Sequence[tuple[str, Prediction | None]] = (
        ("your own servers", each.local),
        ("with remote ones", each.remote),
    )
    for name, found in options:
        if found is not None:
            lines.append(f"  {name}: {took(found, compute.currency)}")
    if each.change:
        lines.append(f"  {each.change}")
    return lines


def took(found: Prediction, currency: str) -> str:
    """Return how long servers take, and for how much."""
    cost = f", {found.cost:.2f} {currency}" if found.cost >= 0.005 else ""
    guess = f"; {found.guessed} of the jobs by guess" if found.guessed else ""
    return f"about {duration(found.seconds)}{cost}{guess}"


def planned(servers: OnServers) -> list[str]:
    """Return what a build would have servers do, for people."""
    found, compute = servers.predicted, servers.compute
    lines = []
    done = len(servers.jobs) - len(found.hopeless)
    if done:
        jobs = "1 job" if done == 1 else f"{done} jobs"
        lines.append(f"On servers: {jobs}, {took(found, compute.currency)}")
        for part in found.parts:
            loads = f"{part.loads} load{'s' if part.loads != 1 else ''} of models"
            cost = f", {part.cost:.2f} {compute.currency}" if part.cost >= 0.005 else ""
            lines.append(f"  {part.device}: {part.jobs}, {loads}, {duration(part.seconds)}{cost}")
    reasons: dict[str, int] = {}
    for why in found.hopeless.values():
        reasons[why] = reasons.get(why, 0) + 1
    for why, count in reasons.items():
        lines.append(f"No server for {count} of the jobs: {why}.")
    if found.hopeless:
        lines += [f"  {name}: {why}" for name, why in servers.unused.items()]
    return lines
