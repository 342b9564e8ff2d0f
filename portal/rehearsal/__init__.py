"""Histories evaluated, provinces played through, drafts compared."""
