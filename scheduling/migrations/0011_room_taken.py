from django.db import migrations, models

NEW = 'room_taken'


def _forget_new(apps, schema_editor):
    """Before, nobody could ask this: what was found for it goes, and so does the
    asking. Drafts and releases stay, with the runs that hold their facts."""
    apps.get_model('scheduling', 'Repair').objects.filter(kind=NEW).delete()
    asked = apps.get_model('scheduling', 'PlanningRun').objects.filter(task='repair')
    asked.filter(changes__contains=[{'kind': NEW}]).delete()
    # What hangs on the rows is looked at now: a table with that to do is not altered.
    schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0010_edit_versions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='repair',
            name='scheduling_repair_known',
        ),
        migrations.AlterField(
            model_name='repair',
            name='kind',
            field=models.CharField(choices=[('leader_ill', 'a leader is ill'), ('room_lost', 'a room cannot be used'), ('room_taken', 'a room is taken or shut'), ('centre_closed', 'a centre is shut'), ('holiday', 'a holiday was forgotten'), ('resident_joined', 'a resident came in'), ('resident_left', 'a resident left')], max_length=15, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='repair',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['leader_ill', 'room_lost', 'room_taken', 'centre_closed', 'holiday', 'resident_joined', 'resident_left'])), name='scheduling_repair_known', violation_error_message='Choose a kind from the list.'),
        ),
        # Last, so that it is first on the way back.
        migrations.RunPython(migrations.RunPython.noop, _forget_new),
    ]
