"""What every room shares: receipts of entries that arrived."""

from django.db import models


class Receipt(models.Model):
    """The answer given to an entry a browser sent with its own id, so that a retry gets it again and does nothing.

    `user_id` is a number, not a foreign key: core knows nobody above it.
    """

    user_id = models.BigIntegerField()
    client_id = models.UUIDField()
    action = models.CharField(max_length=80)
    location = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "client_id"], name="core_receipt_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.client_id}"
