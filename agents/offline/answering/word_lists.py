"""Lists of words as text, which is how people can read them."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())
