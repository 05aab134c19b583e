"""What a plan or a strategy is to read: copies of entities and of files' texts."""

from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import User

from agents.plans import Document
from planning.conf import LONGEST_GOAL, MOST_DOCUMENTS
from planning.documents import is_kept
from planning.exceptions import UnknownDocument
from planning.models import Attachment, Entity, ReadText
from streams.events import storable

MEMORY_READ = 20  # the newest entities that are read where no documents are named
Read = TypeVar("Read", bound=ReadText)


def errors(goal: str, documents: Sequence[str], what: str = "plan") -> dict[str, str]:
    """Return what is wrong with a goal, and with a list of documents' names."""
    fields = {}
    if not goal.strip():
        fields["goal"] = f"goal is required: say what the {what} is to achieve."
    elif len(goal) > LONGEST_GOAL:
        fields["goal"] = f"goal has {len(goal)} characters; at most {LONGEST_GOAL} fit."
    elif storable(goal) != goal:
        fields["goal"] = "goal must not hold NUL or broken characters."
    if len(documents) > MOST_DOCUMENTS:
        fields["documents"] = f"documents may name at most {MOST_DOCUMENTS}."
    return fields


def chosen(make: type[Read], by: User, names: Sequence[str]) -> list[Read]:
    """Copy the documents named, by entity slugs, file ids or file slugs, into rows not yet saved.

    Without names, those of the user's newest memory. Raises `UnknownDocument`.
    """
    if not names:
        own = Entity.objects.originals().filter(created_by=by).order_by("-updated_at")
        return [_from_entity(make, entity) for entity in own[:MEMORY_READ]]
    named = [_document(make, by, name) for name in dict.fromkeys(names)]
    found: list[Read] = []
    taken: set[str] = set()
    for document in {(one.entity_id, one.attachment_id): one for one in named}.values():
        while document.name in taken:  # a file and an entity may be called the same
            document.name = f"file-{document.name}"[:120]
        taken.add(document.name)
        found.append(document)
    return found


def _document(make: type[Read], by: User, name: str) -> Read:
    if storable(name) != name:
        raise UnknownDocument(storable(name)[:100])
    attachments = Attachment.objects.filter(upload__created_by=by).select_related("upload")
    try:
        attachment = attachments.filter(pk=UUID(name)).first()
    except ValueError:
        entity = Entity.objects.visible_to(by).filter(slug=name).first()
        if entity is not None:
            return _from_entity(make, entity)
        attachment = attachments.filter(upload__slug=name).first()
    if attachment is None:
        raise UnknownDocument(name[:100], is_kept=is_kept(by, name))
    return make(
        name=attachment.slug,
        title=attachment.upload.name,
        kind="file",
        attachment=attachment,
        text=attachment.text,
    )


def _from_entity(make: type[Read], entity: Entity) -> Read:
    return make(
        name=entity.slug, title=entity.title, kind="entity", entity=entity, text=entity.body
    )


def as_given(rows: Iterable[ReadText]) -> tuple[Document, ...]:
    """Return the documents as engines take them."""
    return tuple(
        Document(id=one.name, title=one.title, kind=one.kind, text=one.text)  # type: ignore[arg-type]
        for one in rows
    )
