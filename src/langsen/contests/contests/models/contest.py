"""A contest, its rounds, units, prizes and who may not take part: what the rules page is written from."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from langsen.contests.contests.enums import (
    ContestKind,
    ContestStatus,
    Counting,
    Prediction,
    PrizeRank,
    PrizeScope,
    PrizeSubject,
    RankingKey,
    SignUp,
    Stage,
    UnitRanking,
    WholeOrder,
)

TITLE_LENGTH = 300
PERSON_LENGTH = 120
S = ContestStatus


def default_order() -> list[str]:
    """More right answers, then less time, then the earlier submission."""
    return [RankingKey.SCORE.value, RankingKey.DURATION.value, RankingKey.MOMENT.value]


class Contest(models.Model):
    """A contest of one organiser: its rules are these columns, and the rules page is written from them.

    `organiser_id` is the organiser's key in the register store, a number without a foreign key; `organiser_code` and
    `organiser_name` are as they were called when the rules were written. `asks` maps an `AskedField` to the purpose it
    is asked for. `ranking` lists `RankingKey`s in the declared order, right answers first; `whole_order` is how rounds
    are put together, by the rule in force when the contest was begun. Times are moments; the site's zone is
    Asia/Ho_Chi_Minh. From `frozen_at` (the announcement) every change of a rule is a `RuleChange` with a reason.
    """

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        S.DRAFT: frozenset({S.ANNOUNCED, S.CANCELLED}),
        S.ANNOUNCED: frozenset({S.JUDGING, S.CANCELLED}),
        S.JUDGING: frozenset({S.PUBLISHED}),
        S.PUBLISHED: frozenset({S.JUDGING}),  # a wrong key was found: regraded and decided again
        S.CANCELLED: frozenset(),
    }

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=ContestKind, default=ContestKind.QUIZ)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    purpose = models.TextField(_("purpose"), blank=True)
    themes = models.JSONField(_("themes"), default=list, blank=True)
    organiser_id = models.BigIntegerField(db_index=True)
    organiser_code = models.CharField(max_length=40)
    organiser_name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=ContestStatus, default=ContestStatus.DRAFT)

    sign_up = models.CharField(_("sign-up"), max_length=6, choices=SignUp, default=SignUp.OPEN)
    asks = models.JSONField(_("personal details asked for"), default=dict)
    least_age = models.PositiveSmallIntegerField(_("least age"), null=True, blank=True)
    guardian_below = models.PositiveSmallIntegerField(_("a guardian agrees below this age"), default=16)
    attempts_per_round = models.PositiveSmallIntegerField(_("attempts in a round"), null=True, blank=True)
    counting = models.CharField(_("which attempt counts"), max_length=6, choices=Counting, default=Counting.BEST)
    time_limit_seconds = models.PositiveIntegerField(_("time for a paper"), default=600)
    grace_seconds = models.PositiveSmallIntegerField(_("grace for a slow connection"), default=30)
    shows_score = models.BooleanField(_("tells the score at once"), default=True)
    prediction = models.CharField(max_length=20, choices=Prediction, default=Prediction.NONE)
    ranking = models.JSONField(_("order of standings"), default=default_order)
    whole_order = models.CharField(max_length=11, choices=WholeOrder, default=WholeOrder.MORE_ROUNDS, editable=False)
    unit_ranking = models.CharField(
        _("units are ranked by"), max_length=12, choices=UnitRanking, default=UnitRanking.ENTRANTS
    )
    prize_cap_round = models.PositiveSmallIntegerField(_("most prizes for one person in a round"), default=1)
    prize_cap_contest = models.PositiveSmallIntegerField(_("most prizes for one person in all"), null=True, blank=True)
    masks_names = models.BooleanField(_("names are published in part"), default=True)
    watches_signals = models.BooleanField(_("unusual signs are computed"), default=True)
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=7)
    keep_months = models.PositiveSmallIntegerField(_("months personal details are kept"), default=12)
    contact = models.CharField(pgettext_lazy("where people can ask", "contact"), max_length=300, blank=True)

    copied_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="copies")
    frozen_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(max_length=300, blank=True)
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("contest")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contests:contest", args=[self.pk])

    @property
    def org_unit_id(self) -> int:
        """The organiser: its officers may read what the audit trail says of this contest."""
        return self.organiser_id

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def has_results(self) -> bool:
        """Were the results of a round published? Reads the rounds (prefetch `rounds` for lists)."""
        return self.status == ContestStatus.PUBLISHED or any(one.results_published_at for one in self.rounds.all())

    @cached_property
    def has_draws(self) -> bool:
        """Was a draw by lot announced?"""
        return bool(self.draws.exists())

    def stage(self, now: datetime | None = None) -> Stage:
        """What is shown at `now`; reads the rounds (prefetch `rounds` for lists)."""
        if self.status != ContestStatus.ANNOUNCED:
            return Stage(self.status)
        at = now or timezone.now()
        real = [one for one in self.rounds.all() if not one.is_dry_run]
        if any(one.opens_at <= at < one.closes_at for one in real):
            return Stage.OPEN
        if all(one.closes_at <= at for one in real):
            return Stage.CLOSED if real else Stage.SOON
        return Stage.BETWEEN if any(one.closes_at <= at for one in real) else Stage.SOON


class PageVersion(models.Model):
    """How often what public pages tell of a contest has changed: a page kept finished is good for one number only.

    A row of its own, raised by `page_version.raise_page_version` in the transaction of the change: whoever takes
    back a consent never waits for a counting, which holds the contest's row.
    """

    contest = models.OneToOneField(Contest, primary_key=True, on_delete=models.CASCADE, related_name="page_version")
    number = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.number}"


class Round(models.Model):
    """A stretch of time, open from `opens_at` up to and without `closes_at`, with a paper of its own.

    A dry run counts nowhere. `closed_at` is when the closing work was done (predictions measured); `truth` is the
    number that was to be predicted.
    """

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    closed_at = models.DateTimeField(null=True, editable=False)
    truth = models.BigIntegerField(null=True, editable=False)
    results_published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("round")
        ordering = ["contest_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="contests_round_once"),
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="contests_round_times"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def org_unit_id(self) -> int:
        return self.contest.organiser_id


class RuleChange(models.Model):
    """A change of the rules after they were announced, with its reason; everybody may read it."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="rule_changes")
    what = models.CharField(max_length=200)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.CharField(max_length=500)
    changed_at = models.DateTimeField(auto_now_add=True)
    changed_by_id = models.BigIntegerField()
    changed_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.what


