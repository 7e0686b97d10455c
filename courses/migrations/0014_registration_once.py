"""The mark of the form that asked for somebody: sent twice, it is one registration."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('courses', '0013_asked_by'),
    ]

    operations = [
        migrations.AddField(
            model_name='registration',
            name='once',
            field=models.UUIDField(blank=True, editable=False, null=True, verbose_name='mark of the form'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(fields=('made_by', 'once'), name='courses_registration_form_once', violation_error_message='This form was sent already.'),
        ),
    ]
