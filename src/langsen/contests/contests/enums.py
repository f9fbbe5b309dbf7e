"""The words of contests: states, rules to choose from, prizes, signs for a person to look at."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContestKind(models.TextChoices):
    QUIZ = "quiz", _("quiz")
    WRITING = "writing", _("writing contest")
    OTHER = "other", pgettext_lazy("contest kind", "other")


class ContestStatus(models.TextChoices):
    """What people decided. Whether an announced contest waits, runs or is over is told by the clock: see `Stage`."""

    DRAFT = "draft", _("rules being written")
    ANNOUNCED = "announced", _("rules announced")
    JUDGING = "judging", _("prizes being decided")
    PUBLISHED = "published", _("results published")
    CANCELLED = "cancelled", _("cancelled")


class Stage(models.TextChoices):
    """What is shown of a contest at a moment."""

    DRAFT = "draft", _("rules being written")
    SOON = "soon", _("opening soon")
    OPEN = "open", _("in progress")
    BETWEEN = "between", _("between two rounds")
    CLOSED = "closed", _("closed")
    JUDGING = "judging", _("prizes being decided")
    PUBLISHED = "published", _("results published")
    CANCELLED = "cancelled", _("cancelled")


class SignUp(models.TextChoices):
    OPEN = "open", _("name, phone and unit, without a code")
    MAIL = "mail", _("with a code sent by mail")
    SMS = "sms", _("with a code sent by text message")
    OIDC = "oidc", _("through another sign-in service")


class Counting(models.TextChoices):
    BEST = "best", _("the best attempt")
    FIRST = "first", _("the first attempt")
    LAST = "last", _("the last attempt")


class Prediction(models.TextChoices):
    NONE = "none", _("no prediction")
    PEOPLE_ALL_CORRECT = "people_all_correct", _("how many people have every answer right")
    ATTEMPTS = "attempts", _("how many attempts are made")


class RankingKey(models.TextChoices):
    """What standings are ordered by, in the order a contest declares; what is still tied is drawn by lot."""

    SCORE = "score", _("more right answers")
    PREDICTION = "prediction", _("closer prediction")
    DURATION = "duration", _("shorter time")
    MOMENT = "moment", _("earlier submission")


class WholeOrder(models.TextChoices):
    """How the results of a person's rounds make one order of the whole contest; fixed when a contest is begun."""

    SUMS = "sums", _("everything added up")
    MORE_ROUNDS = "more_rounds", _("right answers added up, then more rounds, then the rest added up")


class UnitRanking(models.TextChoices):
    ENTRANTS = "entrants", _("number of entrants")
    RATE = "rate", _("share of its people who took part")
    AVERAGE_BEST = "average_best", _("average of its entrants' counted results")


class AskedField(models.TextChoices):
    """Personal details a contest may ask for, besides the name."""

    PHONE = "phone", _("phone")
    MAIL = "mail", _("mail address")
    BIRTH_YEAR = "birth_year", _("year of birth")
    UNIT = "unit", _("unit")
    IS_MEMBER = "is_member", _("Party member or not")


class PrizeSubject(models.TextChoices):
    PERSON = "person", _("individual")
    UNIT = "unit", _("collective")


class PrizeScope(models.TextChoices):
    ROUND = "round", _("in each round")
    CONTEST = "contest", _("for the whole contest")


class PrizeRank(models.TextChoices):
    FIRST = "first", _("first prize")
    SECOND = "second", _("second prize")
    THIRD = "third", _("third prize")
    CONSOLATION = "consolation", _("consolation prize")


class EntrantStatus(models.TextChoices):
    ACTIVE = "active", _("taking part")
    BARRED = "barred", _("not eligible")
    MERGED = "merged", _("joined with another sign-up")


class FlagKind(models.TextChoices):
    """Unusual signs a machine sees; only people decide what they mean."""

    DOUBLE = "double", _("possibly signed up twice")
    ON_BARRED_LIST = "on_barred_list", _("name on the list of organisers")
    TOO_FAST = "too_fast", _("unusually fast")
    SAME_WRONG = "same_wrong", _("same wrong answers as others")
    SHARED_DEVICE = "shared_device", _("many accounts on one device")


class FlagStatus(models.TextChoices):
    OPEN = "open", _("to be looked at")
    CLEARED = "cleared", _("nothing to it")
    UPHELD = "upheld", _("confirmed")


class ConsentKind(models.TextChoices):
    """What an entrant agrees to; each has a text of its own."""

    TAKE_PART = "take_part", _("personal details are used for the contest")
    GUARDIAN = "guardian", _("a parent or guardian agrees")
    PUBLISH_NAME = "publish_name", _("the full name is published")


ENTRANT_VERBS = {
    "entrant.corrected_self": _("corrected their own details"),
    "entrant.publishing_chosen": _("chose whether the full name is published"),
    "entrant.read": _("read hidden details of an entrant"),
    "entrant.code_reissued": _("issued a new personal code"),
    "entrant.barred": _("recorded as not eligible"),
    "entrant.restored": _("recorded as eligible again"),
    "entrant.merged": _("joined two sign-ups"),
    "entrant.identity_checked": _("checked who the person is"),
    "entrant.time_granted": _("granted extra time"),
    "entrant.redacted": _("deleted personal details on request"),
    "entrant_flag.decided": _("decided an unusual sign"),
    "contest.entrants_exported": _("exported the entrants"),
    "contest.entrants_forgotten": _("deleted personal details after their time"),
}

ORGANISING_VERBS = {
    "contest.opened": _("began a contest"),
    "contest.changed": _("changed the rules of a contest"),
    "contest.round_saved": _("set a round"),
    "contest.round_removed": _("removed a round"),
    "contest.prizes_saved": _("set the prizes"),
    "contest.units_taken": _("took the list of units"),
    "contest.units_imported": _("imported units of a contest from Excel"),
    "contest.unit_added": _("added a unit to the list"),
    "contest.units_emptied": _("emptied the list of units"),
    "contest.units_ended": _("gave units that ended their last day"),
    "contest.head_count_changed": _("changed a head count"),
    "contest.people_barred": _("listed people who may not take part"),
    "contest.bar_lifted": _("took somebody off the list of people who may not take part"),
    "contest.announced": _("announced a contest"),
    "contest.cancelled": _("cancelled a contest"),
}
