from django.db import migrations, models

BEFORE = ['leader_ill', 'room_lost', 'centre_closed']
NOW = [*BEFORE, 'holiday', 'resident_joined', 'resident_left']


def _forget_new(apps, schema_editor):
    """Before, nobody could report these: what was found for them goes, and so does the
    asking. Drafts and releases stay, with the runs that hold their facts."""
    Repair = apps.get_model('scheduling', 'Repair')
    Repair.objects.exclude(kind__in=BEFORE).delete()
    asked = apps.get_model('scheduling', 'PlanningRun').objects.filter(task='repair')
    for kind in NOW:
        if kind not in BEFORE:
            asked.filter(changes__contains=[{'kind': kind}]).delete()
    # What hangs on the rows is looked at now: a table with that to do is not altered.
    schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0008_ways_asked'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='repair',
            name='scheduling_repair_known',
        ),
        migrations.AlterField(
            model_name='repair',
            name='kind',
            field=models.CharField(choices=[('leader_ill', 'a leader is ill'), ('room_lost', 'a room cannot be used'), ('centre_closed', 'a centre is shut'), ('holiday', 'a holiday was forgotten'), ('resident_joined', 'a resident came in'), ('resident_left', 'a resident left')], max_length=15, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='repair',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', NOW)), name='scheduling_repair_known', violation_error_message='Choose a kind from the list.'),
        ),
        # Last, so that it is first on the way back.
        migrations.RunPython(migrations.RunPython.noop, _forget_new),
    ]
