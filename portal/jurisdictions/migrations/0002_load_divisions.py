from django.db import migrations

from portal.jurisdictions.divisions import load_divisions, read_divisions


def load(apps, schema_editor):
    """The whole country, so that any bureau can start."""
    load_divisions(apps.get_model("jurisdictions", "Jurisdiction"), read_divisions())


class Migration(migrations.Migration):
    dependencies = [("jurisdictions", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
