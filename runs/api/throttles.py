"""Rate limits for each user."""

from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from streams import counters


class PerUser(SimpleRateThrottle):
    """All requests of a user, and more narrowly those that start work.

    A view names its narrower limit for POST as `post_limit`.
    """

    scope = "requests"

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method == "POST" and (limit := getattr(view, "post_limit", "")):
            self.scope = limit
        self.rate = self.get_rate()
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return bool(super().allow_request(request, view))

    def throttle_failure(self) -> bool:
        counters.limited.add(self.scope)
        return bool(super().throttle_failure())

    def get_cache_key(self, request: Request, view: Any) -> str:
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return f"throttle-{self.scope}-{who}"


class Runs(SimpleRateThrottle):
    """The limit on starting work, for views that are no REST framework views."""

    scope = "runs"

    def wait_for(self, user_id: int) -> float | None:
        """Count a start; return the seconds to wait if it is one too many."""
        most, seconds = self.parse_rate(self.rate)
        if most is None or seconds is None:
            return None
        key = f"throttle-{self.scope}-{user_id}"
        now = self.timer()
        recent = [moment for moment in cache.get(key, []) if moment > now - seconds]
        if len(recent) >= most:
            counters.limited.add(self.scope)
            return float(recent[-1] + seconds - now)
        cache.set(key, [now, *recent], seconds)
        return None
