"""The text of messages, joined from the log's chunks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from streams.models import MessageChunk


@dataclass(slots=True)
class Text:
    text: str = ""
    sequence: int = 0  # of the last chunk


def of(message_ids: Sequence[UUID]) -> dict[UUID, Text]:
    """Return the text of each message as far as it is written; one read for all of them."""
    found = {message_id: Text() for message_id in message_ids}
    pieces: dict[UUID, list[str]] = {message_id: [] for message_id in message_ids}
    chunks = (
        MessageChunk.objects.filter(message_id__in=message_ids)
        .order_by("message_id", "sequence")
        .values_list("message_id", "sequence", "text")
    )
    for message_id, sequence, text in chunks.iterator():
        pieces[message_id].append(text)
        found[message_id].sequence = sequence
    for message_id, parts in pieces.items():
        found[message_id].text = "".join(parts)
    return found
