"""Settings of a server whose own middleware compresses everything, streams as well."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

from project.settings import *  # noqa: F403
from project.settings import MIDDLEWARE


class ForgetEncoding:
    """Takes away the header that keeps GZipMiddleware from compressing a stream."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = await self.get_response(request)
        del response["Content-Encoding"]
        return response


MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "tests.ops.compressing_settings.ForgetEncoding",
    *MIDDLEWARE,
]
