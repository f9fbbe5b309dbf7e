"""Who may do what with a contest, and what its rules may be."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from langsen.contests.contests.enums import (
    AskedField,
    ContestStatus,
    Counting,
    Prediction,
    RankingKey,
    SignUp,
    UnitRanking,
)
from langsen.contests.contests.models import TITLE_LENGTH, Contest
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, require, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.rules import checked_text, refuse

# Ways to sign up that this version has; the others are refused in words. See `services.signing_up`.
BUILT_SIGN_UPS = frozenset({SignUp.OPEN.value, SignUp.MAIL.value})

MOST_THEMES = 10
MOST_ATTEMPTS = 100
MOST_MONTHS = 60
# A number: its least, its most.
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "least_age": (6, 100),
    "guardian_below": (0, 18),
    "attempts_per_round": (1, MOST_ATTEMPTS),
    "time_limit_seconds": (60, 4 * 3600),
    "grace_seconds": (0, 300),
    "prize_cap_round": (1, 100),
    "prize_cap_contest": (1, 100),
    "appeal_days": (1, 90),
    "keep_months": (1, MOST_MONTHS),
}
_MAY_BE_EMPTY = frozenset({"least_age", "attempts_per_round", "prize_cap_contest"})
_CHOICES: Mapping[str, type[Any]] = {
    "sign_up": SignUp,
    "counting": Counting,
    "prediction": Prediction,
    "unit_ranking": UnitRanking,
}
_TEXTS: Mapping[str, tuple[int, bool]] = {"title": (TITLE_LENGTH, True), "contact": (300, False)}
_SWITCHES = frozenset({"shows_score", "masks_names", "watches_signals"})
RULES: tuple[str, ...] = (
    "title",
    "purpose",
    "themes",
    "sign_up",
    "asks",
    "least_age",
    "guardian_below",
    "attempts_per_round",
    "time_limit_seconds",
    "grace_seconds",
    "shows_score",
    "counting",
    "prediction",
    "ranking",
    "unit_ranking",
    "prize_cap_round",
    "prize_cap_contest",
    "masks_names",
    "watches_signals",
    "appeal_days",
    "keep_months",
    "contact",
)


def require_in(by: User, permission: Permission, contest: Contest) -> None:
    """Refuse unless `by` has `permission` in the organiser of `contest`.

    Raises:
        NotAllowed: also when the registers do not know the organiser (a contest store of its own).
    """
    if acts_everywhere(by):
        return
    organiser = OrgUnit.objects.filter(pk=contest.organiser_id).first()
    if organiser is None:
        raise NotAllowed(_("The organiser of this contest is not among the organisations here."))
    require(by, permission, organiser)


def organisers_where(user: User, permission: Permission) -> frozenset[int]:
    """Return the ids of the organisers of contests in which `user` has `permission`."""
    ids = set(Contest.objects.order_by().values_list("organiser_id", flat=True).distinct())
    if acts_everywhere(user):
        return frozenset(ids)
    return frozenset(units_where(user, permission).filter(pk__in=ids).values_list("pk", flat=True))


def checked_rules(values: Mapping[str, Any], *, now: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns in `values` in their stored form, checked one by one and against each other.

    `now` are the rules as they stand, for those that `values` leaves out.

    Raises:
        BadInput: at the field concerned.
    """
    columns: dict[str, Any] = {}
    for name, value in values.items():
        columns[name] = _checked_one(name, value)
    _check_together({**now, **columns})
    return columns


def rule_values(contest: Contest) -> dict[str, Any]:
    return {name: getattr(contest, name) for name in RULES}


def _checked_one(name: str, value: Any) -> Any:
    if name in _TEXTS:
        longest, needed = _TEXTS[name]
        return checked_text(str(value or ""), name, longest, required=needed)
    if name == "purpose":
        return checked_text(str(value or ""), name, 2000, lines=True)
    if name in _BOUNDS:
        return _checked_number(name, value)
    if name in _CHOICES:
        return _checked_choice(name, value)
    if name in _SWITCHES:
        return bool(value)
    return {"themes": _checked_themes, "asks": _checked_asks, "ranking": _checked_ranking}[name](value)


def _checked_number(name: str, value: Any) -> int | None:
    if value in (None, ""):
        if name in _MAY_BE_EMPTY:
            return None
        raise refuse(name, _("This must not be left empty."))
    least, most = _BOUNDS[name]
    number = int(value)
    if not least <= number <= most:
        raise refuse(name, _("This must be from %(least)s to %(most)s.") % {"least": least, "most": most})
    return number


def _checked_choice(name: str, value: Any) -> str:
    kind = _CHOICES[name]
    if value not in kind.values:
        raise refuse(name, _("This choice does not exist."))
    if name == "sign_up" and value not in BUILT_SIGN_UPS:
        raise refuse(name, _("This way to sign up is not set up here yet. Choose sign-up with name, phone and unit."))
    return str(kind(value).value)


