"""What the shell keeps: how often an address may still ask."""

from django.db import models


class Allowance(models.Model):
    """The tokens an address has left for one kind of question; it refills with time (token bucket).

    `key` is a keyed hash: who asked cannot be read from it. A row that is full again says nothing and may go.
    """

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
