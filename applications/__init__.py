"""Certification cases: call, dossier, review, visit, public notice, decision (申报认定)."""
