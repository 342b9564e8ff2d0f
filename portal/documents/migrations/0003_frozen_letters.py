from django.db import migrations

# What was issued stays as it was issued, and a number that was given is never given again, whoever asks.
FORWARD = """
CREATE FUNCTION documents_letter_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'letter % is issued: its wording and number cannot change', OLD.reference
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER documents_letter_no_rewording
    BEFORE UPDATE ON documents_letter FOR EACH ROW
    WHEN ((OLD.kind, OLD.series_id, OLD.number, OLD.reference, OLD.title, OLD.addressee, OLD.issuer, OLD.wording,
           OLD.issued_on, OLD.subject_type, OLD.subject_id)
          IS DISTINCT FROM
          (NEW.kind, NEW.series_id, NEW.number, NEW.reference, NEW.title, NEW.addressee, NEW.issuer, NEW.wording,
           NEW.issued_on, NEW.subject_type, NEW.subject_id))
    EXECUTE FUNCTION documents_letter_is_frozen();
CREATE FUNCTION documents_number_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'series %〔%〕 has given number % already', OLD.word, OLD.year, OLD.last_number
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER documents_number_never_back
    BEFORE UPDATE ON documents_letterseries FOR EACH ROW
    WHEN (NEW.last_number < OLD.last_number)
    EXECUTE FUNCTION documents_number_only_grows();
"""
BACKWARD = """
DROP TRIGGER documents_number_never_back ON documents_letterseries;
DROP FUNCTION documents_number_only_grows();
DROP TRIGGER documents_letter_no_rewording ON documents_letter;
DROP FUNCTION documents_letter_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_letters_and_uploads")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
