"""Draws, prizes, regradings and published bundles, in the contest store."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.models import Contest, ContestUnit, Entrant, PrizeRule, Round
from langsen.contests.results.enums import AppealStatus, PrizeStatus
from langsen.foundation.core.text import day_text


class Draw(models.Model):
    """A draw by lot anyone can re-compute (RFC 3797), among those still tied on the last place of a prize.

    Announced before its numbers exist: `listed` (public numbers, in order) with `list_digest`, and `sources`, the
    public numbers that will be used with the day they come out. `numbers` and `transcript` are filled afterwards.
    """

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="draws")
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="draws")
    prize_rule = models.ForeignKey(PrizeRule, null=True, on_delete=models.PROTECT, related_name="draws")
    title = models.CharField(max_length=200)
    places = models.PositiveIntegerField()
    listed = models.JSONField()
    list_digest = models.CharField(max_length=64)
    sources = models.JSONField()
    announced_at = models.DateTimeField()
    numbers = models.JSONField(null=True)
    transcript = models.JSONField(null=True)
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("draw by lot")
        ordering = ["-announced_at", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def sources_in_words(self) -> str:
        """The public numbers and the day on which each comes out, as pages show them."""
        return "; ".join(f"{one['name']} ({day_text(date.fromisoformat(one['day']))})" for one in self.sources)

    @property
    def org_unit_id(self) -> int:
        return self.contest.organiser_id


class PrizeAward(models.Model):
    """A prize proposed by rule for an entrant or a unit, decided by the jury with recorded grounds."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        PrizeStatus.PROPOSED: frozenset({PrizeStatus.DECIDED, PrizeStatus.PASSED_OVER}),
        PrizeStatus.PASSED_OVER: frozenset({PrizeStatus.PROPOSED}),
        PrizeStatus.DECIDED: frozenset({PrizeStatus.WITHDRAWN, PrizeStatus.PAID}),
        PrizeStatus.PAID: frozenset(),
        PrizeStatus.WITHDRAWN: frozenset({PrizeStatus.PROPOSED}),
    }

    prize_rule = models.ForeignKey(PrizeRule, on_delete=models.PROTECT, related_name="awards")
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="prize_awards")
    place = models.PositiveSmallIntegerField()
    entrant = models.ForeignKey(Entrant, null=True, on_delete=models.PROTECT, related_name="prizes")
    unit = models.ForeignKey(ContestUnit, null=True, on_delete=models.PROTECT, related_name="prizes")
    status = models.CharField(max_length=11, choices=PrizeStatus, default=PrizeStatus.PROPOSED)
    grounds = models.CharField(max_length=500)
    decided_on = models.DateField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_reason = models.CharField(max_length=500, blank=True)
    proposed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("contest prize")
        ordering = ["prize_rule_id", "round_id", "place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(entrant=None) ^ models.Q(unit=None), name="results_prize_for_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.prize_rule)

    @property
    def org_unit_id(self) -> int:
        return self.prize_rule.contest.organiser_id


class Regrading(models.Model):
    """A key that was wrong: the old and new mask, why, and what changed; everybody may read it.

    `effect` lists, before and after, the standings that changed: [[public number, correct before, after], ...].
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="regradings")
    question_number = models.PositiveSmallIntegerField()
    key_before = models.PositiveSmallIntegerField()
    key_after = models.PositiveSmallIntegerField()
    voids = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    effect = models.JSONField(default=list)
    appeal_until = models.DateField()
    regraded_at = models.DateTimeField(auto_now_add=True)
    regraded_by_id = models.BigIntegerField()
    regraded_by_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("regrading")
        ordering = ["-regraded_at", "-id"]

    def __str__(self) -> str:
        return self.reason

    @property
    def org_unit_id(self) -> int:
        return self.round.contest.organiser_id


class Appeal(models.Model):
    """What an entrant asks to have looked at again, and the answer."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        AppealStatus.OPEN: frozenset({AppealStatus.ACCEPTED, AppealStatus.ANSWERED}),
        AppealStatus.ACCEPTED: frozenset(),
        AppealStatus.ANSWERED: frozenset(),
    }

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="appeals")
    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="appeals")
    text = models.TextField(max_length=2000)
    status = models.CharField(max_length=8, choices=AppealStatus, default=AppealStatus.OPEN)
    answer = models.TextField(max_length=2000, blank=True)
    raised_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("appeal")
        ordering = ["-raised_at", "-id"]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def org_unit_id(self) -> int:
        return self.contest.organiser_id


