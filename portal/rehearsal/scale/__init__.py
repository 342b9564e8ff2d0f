"""Believable data at any size, and what it costs to show it."""
