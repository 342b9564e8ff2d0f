"""Makers of records for tests; traits are named as states."""
