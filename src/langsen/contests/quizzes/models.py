"""The question bank and the papers of rounds, in the contest store."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.models import Round
from langsen.contests.quizzes.enums import Difficulty, PaperMode, QuestionKind, QuestionStatus

Q = QuestionStatus
MOST_OPTIONS = 10


class Category(models.Model):
    """A heading of the bank of one office (`owner_id`: its key in the register store, no foreign key)."""

    owner_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=900, editable=False)

    class Meta:
        verbose_name = _("category")
        ordering = ["owner_id", "sort_key", "id"]
        constraints = [models.UniqueConstraint(fields=["owner_id", "folded"], name="quizzes_category_once")]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A question of the bank; its wording is the newest `QuestionVersion`. Somebody else than the writer checks it."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        Q.DRAFT: frozenset({Q.TO_CHECK, Q.RETIRED}),
        Q.TO_CHECK: frozenset({Q.CHECKED, Q.DRAFT, Q.RETIRED}),
        Q.CHECKED: frozenset({Q.DRAFT, Q.RETIRED}),
        Q.RETIRED: frozenset({Q.DRAFT}),
    }

    owner_id = models.BigIntegerField(db_index=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="questions")
    status = models.CharField(max_length=8, choices=QuestionStatus, default=QuestionStatus.DRAFT)
    version = models.ForeignKey("QuestionVersion", null=True, on_delete=models.PROTECT, related_name="+")
    folded = models.TextField(editable=False)
    written_by_id = models.BigIntegerField()
    written_by_name = models.CharField(max_length=200)
    checked_by_id = models.BigIntegerField(null=True)
    checked_by_name = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("question")
        ordering = ["-id"]

    def __str__(self) -> str:
        """Its number alone: the log must not give away what a paper will ask."""
        return str(_("question no. %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("quizzes:question", args=[self.pk])

    @property
    def tone(self) -> str:
        return {Q.DRAFT: "idle", Q.TO_CHECK: "warn", Q.CHECKED: "ok", Q.RETIRED: "idle"}[QuestionStatus(self.status)]

    @property
    def org_unit_id(self) -> int:
        return self.owner_id


class QuestionVersion(models.Model):
    """A wording that never changes. `options` is a list of {"text", "right"}; bit i of a mask stands for option i.

    `key` is the mask of the right ones; an answer is right when its mask equals the key.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind)
    text = models.TextField(_("question"))
    options = models.JSONField(_("answers"))
    key = models.PositiveSmallIntegerField()
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), choices=Difficulty, default=Difficulty.MEDIUM)
    theme = models.CharField(_("theme"), max_length=200, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    written_by_id = models.BigIntegerField()
    written_by_name = models.CharField(max_length=200)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["question_id", "number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="quizzes_version_once")]

    def __str__(self) -> str:
        return self.text


class PaperPlan(models.Model):
    """How the papers of a round are made. From `frozen_at` on its pool (`RoundQuestion`) no longer changes."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="paper_plan")
    mode = models.CharField(max_length=5, choices=PaperMode, default=PaperMode.FIXED)
    shuffles_questions = models.BooleanField(_("questions in a different order for everybody"), default=True)
    shuffles_options = models.BooleanField(_("answers in a different order for everybody"), default=True)
    frozen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("paper of a round")

    def __str__(self) -> str:
        return str(self.round)

    @property
    def org_unit_id(self) -> int:
        return self.round.contest.organiser_id


class DrawRule(models.Model):
    """Of a drawn paper: so many questions of a category and difficulty (null: any)."""

    plan = models.ForeignKey(PaperPlan, on_delete=models.CASCADE, related_name="draw_rules")
    position = models.PositiveSmallIntegerField()
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    difficulty = models.PositiveSmallIntegerField(null=True, choices=Difficulty)
    count = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["plan_id", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="quizzes_draw_rule_once")]

    def __str__(self) -> str:
        return f"{self.count} {self.category}"


class RoundQuestion(models.Model):
    """A question in the pool of a round, numbered from 1; `group` is the position of its draw rule (0: fixed).

    `key` is the mask that counts in this round: the version's, until a regrading with a reason gives another.
    `is_void`: the question counts as right for everybody.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    group = models.PositiveSmallIntegerField(default=0)
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    key = models.PositiveSmallIntegerField()
    is_void = models.BooleanField(default=False)

    class Meta:
        ordering = ["round_id", "number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="quizzes_round_question_once")]

    def __str__(self) -> str:
        return str(self.version)
