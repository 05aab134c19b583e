"""Keep the log out of the way of people who read something else."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Log warnings and errors alone, unless CAIRN_LOG_LEVEL asks for something else."""
    root = logging.getLogger()
    before = root.level
    if "CAIRN_LOG_LEVEL" not in os.environ:
        root.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.setLevel(before)
