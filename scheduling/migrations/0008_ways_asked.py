from django.db import migrations, models


def _forget_asked(apps, schema_editor):
    """What was found stays in its repairs; before, nobody asked a worker for it."""
    apps.get_model('scheduling', 'PlanningRun').objects.filter(task='repair').delete()
    # What hangs on the rows is looked at now: a table with that to do is not altered.
    schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0007_accepted_in_a_change'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='planningrun',
            name='scheduling_run_asked',
        ),
        migrations.AlterField(
            model_name='planningrun',
            name='task',
            field=models.CharField(choices=[('plan', 'a plan'), ('what_if', 'a plan with other facts'), ('lacks', 'what the plan lacks most'), ('repair', 'ways to mend a published week')], default='plan', max_length=8, verbose_name='task'),
        ),
        migrations.AddConstraint(
            model_name='planningrun',
            constraint=models.CheckConstraint(condition=models.Q(('may_move__in', ['nothing', 'groups', 'centres', 'kinds', 'everything']), ('task__in', ['plan', 'what_if', 'lacks', 'repair'])), name='scheduling_run_asked', violation_error_message='Choose a task and what may move.'),
        ),
        migrations.AddConstraint(
            model_name='planningrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running']), ('task', 'repair')), fields=('changes',), name='scheduling_run_repair_asked_once', violation_error_message='This is being worked out already.'),
        ),
        # Last, so that it is first on the way back.
        migrations.RunPython(migrations.RunPython.noop, _forget_asked),
    ]
