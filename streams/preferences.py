"""How a user wants streams, where a request does not say: with text, or signals only."""

from django.contrib.auth.models import User

from streams.conf import stream_settings
from streams.models import Preference
from streams.profiles import Mode


def chosen(user: User) -> Mode | None:
    """Return the mode that the user chose, if any."""
    found = Preference.objects.filter(user=user).values_list("mode", flat=True).first()
    return _mode(found) if found else None


def mode_of(user: User) -> Mode:
    """Return the user's mode, or the installation's."""
    return chosen(user) or _mode(stream_settings().mode)


def _mode(name: str) -> Mode:
    return "signal" if name == "signal" else "inline"


def choose(user: User, mode: Mode) -> None:
    """Keep the user's mode for all streams to come."""
    Preference.objects.update_or_create(user=user, defaults={"mode": mode})
