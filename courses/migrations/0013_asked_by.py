"""Who asked for a link by mail, so that a limit holds for all web processes together."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0012_decision_days'),
    ]

    operations = [
        migrations.AddField(
            model_name='maillink',
            name='asked_by',
            field=models.CharField(blank=True, help_text='A keyed hash of the network address, for the limit of an hour.', max_length=64, verbose_name='asked by'),
        ),
        migrations.AddIndex(
            model_name='maillink',
            index=models.Index(fields=['asked_by', 'made_at'], name='courses_link_asked_by'),
        ),
    ]
