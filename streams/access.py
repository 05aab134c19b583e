"""Who watches: found before a byte is sent, and looked up again while the stream is open."""

from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.http import HttpRequest
from rest_framework.authtoken.models import Token

from streams import sources


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a request proved its user with, so that it can be proved again.

    Tokens are read from the Authorization header only: an address ends up in logs.
    """

    token: str = ""
    session_key: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Viewer":
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "token":
            return cls(token=token.strip())
        return cls(session_key=request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))

    def user(self) -> User | None:
        """Return the user these credentials are valid for at this moment."""
        if self.token:
            found = Token.objects.select_related("user").filter(key=self.token).first()
            return found.user if found and found.user.is_active else None
        if not self.session_key:
            return None
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.session_key)
        user = get_user(request)
        return user if isinstance(user, User) and user.is_active else None

    def may_still_read(self, stream_id: UUID) -> str:
        """Return why the stream must end: `signed_out`, `forbidden`, or nothing."""
        user = self.user()
        if user is None:
            return "signed_out"
        return "" if sources.source.may_read(user, stream_id) else "forbidden"
