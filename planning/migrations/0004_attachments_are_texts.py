import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0003_move_attachments_to_uploads'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='attachment',
            options={},
        ),
        migrations.RemoveConstraint(
            model_name='attachment',
            name='planning_attachment_one_for_a_key',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='content_type',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='created_at',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='created_by',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='file',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='idempotency_key',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='name',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='sha256',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='size',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='slug',
        ),
        migrations.AlterField(
            model_name='attachment',
            name='upload',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='attachment', to='files.upload'),
        ),
        migrations.AlterField(
            model_name='plandocument',
            name='attachment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='planning.attachment'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('id', models.F('upload'))), name='planning_attachment_has_the_id_of_its_upload'),
        ),
    ]
