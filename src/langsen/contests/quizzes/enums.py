"""The words of the question bank and of papers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("one right answer")
    MULTIPLE = "multiple", _("several right answers")


class Difficulty(models.IntegerChoices):
    EASY = 1, _("easy")
    MEDIUM = 2, _("medium")
    HARD = 3, _("hard")


class QuestionStatus(models.TextChoices):
    DRAFT = "draft", _("being written")
    TO_CHECK = "to_check", _("to be checked")
    CHECKED = "checked", _("checked")
    RETIRED = "retired", _("out of use")


class PaperMode(models.TextChoices):
    FIXED = "fixed", _("the same questions for everybody")
    DRAWN = "drawn", _("drawn by category and difficulty")
