"""What kinds of files are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileFormat(models.TextChoices):
    """The formats kept, named as their usual ending; the words are those of the page."""

    JPEG = "jpg", _("photo")
    PNG = "png", _("picture")
    PDF = "pdf", "PDF"
    WORD = "docx", "Word"
    EXCEL = "xlsx", "Excel"


PICTURES = frozenset({FileFormat.JPEG, FileFormat.PNG})

CONTENT_TYPES: dict[str, str] = {
    FileFormat.JPEG: "image/jpeg",
    FileFormat.PNG: "image/png",
    FileFormat.PDF: "application/pdf",
    FileFormat.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

AUDIT_VERBS = {
    "evidence.attached": _("attached pictures, papers"),
    "evidence.captioned": _("changed the caption of a picture or paper"),
    "evidence.detached": _("took a picture or paper off"),
}