def _checked_themes(value: Any) -> list[str]:
    themes = [checked_text(str(one), "themes", 300) for one in value or []]
    kept = list(dict.fromkeys(one for one in themes if one))
    if len(kept) > MOST_THEMES:
        raise refuse("themes", _("At most %(most)s themes fit.") % {"most": MOST_THEMES})
    return kept


def _checked_asks(value: Any) -> dict[str, str]:
    """Every detail asked for has a purpose, which the rules page prints."""
    asked: dict[str, str] = {}
    for name in AskedField.values:
        if name not in (value or {}):
            continue
        words = checked_text(str(value[name] or ""), "asks", 200)
        if not words:
            label = AskedField(name).label
            raise refuse("asks", _("Say what “%(field)s” is asked for, or do not ask for it.") % {"field": label})
        asked[name] = words
    if set(value or {}) - set(asked):
        raise refuse("asks", _("This choice does not exist."))
    return asked


def _checked_ranking(value: Any) -> list[str]:
    order = [str(one) for one in value or [] if one]
    if len(set(order)) != len(order):
        raise refuse("ranking", _("The order of standings names one thing twice."))
    if not set(order) <= set(RankingKey.values):
        raise refuse("ranking", _("This choice does not exist."))
    if not order or order[0] != RankingKey.SCORE:
        raise refuse("ranking", _("The number of right answers comes first in the order of standings."))
    return order


def _check_together(rules: Mapping[str, Any]) -> None:
    predicts = rules["prediction"] != Prediction.NONE
    if (RankingKey.PREDICTION in rules["ranking"]) != predicts:
        words = (
            _("There is a prediction question: say where its closeness stands in the order of standings.")
            if predicts
            else _("The order of standings names the prediction, but there is no prediction question.")
        )
        raise refuse("ranking", words)
    asks = rules["asks"]
    if rules["least_age"] and AskedField.BIRTH_YEAR not in asks:
        raise refuse("least_age", _("A least age can only be checked if the year of birth is asked for."))
    if rules["unit_ranking"] == UnitRanking.RATE and AskedField.UNIT not in asks:
        raise refuse("unit_ranking", _("A participation rate needs the unit of every entrant: ask for the unit."))
    if rules["sign_up"] == SignUp.MAIL and AskedField.MAIL not in asks:
        raise refuse("sign_up", _("A code by mail needs the mail address: ask for it."))
    if rules["sign_up"] == SignUp.SMS and AskedField.PHONE not in asks:
        raise refuse("sign_up", _("A code by text message needs the phone number: ask for it."))
    caps = rules["prize_cap_contest"]
    if caps is not None and caps < rules["prize_cap_round"]:
        raise refuse("prize_cap_contest", _("In all cannot be fewer than in one round."))


# What stays as announced once a real round has opened: attempts are ranked and counted by it from the first moment.
FIXED_AT_OPENING = frozenset(
    {"counting", "prediction", "ranking", "unit_ranking", "time_limit_seconds", "grace_seconds"}
)
# What may still change while prizes are decided and after the results are out.
LATE = frozenset({"contact", "masks_names", "watches_signals", "appeal_days", "keep_months"})


def check_may_change(contest: Contest, before: Mapping[str, Any], after: Mapping[str, Any], *, opened: bool) -> None:
    """Refuse what may not change any more after the announcement; `opened`: a real round has opened.

    Promises made to people who signed up are only ever kept better: names are masked more, details are kept shorter,
    appeals are longer, attempts are more; watching for signs may stop at any time but begins only before the opening.

    Raises:
        BadInput: at the field concerned.
    """
    if contest.status == ContestStatus.CANCELLED:
        raise refuse("title", _("The contest is cancelled; its rules stay as they were."))
    for name in after:
        if contest.status in (ContestStatus.JUDGING, ContestStatus.PUBLISHED) and name not in LATE:
            raise refuse(name, _("The contest is over: this stays as it was when the papers were written."))
        if opened and name in FIXED_AT_OPENING:
            raise refuse(
                name, _("A round has opened: papers are counted and ranked by this, so it stays as announced.")
            )
        words = _promise_broken(name, before[name], after[name], opened=opened)
        if words:
            raise refuse(name, words)


def _promise_broken(name: str, before: Any, after: Any, *, opened: bool) -> str:
    if name == "masks_names" and not after:
        return _("People signed up knowing that names are published in part; this can only be made stricter.")
    if name == "keep_months" and after > before:
        return _("People signed up knowing how long their details are kept; this can only be made shorter.")
    if name == "appeal_days" and after < before:
        return _("The days to appeal were announced; they can only become more.")
    if name == "watches_signals" and after and opened:
        return _("A round has opened without it: this can be switched off at any time, but on only before the opening.")
    if name == "attempts_per_round" and opened and after is not None and (before is None or after < before):
        return _("A round has opened: the attempts announced can only become more.")
    return ""
