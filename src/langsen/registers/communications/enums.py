"""Kinds and states of communication outputs."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OutputKind(models.TextChoices):
    COLUMN = "column", _("column or programme")
    ARTICLE = "article", _("news item or article")
    BOOK = "book", _("book or document")
    FANPAGE = "fanpage", _("fanpage post")
    PANEL = "panel", _("panel or slogan")
    OTHER = "other", pgettext_lazy("communication output", "other")


class OutputStatus(models.TextChoices):
    RECORDED = "recorded", _("recorded")
    CANCELLED = "cancelled", _("cancelled")


AUDIT_VERBS = {
    "output.recorded": _("recorded the communication output"),
    "output.changed": _("changed the communication output"),
    "output.cancelled": _("cancelled the communication output"),
    "output.restored": _("took the cancellation of the communication output back"),
}
