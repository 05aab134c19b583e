"""Give each attachment an upload with the same id and file: the bytes stay where they are."""

from django.db import migrations
from django.db.models import F

BATCH = 200
MOVED = (
    'id', 'slug', 'name', 'content_type', 'size', 'sha256', 'file', 'created_by_id',
    'idempotency_key', 'created_at',
)


def move(apps, schema_editor):
    database = schema_editor.connection.alias
    Attachment = apps.get_model('planning', 'Attachment')
    Upload = apps.get_model('files', 'Upload')
    # Without their texts, which may be long, and which stay.
    rows = Attachment.objects.using(database).filter(upload=None).order_by('pk').values(*MOVED)
    uploads = (Upload(uses=['document'], **row) for row in rows.iterator(chunk_size=BATCH))
    Upload.objects.using(database).bulk_create(uploads, batch_size=BATCH)
    Attachment.objects.using(database).filter(upload=None).update(upload=F('id'))


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('planning', '0002_attachment_upload'),
    ]

    operations = [migrations.RunPython(move)]
