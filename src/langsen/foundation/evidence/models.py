"""Files somebody attached, and the base of the table that joins them to the records of a register."""

from typing import Any, Self, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from langsen.foundation.accounts.models import User
from langsen.foundation.evidence.enums import CONTENT_TYPES, PICTURES, FileFormat


class StoredFile(models.Model):
    """One file as it lies on the disk, under a name of ours. It is deleted when no record refers to it any more.

    A picture was drawn anew without what its camera wrote into it; `source_sha256` is the digest of what was sent.
    A paper is kept byte for byte, so both digests are the same.
    """

    name = models.CharField(_("name of the file"), max_length=200)
    format = models.CharField(_("kind of file"), max_length=4, choices=FileFormat)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=32, unique=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file")

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.format in PICTURES

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]


class EvidenceLink(models.Model):
    """A file attached to one record of a register.

    A register's own table adds the record:

        class SessionEvidence(EvidenceLink):
            record = models.ForeignKey(StudySession, on_delete=models.CASCADE, related_name="evidence")

    The record has `org_unit`: whoever may write there attaches, and the audit event is that unit's.
    """

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    is_signed_paper = models.BooleanField(_("scan of the signed paper"), default=False)
    position = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    # Given by the table of a register; named here for the type checker only.
    record: Any
    record_id: int

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.caption or self.file.name

    @classmethod
    def rows_of(cls, record: Any) -> "models.QuerySet[Self]":
        """Return what is attached to `record`, in order."""
        rows: Any = cls._default_manager
        return cast("models.QuerySet[Self]", rows.filter(record=record).order_by("position", "id"))

    @classmethod
    def refuse_change(cls, record: Any) -> str:  # noqa: ARG003
        """Why nothing may be attached to or taken off `record` now; empty when it may. A register overrides it."""
        return ""
