"""Reading `compute.yaml`, and what can be wrong with it beyond the types of its values."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from comfyvn.model.compute import Compute
from comfyvn.model.validate import validate
from comfyvn.source.address import shown
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Related, Span
from comfyvn.source.nearest import did_you_mean
from comfyvn.source.text import read_text
from comfyvn.source.yaml import load_yaml

if TYPE_CHECKING:
    from comfyvn.source.yaml import Node

FILE = "compute.yaml"
_OURS = (".local", ".lan", ".home", ".internal", ".localhost", ".home.arpa", ".test")
"""Ends of names that mean nothing outside of a house (RFC 6761, 6762, 8375)."""


def read_compute(read: Callable[[str], bytes], out: Diagnostics) -> Compute:
    """Return what `compute.yaml` says, without what is wrong in it; call it only if there is one.

    Args:
        read: reads a file of the project.
        out: where findings go.
    """
    text = read_text(FILE, read, out)
    node = None if text is None else load_yaml(text, FILE, out)
    found = validate(Compute, node, out) if node is not None else None
    if node is None or found is None:
        return Compute()
    _check_use(found, node, out)
    _check_addresses(found, node, out)
    _check_remote(found, node, out)
    return found


def is_local(url: str) -> bool:
    """Whether an address is of this machine or of a network that is one's own."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_OURS)


def _check_use(compute: Compute, node: Node, out: Diagnostics) -> None:
    if compute.use and compute.policy != "manual":
        out.warning(
            "VN1503",
            f"with the policy `{compute.policy}` nobody looks at `use`",
            node.key_at("use"),
            help="write `policy: manual`, or delete it",
        )
    for role, names in compute.use.items():
        able = [name for name, server in compute.servers.items() if role in server.roles]
        for index, name in enumerate(names):
            at = node.at("use", role, index)
            if name not in compute.servers:
                out.error(
                    "VN1501",
                    f"there is no server `{name}`",
                    at,
                    help=did_you_mean(name, able or compute.servers),
                )
            elif name not in able:
                out.error(
                    "VN1502",
                    f"the server `{name}` has not the role `{role}`",
                    at,
                    help=f"add `{role}` to its `roles`, or name another server",
                    related=[Related(node.key_at("servers", name), "the server")],
                )
    if compute.policy == "manual":
        roles = {role for server in compute.servers.values() for role in server.roles}
        for role in sorted(roles - compute.use.keys()):
            at = node.key_at("use") if node.find("use") is not None else node.key_at("policy")
            out.warning(
                "VN1503",
                f"with the policy `manual` no server is used for the role `{role}`",
                at,
                help=f"write who does it: `use: {{{role}: [NAME]}}`",
            )


def _check_addresses(compute: Compute, node: Node, out: Diagnostics) -> None:
    first: dict[str, tuple[str, Span]] = {}
    for name, server in compute.servers.items():
        at = node.at("servers", name, "url")
        try:
            split = urlsplit(server.url)
            host, port = split.hostname, split.port
        except ValueError:
            host = None
        if not host:
            out.error(
                "VN1504",
                f"`{shown(server.url)}` is no address of a server",
                at,
                help="write it as `http://127.0.0.1:8188`",
            )
            continue
        address = f"{host}:{port or (443 if split.scheme == 'https' else 80)}{split.path}"
        other, place = first.setdefault(address.rstrip("/"), (name, at))
        if other != name:
            out.error(
                "VN1504",
                f"`{name}` and `{other}` are one server",
                at,
                help="a server does one job after another: name it once, with all its roles",
                related=[Related(place, "the other one")],
            )
        if (
            not server.remote
            and "remote" not in server.model_fields_set
            and not is_local(server.url)
        ):
            out.error(
                "VN1505",
                f"the address of `{name}` is not one of this house, and nothing says whose it is",
                at,
                help="write `remote: true` for somebody else's server, `remote: false` for one's "
                "own",
            )


def _check_remote(compute: Compute, node: Node, out: Diagnostics) -> None:
    remote = [name for name, server in compute.servers.items() if server.remote]
    if remote and compute.remote == "never":
        out.append(
            Diagnostic(
                "VN1506",
                "note",
                f"nothing is sent to {_listed(remote)}: remote servers are used only if you say so",
                node.key_at("servers", remote[0]),
                help="write `remote: always`, or `remote: ask` and build with --remote",
            )
        )


def _listed(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)
