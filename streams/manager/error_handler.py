"""What goes wrong for one client stays with that client."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streams.exceptions import StreamError
from streams.manager.types import SSEData, SSEMessage

logger = logging.getLogger(__name__)
HIDDEN = "The server made an error; it has been logged."
Alert = Callable[[str, Exception], None]


def _nobody(client_id: str, error: Exception) -> None:
    return None


class SSEErrorHandler:
    """Keeps an error from spreading, and tells of it: in the log, and to `alert`."""

    def __init__(self, alert: Alert = _nobody) -> None:
        self._alert = alert

    @contextmanager
    def isolated(self, client_id: str, failed: dict[str, str]) -> Iterator[None]:
        """Note an error in `failed` under the client's id, and go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, the other clients are served
            failed[client_id] = self.text(error)
            self._tell(client_id, error)

    def message_for(self, error: Exception) -> SSEMessage:
        """Return what a client may be told of an error: never a traceback, never a secret."""
        return SSEMessage(event="error", data=SSEData(error=self.text(error)))

    def text(self, error: Exception) -> str:
        return str(error) if isinstance(error, StreamError) else HIDDEN

    def _tell(self, client_id: str, error: Exception) -> None:
        expected = isinstance(error, StreamError)
        logger.warning(
            "Client not served client=%s error=%s",
            client_id,
            type(error).__name__,
            exc_info=None if expected else error,
        )
        try:
            self._alert(client_id, error)
        except Exception:
            logger.exception("The alert failed client=%s", client_id)
