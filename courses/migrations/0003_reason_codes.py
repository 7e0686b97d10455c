"""The first reason codes. They say why a group does not fit now, nothing clinical."""

from django.db import migrations

CODES = [
    ("own-wish", "Wens van de inwoner", "The resident's own wish"),
    ("group-does-not-fit-now", "Een groep past nu niet", "A group does not fit now"),
    ("language", "Geen groep in een taal die past", "No group in a fitting language"),
    ("access", "Geen groep die bereikbaar is", "No group within reach"),
    ("after-group", "Vervolg op een groep", "Following a group"),
    (
        "past-norm",
        "Te lang gewacht volgens de regio-afspraak",
        "Waited too long by the region's rule",
    ),
]


def add(apps, _schema_editor):
    code_model = apps.get_model("courses", "ReasonCode")
    for code, name_nl, name_en in CODES:
        code_model.objects.get_or_create(
            code=code, defaults={"name_nl": name_nl, "name_en": name_en}
        )


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_copies_and_seats")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
