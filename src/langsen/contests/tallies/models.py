"""Figures of contests, copied up from the contest store into the registers, each saying as of when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from langsen.foundation.orgs.models import OrgUnit


class ContestTally(models.Model):
    """A contest as the figures know it; `contest_id` is its key in the contest store. Days are of Asia/Ho_Chi_Minh."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="contest_tallies")
    contest_id = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    opened_on = models.DateField()
    copied_at = models.DateTimeField()

    class Meta:
        verbose_name = _("contest in the figures")
        indexes = [models.Index(fields=["org_unit", "opened_on"], name="tallies_unit_day")]

    def __str__(self) -> str:
        return self.title


class DayTally(models.Model):
    """What was handed in on one day in one round of a contest.

    `accounts` are those whose first submitted attempt of the contest was that day, `all_correct_people` those whose
    first all-correct one was: so each counts once in the contest and days add up.
    """

    tally = models.ForeignKey(ContestTally, on_delete=models.CASCADE, related_name="days")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    round_number = models.PositiveSmallIntegerField()
    accounts = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField()
    all_correct_people = models.PositiveIntegerField()
    all_correct_attempts = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tally", "day", "round_number"], name="tallies_day_once")]
        indexes = [models.Index(fields=["org_unit", "day"], name="tallies_day_unit")]

    def __str__(self) -> str:
        return f"{self.tally} {self.day}"


class PrizeTally(models.Model):
    """Prizes of one rank decided on one day."""

    tally = models.ForeignKey(ContestTally, on_delete=models.CASCADE, related_name="prizes")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    subject = models.CharField(max_length=6)
    rank = models.CharField(max_length=12)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tally", "day", "subject", "rank"], name="tallies_prize_once")]
        indexes = [models.Index(fields=["org_unit", "day"], name="tallies_prize_unit")]

    def __str__(self) -> str:
        return f"{self.rank} {self.count}"
