"""The pulse of the recurring jobs: one row that a worker touches every minute because beat told it to."""

from django.db import models


class Pulse(models.Model):
    """When a job that runs every minute last ran; an old pulse means that beat or the workers stand still."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "作业心跳"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
