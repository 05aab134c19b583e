"""How much of a file is read, and the error for a file that is not."""

from dataclasses import dataclass

from agents.exceptions import Permanent


class Unreadable(Permanent):
    """A file that gives no text.

    Codes: unsupported_type, type_mismatch, encrypted, too_large, empty, bad_encoding, corrupt.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is read before a file is refused as too large."""

    bytes: int = 20_000_000
    characters: int = 2_000_000
    pages: int = 500
    rows: int = 20_000
    columns: int = 200
    seconds: float = 20.0


DEFAULT_LIMITS = Limits()
