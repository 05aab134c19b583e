"""Numbers and lists in sentences."""

from collections.abc import Sequence

MOST_NAMED = 4


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Return `1 row`, `2,000 rows`."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def enumerated(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: the first few, and how many more there are."""
    names = list(dict.fromkeys(names))
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
