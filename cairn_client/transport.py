"""What both drivers do alike with httpx: addresses, headers, failures."""

from collections.abc import Mapping
from typing import Any

import httpx

from cairn_client.steps import Failure, Request

CONNECT = 10.0  # seconds to connect
ANSWER = 30.0  # seconds without a byte before an ordinary request has failed


def checked(base_url: str, token: str) -> tuple[str, dict[str, str]]:
    """Return where requests go and what they carry. Raises `ValueError`."""
    if not base_url.startswith(("http://", "https://")):
        raise ValueError(f"The address must begin with http:// or https://, not {base_url!r}.")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("The token must be one word of printable characters.")
    headers = {"Authorization": f"Token {token}", "User-Agent": "cairn-client"}
    return f"{base_url.rstrip('/')}/api/v1/", headers


def arguments(
    request: Request, base: str, headers: Mapping[str, str], *, patience: float = ANSWER
) -> dict[str, Any]:
    """Return what httpx is given to send a request."""
    sent: dict[str, Any] = {
        "method": request.method,
        "url": base + request.path,
        "params": dict(request.params) or None,
        "headers": {"Accept": "application/json", **headers, **request.headers},
        "timeout": httpx.Timeout(patience, connect=CONNECT),
    }
    if request.json is not None:
        sent["json"] = request.json
    if request.file is not None:
        request.file[1].seek(0)  # it may have been sent before
        sent["files"] = {"file": request.file}
    return sent


def failure(error: httpx.TransportError) -> Failure:
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Failure("unsent", reason)
    if isinstance(error, httpx.ReadTimeout):
        return Failure("silent", "nothing came for too long")
    return Failure("broken", reason)
