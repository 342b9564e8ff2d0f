"""Fill the calendar from the shipped file: official 2004 to 2026, 2027 estimated."""

from django.db import migrations

from portal.deadlines.holidays import HOLIDAYS, read_holidays


def load(apps, schema_editor):
    day = apps.get_model("deadlines", "CalendarDay")
    day.objects.bulk_create(
        day(date=row.date, kind=row.kind, name=row.name, status=row.status, source=row.source)
        for row in read_holidays(HOLIDAYS)
    )


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
