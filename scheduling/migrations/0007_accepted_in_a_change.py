import django.db.models.deletion
from django.db import migrations, models


def forget_doubles(apps, _schema_editor):
    """On the way back: the former table has a breach once, whenever it was."""
    seen = set()
    for row in apps.get_model("scheduling", "AcceptedViolation").objects.order_by("pk"):
        key = (row.schedule_id, row.rule, str(row.about))
        if key in seen:
            row.delete()
        seen.add(key)


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0006_steps'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='acceptedviolation',
            name='scheduling_violation_accepted_once',
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_doubles),
        migrations.AddField(
            model_name='acceptedviolation',
            name='edit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='accepted_violations', to='scheduling.scheduleedit', verbose_name='change by hand'),
        ),
        migrations.AddField(
            model_name='acceptedviolation',
            name='facts',
            field=models.JSONField(blank=True, default=list, verbose_name='numbers'),
        ),
        migrations.AddField(
            model_name='acceptedviolation',
            name='slot',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='quarter of an hour'),
        ),
        migrations.AddConstraint(
            model_name='acceptedviolation',
            constraint=models.UniqueConstraint(fields=('schedule', 'edit', 'rule', 'about', 'slot', 'facts'), name='scheduling_violation_accepted_once', nulls_distinct=False, violation_error_message='This violation was already accepted.'),
        ),
    ]
