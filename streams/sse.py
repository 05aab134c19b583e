"""The wire format of Server-Sent Events, as bytes. Pure functions.

JSON text has no raw line breaks, so each frame has one data line; line ends are LF only.
Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

# No blank line after it: some clients would take that for an empty message.
HEARTBEAT = b": hb\n"
CONTENT_TYPE = "text/event-stream; charset=utf-8"


def seen(id: int) -> bytes:
    """Return what moves a client's cursor and shows it nothing: an id without data."""
    return f"id: {id}\n\n".encode()


def frame(data: str, *, id: int | None = None, event: str = "", retry: int | None = None) -> bytes:
    """Return one frame. `event` must not be `error`: browsers fire `onerror` for that name."""
    if event == "error":
        raise ValueError("An SSE event must not be named 'error'.")
    if "\n" in data or "\r" in data:
        raise ValueError("Frame data must be one line.")
    if not data.isascii():
        # Line ends to Unicode, though not to SSE: clients that split lines by Unicode's rules
        # would cut the frame there. JSON may escape them.
        data = data.replace("\x85", "\\u0085")
        data = data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    lines = []
    if retry is not None:
        lines.append(f"retry: {retry}")
    if id is not None:
        lines.append(f"id: {id}")
    if event:
        lines.append(f"event: {event}")
    lines.append(f"data: {data}")
    return ("\n".join(lines) + "\n\n").encode()
