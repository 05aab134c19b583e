"""Who may read `/metrics`, from a serving process and from a worker."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from project import metrics as figures
from runs import vital_signs
from runs.vital_signs import Answer
from streams.access import Viewer
from streams.pool import pooled

SCHEME = "Bearer"


def is_scraper(authorization: str) -> bool:
    """Whether a header proves the installation's own token for metrics, if it has one."""
    scheme, _, given = authorization.partition(" ")
    token: str = settings.METRICS_TOKEN
    is_it = hmac.compare_digest(given.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == SCHEME.lower() and is_it


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures: to whom has the token, and to staff by session or own token."""
    authorization = request.headers.get("Authorization", "")
    if not is_scraper(authorization):
        user = Viewer.of(request).user()
        if user is None:
            hint = "Sign in as staff, or send Authorization: Bearer and CAIRN_METRICS_TOKEN."
            response = _refusal(401, "not_authenticated", hint)
            response["WWW-Authenticate"] = SCHEME
            return response
        if not user.is_staff:
            return _refusal(403, "forbidden", "Only staff may read the metrics.")
    body, content_type = figures.text(request.headers.get("Accept", ""))
    return HttpResponse(body, content_type=content_type)


def _refusal(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


async def _of_worker(authorization: str) -> Answer:
    """Answer for a worker, which has no sessions: to whom has the token alone."""
    if not is_scraper(authorization):
        hint = b'{"error": "Send Authorization: Bearer and CAIRN_METRICS_TOKEN."}'
        return Answer(401, hint)
    body, content_type = await pooled(figures.text)("")
    return Answer(200, body, content_type)


def connect() -> None:
    vital_signs.connect("/metrics", _of_worker)
