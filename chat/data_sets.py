"""Data sets: which files belong together, where they lie, and demonstration data."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from agents.data_model import DataFile
from chat import uploads
from chat.exceptions import InvalidMessage
from chat.models import ChatSession, DataSet
from files.models import Upload

DEMO_FOLDER = Path(__file__).resolve().parent / "demo_data"


def demos() -> dict[str, list[Path]]:
    """Return the demonstration data sets by name: each folder of `demo_data` is one."""
    folders = sorted(one for one in DEMO_FOLDER.iterdir() if one.is_dir())
    return {
        folder.name: sorted(one for one in folder.iterdir() if one.suffix not in (".md", ".txt"))
        for folder in folders
    }


def demo_files(name: str) -> list[DataFile]:
    """Return the files of a demonstration data set. Raises `InvalidMessage`."""
    known = demos()
    if name not in known:
        message = f"There is no demonstration data {name!r}; choose one of: {', '.join(known)}."
        raise InvalidMessage({"demo": message})
    return [
        DataFile(path=str(one), name=one.name, sha256=_digest(one.read_bytes()))
        for one in known[name]
    ]


def upload_files(found: Sequence[Upload]) -> list[DataFile]:
    """Return the uploads that are data, as files to profile."""
    return [
        DataFile(path=str(one.path), name=one.name, sha256=one.sha256)
        for one in found
        if uploads.USE in one.uses
    ]


def of_files(files: Sequence[DataFile], name: str, engine: str) -> DataSet:
    """Return the data set that an engine makes of these files, known or new."""
    contents = sorted((one.name, one.sha256) for one in files)
    key = _digest(json.dumps([engine, contents]).encode())
    found, _ = DataSet.objects.get_or_create(key=key, defaults={"name": name[:200]})
    return found


def files_of(session: ChatSession) -> list[DataFile]:
    """Return a session's data files."""
    if session.demo:
        return demo_files(session.demo)
    return upload_files(list(session.uploads.order_by("created_at", "pk")))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
