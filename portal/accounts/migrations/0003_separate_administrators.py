from django.db import migrations

# 三员分立: a person with one of the three administrators' posts holds no other kind of post on the same day: not
# another administrator's, not a post of case work. The row of the person is locked, so that two confirmations at once
# see each other.
FORWARD = """
CREATE FUNCTION membership_kind(role text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN role IN ('system_admin', 'security_admin', 'audit_admin') THEN role ELSE 'case' END
$$;
CREATE FUNCTION membership_keeps_powers_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed_by_id IS NULL OR NEW.valid_to < NEW.valid_from THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM accounts_membership other
        WHERE other.user_id = NEW.user_id AND other.id IS DISTINCT FROM NEW.id
          AND other.confirmed_by_id IS NOT NULL
          AND membership_kind(other.role) <> membership_kind(NEW.role)
          AND COALESCE(other.valid_to, 'infinity') >= NEW.valid_from
          AND COALESCE(NEW.valid_to, 'infinity') >= other.valid_from
    ) THEN
        RAISE EXCEPTION 'membership_keeps_powers_apart: person % holds a post of another kind', NEW.user_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER membership_keeps_powers_apart BEFORE INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION membership_keeps_powers_apart();
"""
BACKWARD = """
DROP TRIGGER membership_keeps_powers_apart ON accounts_membership;
DROP FUNCTION membership_keeps_powers_apart();
DROP FUNCTION membership_kind(text);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people_in_full")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