class ResultBundle(models.Model):
    """A published bundle from which anyone re-computes standings, prizes and draws; the newest one stands."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="bundles")
    version = models.PositiveSmallIntegerField()
    stored_name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["contest_id", "-version"]
        constraints = [models.UniqueConstraint(fields=["contest", "version"], name="results_bundle_once")]

    def __str__(self) -> str:
        return f"{self.contest} ({self.version})"


class Publication(models.Model):
    """An organiser's word that the results of a contest be published, and what came of it; the work is a job's.

    Open until `ended_at`. Then it has the bundle that was made, or a `fault` in words and nothing was published.
    """

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="publications")
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by_id = models.BigIntegerField()
    asked_by_name = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    bundle = models.OneToOneField(ResultBundle, null=True, on_delete=models.PROTECT, related_name="publication")
    fault = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["contest_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest"], condition=models.Q(ended_at=None), name="results_publication_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest}: {self.asked_at:%d/%m/%Y}"

    @property
    def org_unit_id(self) -> int:
        return self.contest.organiser_id


class ItemFigure(models.Model):
    """Item analysis of one question in one round, made by a job after the round closed."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="item_figures")
    question_number = models.PositiveSmallIntegerField()
    values = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["round_id", "question_number"]
        constraints = [models.UniqueConstraint(fields=["round", "question_number"], name="results_item_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.question_number}"


class ContestStanding(models.Model):
    """An entrant in the whole contest: counted results, papers and keys of its closed rounds added up.

    `key1`..`key5` are what `Contest.whole_order` compares, smaller is better; what it does not use is 0. Made anew by
    the closing work and by a regrading, never per page view; the index is the ranking itself.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="standings")
    entrant = models.ForeignKey(Entrant, on_delete=models.CASCADE, related_name="+")
    rounds = models.PositiveSmallIntegerField(default=0)
    submitted = models.PositiveIntegerField()
    all_correct = models.PositiveIntegerField()
    correct = models.IntegerField()
    is_phone = models.BooleanField()
    key1 = models.BigIntegerField()
    key2 = models.BigIntegerField()
    key3 = models.BigIntegerField()
    key4 = models.BigIntegerField()
    key5 = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contest", "entrant"], name="results_contest_standing_once")]
        indexes = [
            models.Index(
                fields=["contest", "key1", "key2", "key3", "key4", "key5", "entrant"],
                name="results_contest_standing_rank",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}/{self.entrant_id}"


class PageMark(models.Model):
    """Where a page of a ranking begins (`round` null: the whole contest): the keys and entrant of its first row.

    `before` rows stand before it, whoever they are. Made with the totals, so that page ten thousand is found as fast
    as page one; between two countings of a round under way a page is what lies between its mark and the next one.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="page_marks")
    round = models.ForeignKey(Round, null=True, on_delete=models.CASCADE, related_name="page_marks")
    before = models.PositiveIntegerField()
    key1 = models.BigIntegerField()
    key2 = models.BigIntegerField()
    key3 = models.BigIntegerField()
    key4 = models.BigIntegerField()
    key5 = models.BigIntegerField(default=0)
    first = models.BigIntegerField()

    class Meta:
        ordering = ["contest_id", "round_id", "before"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "round", "before"], name="results_page_mark_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(
                fields=["contest", "round", "key1", "key2", "key3", "key4", "key5"], name="results_page_mark_keys"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}/{self.round_id}: {self.before}"


class AgeBand(models.Model):
    """The age band of somebody with a counted result, fixed at the close of their first round.

    So a year of birth that is corrected or deleted afterwards changes no figure that was told before.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="age_bands")
    entrant = models.OneToOneField(Entrant, on_delete=models.CASCADE, related_name="age_band")
    band = models.CharField(max_length=8)

    class Meta:
        ordering = ["contest_id", "entrant_id"]

    def __str__(self) -> str:
        return self.band


class ResultTotals(models.Model):
    """People and attempts of a round, or of the whole contest (`round` null), as counted at `made_at`.

    Everything handed in counts, whoever it was. `parts` holds the same by unit type, age band and device:
    {"kinds"|"ages"|"devices": [[label, people, attempts, all-correct people, all-correct attempts], ...]}.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="totals")
    round = models.OneToOneField(Round, null=True, on_delete=models.CASCADE, related_name="totals")
    people = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField()
    all_correct_people = models.PositiveIntegerField()
    all_correct_attempts = models.PositiveIntegerField()
    ranked = models.PositiveIntegerField()
    parts = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["contest_id", "round_id"]
        constraints = [
            models.UniqueConstraint(fields=["contest"], condition=models.Q(round=None), name="results_totals_once")
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}/{self.round_id}"


class UnitResult(models.Model):
    """What the entrants of a unit and of those below it did in a round, or in the contest (`round` null)."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="unit_results")
    round = models.ForeignKey(Round, null=True, on_delete=models.CASCADE, related_name="unit_results")
    unit = models.ForeignKey(ContestUnit, on_delete=models.CASCADE, related_name="results")
    entrants = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField()
    all_correct_people = models.PositiveIntegerField()
    all_correct_attempts = models.PositiveIntegerField()
    correct_sum = models.PositiveBigIntegerField()
    place = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["contest_id", "round_id", models.F("place").asc(nulls_last=True), "unit__sort_key", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "round", "unit"], name="results_unit_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.entrants}"
