"""The words of the question bank and of papers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("one right answer")
    MULTIPLE = "multiple", _("several right answers")


class Difficulty(models.IntegerChoices):
    EASY = 1, _("easy")
    MEDIUM = 2, _("medium")
    HARD = 3, _("hard")


class QuestionStatus(models.TextChoices):
    DRAFT = "draft", _("being written")
    TO_CHECK = "to_check", pgettext_lazy("question", "to be checked")
    CHECKED = "checked", _("checked")
    RETIRED = "retired", _("out of use")


class PaperMode(models.TextChoices):
    FIXED = "fixed", _("the same questions for everybody")
    DRAWN = "drawn", _("drawn by category and difficulty")


AUDIT_VERBS = {
    "question.added": _("added the question"),
    "question.changed": _("changed the question"),
    "question.sent": _("sent the question to be checked"),
    "question.checked": _("checked the question"),
    "question.returned": _("gave the question back to its writer"),
    "question.retired": _("took the question out of use"),
    "question.restored": _("took the question back into use"),
    "question.read": _("opened the key of a question on a paper not yet over"),
    "question.exported": _("exported the key of a question on a paper not yet over"),
    "category.renamed": _("renamed the category"),
    "paper.planned": _("planned the paper"),
    "paper.questions_picked": _("picked the questions of the paper"),
    "paper.copied": _("copied the plan of the paper"),
    "paper.frozen": _("froze the paper"),
    "paper.sampled": _("looked at samples of a paper not yet over"),
}
