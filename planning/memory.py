"""Memory: Markdown entities with links."""

import re

from django.contrib.auth.models import User
from django.utils.text import slugify

from planning.exceptions import InvalidInput
from planning.models import Entity, EntityLink
from runs.once import free_slug, once
from streams.events import storable

LINK = re.compile(r"\[\[([^\[\]|\n]{1,120})(?:\|[^\[\]\n]{0,200})?\]\]")
LONGEST_TITLE = 200
LONGEST_BODY = 1_000_000


def linked(body: str) -> list[str]:
    """Return the slugs a text links to, each once, in order."""
    slugs = (slugify(match)[:120] for match in LINK.findall(body))
    return list(dict.fromkeys(slug for slug in slugs if slug))


def save_entity(*, title: str, body: str, by: User, idempotency_key: str | None = None) -> Entity:
    """Write a new entity and its links. Raises `InvalidInput`.

    The same key and user give the entity of the first call.
    """
    title, body = " ".join(title.split()), body.strip()
    _check_entity(title, body)

    def make() -> Entity:
        entity = Entity.objects.create(
            slug=free_slug(Entity, title, fallback="entity"),
            title=title,
            body=body,
            created_by=by,
            idempotency_key=idempotency_key or None,
        )
        EntityLink.objects.bulk_create(
            EntityLink(source=entity, target=target) for target in linked(body)
        )
        return entity

    return once(Entity, by, idempotency_key, make)


def _check_entity(title: str, body: str) -> None:
    fields = {}
    if not title:
        fields["title"] = "title must not be empty."
    elif len(title) > LONGEST_TITLE:
        fields["title"] = f"title has {len(title)} characters; at most {LONGEST_TITLE} fit."
    if not body:
        fields["body"] = "body must not be empty."
    elif len(body) > LONGEST_BODY:
        fields["body"] = f"body has {len(body)} characters; at most {LONGEST_BODY} fit."
    for name, value in (("title", title), ("body", body)):
        if storable(value) != value:
            fields[name] = f"{name} must not hold NUL or broken characters."
    if fields:
        raise InvalidInput(fields)
