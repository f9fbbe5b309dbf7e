"""What every room shares: receipts of entries that arrived, and imports from Excel."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class ImportStatus(models.TextChoices):
    READING = "reading", _("being read")
    FAILED = "failed", _("could not be read")
    PREVIEWED = "previewed", _("to be checked")
    QUEUED = "queued", _("being imported")
    APPLIED = "applied", _("imported")
    DISCARDED = "discarded", _("discarded")
    EXPIRED = "expired", _("expired")


class ImportRun(models.Model):
    """A file somebody sent to be imported, from reading to the end; seen by its sender alone.

    `org_unit_id` and `user_id` are numbers, not foreign keys: core knows nobody above it. `subject_id` is what in the
    unit the file is for, where a unit has several lists of a kind (a contest's units); what it counts, the kind knows.
    The file lies under our own name in the files folder until the run ends or expires. `head` holds the rows above the
    data and the headings.
    """

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        ImportStatus.READING: frozenset({ImportStatus.PREVIEWED, ImportStatus.FAILED, ImportStatus.DISCARDED}),
        ImportStatus.FAILED: frozenset({ImportStatus.DISCARDED, ImportStatus.EXPIRED}),
        ImportStatus.PREVIEWED: frozenset(
            {
                ImportStatus.READING,
                ImportStatus.QUEUED,
                ImportStatus.APPLIED,
                ImportStatus.DISCARDED,
                ImportStatus.EXPIRED,
            }
        ),
        ImportStatus.QUEUED: frozenset({ImportStatus.APPLIED, ImportStatus.PREVIEWED, ImportStatus.DISCARDED}),
        ImportStatus.APPLIED: frozenset(),
        ImportStatus.DISCARDED: frozenset(),
        ImportStatus.EXPIRED: frozenset(),
    }

    kind = models.CharField(max_length=40)
    user_id = models.BigIntegerField()
    org_unit_id = models.BigIntegerField()
    subject_id = models.BigIntegerField(null=True)
    file_name = models.CharField(max_length=200)
    stored_name = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.READING)
    signature = models.CharField(max_length=64, blank=True)
    head = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    fault = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import from Excel")
        indexes = [models.Index(fields=["user_id", "kind", "-id"], name="core_import_user")]

    def __str__(self) -> str:
        return self.file_name


class ImportStage(models.TextChoices):
    """What a worker does with the rows of a file, in this order; the last one in both jobs."""

    WAITING = "waiting", _("waiting for its turn")
    READING = "reading", _("reading the rows")
    CHECKING = "checking", _("checking the rows")
    WRITING = "writing", _("writing the rows")


class ImportProgress(models.Model):
    """How far the job of a run is, while it waits or works; there is no row else.

    `run_id` is a number: the row is written beside the transaction that holds the run.
    """

    run_id = models.BigIntegerField(primary_key=True)
    stage = models.CharField(max_length=10, choices=ImportStage)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.stage} {self.done}/{self.total}"

    @property
    def share(self) -> float:
        """How much of the whole job is done, from 0 to 1: its stages weigh the same."""
        steps = [ImportStage.READING, ImportStage.CHECKING, ImportStage.WRITING]
        if self.stage not in steps:
            return 0.0
        return (steps.index(ImportStage(self.stage)) + self.done / (self.total or 1)) / len(steps)


class ImportRow(models.Model):
    """A row of the data of one run: its cells as they were, and how it was judged when last looked at."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    state = models.CharField(max_length=10, blank=True)
    label = models.CharField(max_length=300, blank=True)
    reasons = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    choice = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="core_import_row_once")]
        indexes = [models.Index(fields=["run", "state", "number"], name="core_import_row_state")]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"


class ImportMapping(models.Model):
    """Which column of a file is which of ours, as last confirmed for files with these headings."""

    kind = models.CharField(max_length=40)
    signature = models.CharField(max_length=64)
    columns = models.JSONField()
    changed_by_id = models.BigIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "signature"], name="core_import_mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"
