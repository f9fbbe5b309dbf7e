"""Who did what, when, to which record: kept as text, chained by seals, never changed."""

from django.db import models


class AuditSeal(models.Model):
    """A link of the chain: the hash of the previous seal and of every event between `first_id` and `last_id`.

    Written by the sealer alone, about once a second, so that recording never waits for another transaction.
    """

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.first_id}–{self.last_id} {self.digest[:12]}"


class AuditEvent(models.Model):
    """One thing done. Actor, object and unit are kept as they were called then; no foreign key points upwards.

    `digest` is the SHA-256 of the event's own content. `seal` is set once, by the sealer; a trigger refuses every
    other change.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(max_length=300)
    unit_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    seal = models.ForeignKey(AuditSeal, null=True, on_delete=models.PROTECT, related_name="events")

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_object"),
            models.Index(fields=["unit_id", "-id"], name="audit_unit"),
            models.Index(fields=["id"], name="audit_unsealed", condition=models.Q(seal=None)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.object_label}"
