"""Row-level security on who complains, what the complainant wrote as ciphertext, and the day it was all deleted.

Read by the officers who handle complaints where the base lies, while `portal.handles` names their region; kept (purged,
moved to another key) while `portal.keeps` says so; entered by everybody. Without a setting there is no row: NULL is not
true. FORCE binds the owner of the table too, which is what the portal connects as (docs/decisions/0206).
"""

from django.conf import settings
from django.db import migrations, models

import portal.encryption.fields

WALL = """
ALTER TABLE complaints_complainant ENABLE ROW LEVEL SECURITY;
ALTER TABLE complaints_complainant FORCE ROW LEVEL SECURITY;
CREATE POLICY complainant_handled ON complaints_complainant FOR SELECT
    USING (starts_with(region_code, NULLIF(current_setting('portal.handles', true), '')));
CREATE POLICY complainant_entered ON complaints_complainant FOR INSERT WITH CHECK (true);
CREATE POLICY complainant_kept ON complaints_complainant FOR ALL
    USING (current_setting('portal.keeps', true) = 'identities')
    WITH CHECK (current_setting('portal.keeps', true) = 'identities');
"""
NO_WALL = """
DROP POLICY complainant_kept ON complaints_complainant;
DROP POLICY complainant_entered ON complaints_complainant;
DROP POLICY complainant_handled ON complaints_complainant;
ALTER TABLE complaints_complainant NO FORCE ROW LEVEL SECURITY;
ALTER TABLE complaints_complainant DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("bases", "0002_revocation"),
        ("complaints", "0001_initial"),
        ("documents", "0005_service_of_letters"),
        ("jurisdictions", "0002_load_divisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="complainant", name="complainant_purge"),
        migrations.RemoveField(model_name="complainant", name="purge_on"),
        migrations.AddField(model_name="complaint", name="purged_on", field=models.DateField(null=True)),
        migrations.AlterField(
            model_name="finding",
            name="record",
            field=portal.encryption.fields.EncryptedTextField(verbose_name="核实记录"),
        ),
        migrations.AlterField(
            model_name="findingobjection",
            name="text",
            field=portal.encryption.fields.EncryptedTextField(verbose_name="异议"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(closed_on__isnull=False, purged_on__isnull=True),
                fields=["closed_on"],
                name="complaint_purge",
            ),
        ),
        migrations.RunSQL(WALL, NO_WALL),
    ]
