import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0014_registration_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportWork",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("act", models.CharField(choices=[("check", "look what it would change"), ("load", "load it")], max_length=5, verbose_name="act")),
                ("state", models.CharField(choices=[("waiting", "waiting for a worker"), ("working", "at work"), ("done", "finished"), ("refused", "the file is not right"), ("failed", "failed")], default="waiting", max_length=7, verbose_name="state")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked at")),
                ("expires_at", models.DateTimeField(verbose_name="kept until")),
                ("language", models.CharField(default="nl", max_length=5, verbose_name="language")),
                ("files", models.BinaryField(null=True, verbose_name="what was sent")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="digest of the changes")),
                ("refusal", models.BinaryField(null=True, verbose_name="what is not right")),
                ("done", models.PositiveSmallIntegerField(default=0, verbose_name="sheets gone through")),
                ("of", models.PositiveSmallIntegerField(default=0, verbose_name="sheets")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("made_by", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="made by")),
                ("proposal", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="courses.regionimport", verbose_name="import of a region")),
            ],
            options={
                "verbose_name": "work on an import",
                "verbose_name_plural": "work on imports",
                "ordering": ["-asked_at", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("act__in", ["check", "load"]), ("state__in", ["waiting", "working", "done", "refused", "failed"])), name="courses_import_work_known", violation_error_message="Choose an act and a state from the lists."),
                    models.CheckConstraint(condition=models.Q(("files__isnull", True), models.Q(("act", "check"), ("state__in", ["waiting", "working"])), _connector="OR"), name="courses_import_work_keeps_no_file", violation_error_message="A file is kept until it was checked."),
                ],
            },
        ),
    ]
