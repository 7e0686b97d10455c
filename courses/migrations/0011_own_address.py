"""A link by mail that proves a new address of a person."""

import django.db.models.deletion
from django.db import migrations, models


def forget(apps, _schema_editor):
    """Going back: a link that proves an address has no place there, and lapses soon."""
    apps.get_model("courses", "MailLink").objects.filter(purpose="address").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0010_imports'),
        ('people', '0008_retention_and_checks'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='maillink',
            name='courses_link_one_thing',
        ),
        migrations.AddField(
            model_name='maillink',
            name='person',
            field=models.ForeignKey(blank=True, help_text='Whose new address it is.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person', verbose_name='person'),
        ),
        migrations.AlterField(
            model_name='maillink',
            name='purpose',
            field=models.CharField(choices=[('join', 'to take part'), ('sign_in', 'to sign in'), ('address', 'to prove a new address')], max_length=10, verbose_name='purpose'),
        ),
        migrations.AddConstraint(
            model_name='maillink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('offering', None), ('person', None), ('purpose', 'sign_in'), ('series', None)), models.Q(('offering', None), ('person', None), ('purpose', 'join'), ('series__isnull', False)), models.Q(('offering__isnull', False), ('person', None), ('purpose', 'join'), ('series', None)), models.Q(('offering', None), ('person__isnull', False), ('purpose', 'address'), ('series', None)), _connector='OR'), name='courses_link_one_thing', violation_error_message='A link is to sign in, to join one group or offering, or to prove an address.'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget, elidable=True),
    ]
