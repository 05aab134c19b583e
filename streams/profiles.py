"""What a reader gets of an event: its text inline, or only the signal that there is text."""

import json
from typing import Literal, Protocol, get_args

Mode = Literal["inline", "signal"]
MODES: tuple[str, ...] = get_args(Mode)


class Row(Protocol):
    body: str
    has_content: bool
    content: str | None


def text(row: Row, mode: Mode) -> str:
    """Return the JSON text of an event for a profile.

    `data` is the last member of the stored text, so content is added before its two closing
    braces and nothing is parsed again.
    """
    if mode == "signal" or not row.has_content:
        return row.body
    content = json.dumps(row.content or "", ensure_ascii=False)
    return f'{row.body[:-2]},"content":{content}}}}}'