class ContestUnit(models.Model):
    """A unit as it was when the list was taken: from the registers, or from a file.

    `compared` is the organisation directly under the organiser in whose name it competes (itself for those).
    `path` reads "Chi bộ ..., Đảng bộ ..."; `source_id` is its key in the register store, null when it came from a file.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="units")
    source_id = models.BigIntegerField(null=True)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=120, blank=True)
    path = models.CharField(max_length=600)
    folded = models.CharField(max_length=800, editable=False)
    sort_key = models.CharField(max_length=900, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    compared = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    head_count = models.PositiveIntegerField(_("head count"), null=True)
    head_count_on = models.DateField(_("day of the head count"), null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("unit of a contest")
        ordering = ["contest_id", "sort_key", "id"]
        constraints = [models.UniqueConstraint(fields=["contest", "code"], name="contests_unit_once")]

    def __str__(self) -> str:
        return self.path


class BarredPerson(models.Model):
    """Somebody who may not take part (organisers, question writers); a sign-up with that name or phone is flagged."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="barred")
    full_name = models.CharField(_("full name"), max_length=PERSON_LENGTH)
    folded = models.CharField(max_length=PERSON_LENGTH, editable=False)
    phone = models.CharField(_("phone"), max_length=15, blank=True)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ["contest_id", "folded", "id"]

    def __str__(self) -> str:
        return self.full_name


class PrizeRule(models.Model):
    """How many prizes of a rank there are for whom, as the rules page declares."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="prize_rules")
    subject = models.CharField(_("for"), max_length=6, choices=PrizeSubject)
    scope = models.CharField(_("scope"), max_length=8, choices=PrizeScope)
    rank = models.CharField(_("rank"), max_length=12, choices=PrizeRank)
    count = models.PositiveSmallIntegerField(_("number of prizes"))
    amount = models.PositiveBigIntegerField(_("amount (đồng)"), default=0)

    class Meta:
        verbose_name = _("prize")
        ordering = ["contest_id", "subject", "scope", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "subject", "scope", "rank"], name="contests_prize_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_rank_display()} ({self.get_subject_display()})"
