"""The features a room can have, to begin with; a region may add its own."""

from django.db import migrations

FEATURES = [
    ("step-free", "geen drempels of trap", "no steps", True),
    ("accessible-toilet", "toilet voor rolstoelgebruikers", "accessible toilet", True),
    ("lift", "lift", "lift", True),
    ("hearing-loop", "ringleiding", "hearing loop", True),
    ("quiet", "rustige ruimte", "quiet room", True),
    ("private", "gesprekken zijn niet te horen", "talk cannot be overheard", False),
    ("screen", "scherm", "screen", False),
    ("internet", "internet", "internet", False),
    ("kitchen", "keuken", "kitchen", False),
    ("open-floor", "vrije vloer", "open floor", False),
    ("public-transport", "halte dichtbij", "stop nearby", False),
]


def add(apps, _schema_editor):
    feature_model = apps.get_model("rooms", "RoomFeature")
    for code, name_nl, name_en, is_access in FEATURES:
        feature_model.objects.get_or_create(
            code=code,
            defaults={"name_nl": name_nl, "name_en": name_en, "is_access": is_access},
        )


class Migration(migrations.Migration):
    dependencies = [("rooms", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
