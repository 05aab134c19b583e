"""Static files served by the same process, for ASGI."""

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


def _serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
    answer = static_file.get_response(request.method, request.META)
    content = b""
    if answer.file is not None:
        with answer.file:
            content = answer.file.read()
    response = HttpResponse(content, status=int(answer.status))
    del response["content-type"]
    for name, value in answer.headers:
        response[name] = value
    return response


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise without its synchronous bridge, which would take a thread for each request."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: object) -> None:
        super().__init__(get_response)
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.autorefresh:
            static_file = await sync_to_async(self.find_file, thread_sensitive=False)(
                request.path_info
            )
        else:
            static_file = self.files.get(request.path_info)
        if static_file is not None:
            return await sync_to_async(_serve, thread_sensitive=False)(static_file, request)
        response: HttpResponseBase = await self.get_response(request)
        return response
