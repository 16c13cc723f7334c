"""Writing down that somebody has read a licence's text."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from comfyvn.advisory.snapshots import digest_of_text
from comfyvn.engine.objects import update_file
from comfyvn.model.policy import LICENCES_FOLDER, Acknowledgement
from comfyvn.source.files import read_file


def text_of(root: Path, name: str) -> tuple[str, str]:
    """Return a licence's text and its digest.

    Raises:
        OSError: there is no such text, or it cannot be read.
    """
    data = read_file(root / LICENCES_FOLDER / f"{name}.txt")
    return data.decode("utf-8", "replace"), digest_of_text(data)


def names(root: Path) -> list[str]:
    """Return the names of the texts that there are."""
    return sorted(path.stem for path in (root / LICENCES_FOLDER).glob("*.yaml"))


def acknowledge(root: Path, name: str, entry: Acknowledgement) -> bool:
    """Add an acknowledgement to `licenses/NAME.yaml`, whose comments stay.

    One for another text by the same person is no longer needed: git remembers it.

    Returns:
        Whether the file was changed: not, if it says so already.

    Raises:
        OSError: the file cannot be read or written.
        ValueError: it is no mapping with a list of acknowledgements.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.error import YAMLError

    path = root / LICENCES_FOLDER / f"{name}.yaml"
    yaml = YAML()
    yaml.width = 1000
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise ValueError(f"{path.name} cannot be read: run `comfyvn check`") from error
    if not isinstance(data, CommentedMap):
        raise ValueError(f"{path.name} must have keys with values: run `comfyvn check`")
    known = data.setdefault("acknowledged", CommentedSeq())
    if not isinstance(known, CommentedSeq) or not all(isinstance(one, dict) for one in known):
        raise ValueError(f"`acknowledged` in {path.name} must be a list: run `comfyvn check`")
    if any(one.get("sha256") == entry.sha256 and one.get("by") == entry.by for one in known):
        return False
    for number in reversed(range(len(known))):
        if known[number].get("by") == entry.by:
            del known[number]
    known.append(CommentedMap(entry.model_dump(exclude_none=True)))
    written = StringIO()
    yaml.dump(data, written)
    update_file(path, written.getvalue().encode())
    return True
