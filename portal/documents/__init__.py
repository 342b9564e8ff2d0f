"""Uploads that are safe to keep and letters that are frozen when issued."""
