"""Words of papers: layouts, states of a reserved number, and the verbs of the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Layout(models.TextChoices):
    PARTY = "party", _("layout of Party documents")
    STATE = "state", _("layout of State documents")


class NumberStatus(models.TextChoices):
    """A number once taken is never given again: one that was not used stays as a gap with its reason."""

    RESERVED = "reserved", _("reserved")
    VOID = "void", _("not used")


AUDIT_VERBS = {
    "paper_head.saved": _("set the head of documents"),
    "paper_head.ended": _("ended a head of documents"),
    "letterhead.uploaded": _("put an own letterhead file in use"),
    "letterhead.ended": _("ended the use of an own letterhead file"),
    "number_book.opened": _("opened a book of document numbers"),
    "number.reserved": _("reserved a document number"),
    "number.voided": _("marked a document number as not used"),
}
