"""What may be recorded: checks of days, units, texts and numbers that hold for one session and for a thousand."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.people.enums import AttendanceClass
from langsen.registers.kit.rules import check_has_come, check_not_too_long_ago, refuse
from langsen.registers.study.enums import Mode, ReviewKind, SessionKind, SessionStatus

FURTHEST_AHEAD = timedelta(days=3 * 366)
LONGEST = timedelta(days=31)
MOST_PRESENT = 100_000  # of one class at one point; more is a slip of the finger
ONLINE_MODES = (Mode.ONLINE, Mode.HYBRID)
PRESENT_FIELDS: dict[str, str] = {name: f"present_{name}" for name in AttendanceClass.values}


def check_days(status: str, held_on: date, last_on: date | None) -> None:
    """Refuse days no session can have: before 1945, reversed, too long, held in the future.

    Raises:
        BadInput: at the field concerned.
    """
    check_not_too_long_ago(held_on, "held_on")
    if last_on and last_on < held_on:
        raise refuse("last_on", _("The last day lies before the first day."))
    if last_on and last_on - held_on > LONGEST:
        raise refuse("last_on", _("A session lasts at most a month. Record a longer one as several."))
    latest = last_on or held_on
    if status == SessionStatus.HELD and latest > today():
        raise refuse(
            "held_on",
            _("%(day)s has not come yet, so the session cannot have been held. Plan it instead.")
            % {"day": day_text(latest)},
        )
    if latest > today() + FURTHEST_AHEAD:
        raise refuse("held_on", _("The day %(day)s is too far ahead. Check the year.") % {"day": day_text(latest)})


def check_kind(kind: str, review_kind: str) -> None:
    """A review conference says what kind of review it was; nothing else does."""
    if kind not in SessionKind.values:
        raise refuse("kind", _("Choose the kind of session."))
    if kind == SessionKind.REVIEW_CONFERENCE and review_kind not in ReviewKind.values:
        raise refuse("review_kind", _("Say whether it was an interim review, a final review or a commendation."))
    if kind != SessionKind.REVIEW_CONFERENCE and review_kind:
        raise refuse("review_kind", _("Only a review conference has a kind of review."))


def check_points(mode: str, main_unit_id: int, remote_unit_ids: Iterable[int]) -> None:
    """Remote points belong to online and hybrid sessions; a unit sits at one point only.

    Raises:
        BadInput: at `mode` or `points`.
    """
    remote = list(remote_unit_ids)
    if remote and mode not in ONLINE_MODES:
        raise refuse("mode", _("Only a session held online, wholly or in part, has remote points."))
    if main_unit_id in remote:
        raise refuse("points", _("The organiser sits at the main point and needs no remote point."))
    if len(set(remote)) < len(remote):
        raise refuse("points", _("A unit stands twice among the remote points."))


def checked_present(present: Mapping[str, int | None]) -> dict[str, int]:
    """Return the numbers present by class, missing ones as 0.

    Raises:
        BadInput: a number is negative or larger than any hall; an unknown class.
    """
    counts = dict.fromkeys(PRESENT_FIELDS, 0)
    for name, value in present.items():
        if name not in counts:
            raise BadInput(_("Unknown class of people: %(name)s.") % {"name": name})
        counts[name] = checked_number(value or 0, PRESENT_FIELDS[name])
    return counts


def checked_number(value: int, field: str) -> int:
    """Return a count of people that can be true.

    Raises:
        BadInput: negative, or larger than any hall holds.
    """
    if not 0 <= value <= MOST_PRESENT:
        raise refuse(
            field,
            _("%(number)s cannot be right: a number of people lies between 0 and %(most)s.")
            % {"number": number_text(value), "most": number_text(MOST_PRESENT)},
        )
    return value


def check_make_up_day(held_on: date, day: date) -> None:
    """Make-up study follows the session and has already happened.

    Raises:
        BadInput: before the session, or in the future.
    """
    if day < held_on:
        raise refuse(
            "studied_on", _("Make-up study cannot lie before the session, %(day)s.") % {"day": day_text(held_on)}
        )
    check_has_come(day, "studied_on")
