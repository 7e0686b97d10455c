import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0014_registration_once"),
        ("publishing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangedGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.JSONField(blank=True, default=dict, verbose_name="before")),
                ("now", models.JSONField(blank=True, default=dict, verbose_name="after")),
                ("sessions", models.JSONField(blank=True, default=dict, verbose_name="sessions")),
                ("people", models.PositiveIntegerField(default=0, verbose_name="people in it")),
                ("release", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="changed_groups", to="publishing.release", verbose_name="release")),
                ("series", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="courses.series", verbose_name="series")),
            ],
            options={
                "verbose_name": "group changed by a release",
                "verbose_name_plural": "groups changed by a release",
                "ordering": ["release", "pk"],
                "constraints": [models.UniqueConstraint(fields=("release", "series"), name="publishing_changed_group_once", violation_error_message="This release has that group already.")],
            },
        ),
        migrations.CreateModel(
            name="ChangedSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("choices_was", models.JSONField(blank=True, default=list, verbose_name="choices before")),
                ("choices_now", models.JSONField(blank=True, default=list, verbose_name="choices after")),
                ("now", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.enrolment", verbose_name="seat after")),
                ("registration", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.registration", verbose_name="registration")),
                ("release", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="changed_seats", to="publishing.release", verbose_name="release")),
                ("was", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.enrolment", verbose_name="seat before")),
            ],
            options={
                "verbose_name": "seat changed by a release",
                "verbose_name_plural": "seats changed by a release",
                "ordering": ["release", "pk"],
                "constraints": [models.UniqueConstraint(fields=("release", "registration"), name="publishing_changed_seat_once", violation_error_message="This release has that seat already.")],
            },
        ),
    ]
