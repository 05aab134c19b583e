"""Errors raised by the event log.

StreamError
    StreamClosed      the stream has ended, or does not exist
    Fenced            the writer no longer owns what it writes
"""


class StreamError(Exception):
    """Something is wrong with a stream or with a call about one."""


class StreamClosed(StreamError):
    """Nothing can be appended: the stream has had its last event, or does not exist."""


class Fenced(StreamError):
    """The writer lost its right to write; all it wrote in this transaction is rolled back."""
