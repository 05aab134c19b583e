"""Pieces of text of many runs, written together: a few statements for all that have gathered.

Text is what most events bring, and each run has one piece on its way at most. Each piece is
fenced as every other write of a worker.
"""

from collections.abc import Sequence

from runs.lease import Lease, held
from streams import log
from streams.events import ContentDelta
from streams.exceptions import Fenced

Piece = tuple[Lease, ContentDelta]


def write(pieces: Sequence[Piece]) -> list[BaseException | None]:
    """Append each piece to its run's stream; return why one was not, or None, for each."""
    mine = held([lease for lease, _ in pieces])
    outcomes: list[BaseException | None] = [
        None
        if (lease.run_id, lease.fence) in mine
        else Fenced(f"Run {lease.run_id} is no longer held.")
        for lease, _ in pieces
    ]
    places = [number for number, outcome in enumerate(outcomes) if outcome is None]
    told = [pieces[number] for number in places]
    refusals = log.append_each([(lease.stream_id, lease.run_id, delta) for lease, delta in told])
    for number, refusal in zip(places, refusals, strict=True):
        outcomes[number] = refusal
    return outcomes
