"""Settings from the environment, each read once and checked: a wrong value stops the start."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no setting; anything that is neither is an error, not a no."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no; use 1 or 0.")


def number(name: str, default: float, *, least: float = 0) -> float:
    value = os.environ.get(name)
    if value is None or not value.strip():
        return default
    try:
        parsed = float(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a number.") from None
    if parsed < least:
        raise ImproperlyConfigured(f"{name}={value!r} must be at least {least:g}.")
    return parsed


def maybe(name: str) -> float | None:
    """Return a number, or None if it is not set."""
    return number(name, 0) if os.environ.get(name, "").strip() else None


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = number(name, default, least=least)
    if value != int(value):
        raise ImproperlyConfigured(f"{name}={value:g} must be a whole number.")
    return int(value)


def words(name: str, default: list[str]) -> list[str]:
    """Return a list written with commas."""
    value = os.environ.get(name)
    if value is None:
        return default
    return [word.strip() for word in value.split(",") if word.strip()]


def places(name: str) -> dict[str, str]:
    """Return where objects are, by name: `module:object,other=module:object`."""
    found: dict[str, str] = {}
    for word in words(name, []):
        before, _, place = word.rpartition("=")
        key = (before or place.rpartition(":")[2].rpartition(".")[2]).strip()
        if key in found:
            raise ImproperlyConfigured(f"{name} names {key} twice; write other={place} instead.")
        found[key] = place.strip()
    return found


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = os.environ.get(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} must be one of {', '.join(allowed)}.")
    return value


def secret_key(name: str, path: Path) -> str:
    """Return the secret key from the environment, else from `path`, which is made if it is new.

    The file keeps sessions valid over restarts without anyone choosing a key; two processes that
    start at once agree on it, because only one can create the file.
    """
    value = os.environ.get(name)
    if value:
        return value
    try:
        return _kept_key(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} cannot be read or made ({error.strerror}): free some disk space, make the "
            f"folder writable, or set {name}."
        ) from error


def _kept_key(path: Path) -> str:
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    try:
        draft.write_text(secrets.token_urlsafe(50))
        os.link(draft, path)  # fails if the file is there: the first writer wins, whole
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
