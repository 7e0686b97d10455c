from django.db import migrations, models
from django.db.models.functions import Coalesce


def count_backwards(apps, _schema_editor):
    """Of the drafts that stand: at which version each change was touched last, as far
    as times tell. The newest has the version of its draft."""
    edits = apps.get_model('scheduling', 'ScheduleEdit').objects
    left = {}
    rows = edits.filter(schedule__state='draft').select_related('schedule')
    for row in rows.order_by(Coalesce('changed_at', 'made_at').desc(), '-number'):
        version = left.get(row.schedule_id, row.schedule.version)
        left[row.schedule_id] = max(0, version - 1)
        row.version = version
        row.save(update_fields=['version'])


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0009_who_came_and_went'),
    ]

    operations = [
        migrations.AddField(
            model_name='scheduleedit',
            name='version',
            field=models.PositiveIntegerField(default=0, verbose_name='version'),
        ),
        migrations.RunPython(count_backwards, migrations.RunPython.noop),
    ]
