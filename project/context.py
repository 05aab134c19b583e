"""What every template knows."""

from django.http import HttpRequest

from streams.conf import stream_settings


def streaming(request: HttpRequest) -> dict[str, str]:
    """Tell how this installation wants its pages to follow streams."""
    return {"stream_transport": stream_settings().transport}
