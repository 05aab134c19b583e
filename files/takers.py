"""Who can use which uploaded files.

This package keeps files and knows nothing of what they are for. An app above says what it takes,
once, from the `ready` of its `AppConfig`:

    takers.register(
        Taker(name="data", suffixes=(".csv", ".parquet"), take=data_sets.take)
    )

    def take(upload: Upload) -> Save | None:
        columns = profile(upload.path)          # raises Refused or Unreadable with the reason

        def save() -> None:
            DataFile.objects.create(upload=upload, columns=columns)

        return save

`take` is called when the bytes are on disk (`upload.path`, `size`, `sha256`) but before the row
is: outside of any transaction, because reading a large file takes longer than other writers can
wait. What it returns is called inside the transaction that makes the row, possibly again if that
transaction had to be repeated; an app that has nothing to save returns None.

A file goes to all takers that accept its name. It is kept if at least one takes it, and `uses`
has the names of those who did; it is refused with the first refusal if none does, and with the
suffixes of all takers if none accepts it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

from agents.reading import Unreadable
from files.conf import file_settings
from files.exceptions import Refused
from files.models import Upload

Save = Callable[[], None]


def _any_size() -> int:
    return file_settings().max_upload_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """A use of files. `content_types` decide only about names without a suffix.

    `max_bytes` is asked for each file, and never exceeds the limit on all uploads.
    """

    name: str
    suffixes: tuple[str, ...]  # in lower case, with their dot
    take: Callable[[Upload], Save | None]
    content_types: frozenset[str] = frozenset()
    max_bytes: Callable[[], int] = field(default=_any_size)

    def accepts(self, name: str, content_type: str) -> bool:
        """Whether a file of this name is worth a try."""
        if suffix := PurePath(name).suffix.lower():
            return suffix in self.suffixes
        return content_type.partition(";")[0].strip().lower() in self.content_types

    @property
    def most(self) -> int:
        return min(self.max_bytes(), _any_size())


@dataclass(frozen=True, slots=True)
class Offer:
    """What came of an offer: what each taker saves, and why others did not take the file."""

    saves: dict[str, Save | None]
    refusals: dict[str, Refused]


_takers: dict[str, Taker] = {}


def register(taker: Taker) -> None:
    _takers[taker.name] = taker


def suffixes() -> list[str]:
    """Return the suffixes of all files that somebody takes, for a browser's file dialog."""
    return sorted({suffix for one in _takers.values() for suffix in one.suffixes})


def accepting(name: str, content_type: str, use: str = "") -> list[Taker]:
    """Return the takers to offer a file to; with `use`, that one must be among them.

    Raises `Refused`.
    """
    found = [one for one in _takers.values() if one.accepts(name, content_type)]
    if not found or (use and use not in [one.name for one in found]):
        asked = [_takers[use]] if use else _takers.values()
        known = ", ".join(sorted({suffix for one in asked for suffix in one.suffixes}))
        message = f"{name} is of a type that cannot be used. Upload one of: {known}."
        raise Refused(message, code="unsupported_type")
    return found


def too_large(name: str, size: int, most: int) -> Refused:
    message = f"{name} has {size:,} bytes; at most {most:,} are taken. Split it."
    return Refused(message, code="too_large")


def offer(upload: Upload, takers: Iterable[Taker]) -> Offer:
    """Offer a file to takers, each of which reads it or refuses."""
    found = Offer({}, {})
    for taker in takers:
        try:
            if upload.size > taker.most:
                raise too_large(upload.name, upload.size, taker.most)
            found.saves[taker.name] = taker.take(upload)
        except Refused as refusal:
            found.refusals[taker.name] = refusal
        except Unreadable as error:
            found.refusals[taker.name] = Refused(str(error), code=error.code)
    return found
