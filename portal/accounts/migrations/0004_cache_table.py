from django.db import migrations

# The table of Django's database cache: production counts attempts at a second factor in it.
FORWARD = """
CREATE TABLE portal_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX portal_cache_expires ON portal_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_separate_administrators")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE portal_cache")]
