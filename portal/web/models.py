"""What the shell keeps: the pulse of the recurring jobs, and how often an address may still ask."""

from django.db import models


class Pulse(models.Model):
    """When a job that runs every minute last ran; an old pulse means that beat or the workers stand still."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "作业心跳"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class Allowance(models.Model):
    """The tokens an address has left for one kind of question; it refills with time (token bucket).

    `key` is a keyed hash: who asked cannot be read from it. A row that is full again says nothing and may go.
    """

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
