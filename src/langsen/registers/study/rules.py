"""What may be recorded: checks of days, units, texts and numbers that hold for one session and for a thousand."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import clean, day_text, number_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import home_of
from langsen.foundation.people.enums import AttendanceClass
from langsen.registers.study.enums import Mode, ReviewKind, SessionKind, SessionStatus

EARLIEST = date(1945, 9, 2)
FURTHEST_AHEAD = timedelta(days=3 * 366)
LONGEST = timedelta(days=31)
MOST_PRESENT = 100_000  # of one class at one point; more is a slip of the finger
ONLINE_MODES = (Mode.ONLINE, Mode.HYBRID)
PRESENT_FIELDS: dict[str, str] = {name: f"present_{name}" for name in AttendanceClass.values}


def refuse(field: str, message: str) -> BadInput:
    """Return the error that shows `message` at the form's `field`."""
    return BadInput(message, fields={field: message})


def check_days(status: str, held_on: date, last_on: date | None) -> None:
    """Refuse days no session can have: before 1945, reversed, too long, held in the future.

    Raises:
        BadInput: at the field concerned.
    """
    if held_on < EARLIEST:
        raise refuse("held_on", _("The day %(day)s is too long ago. Check the year.") % {"day": day_text(held_on)})
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


def check_unit_exists(unit: OrgUnit, day: date, field: str = "held_on") -> None:
    """Refuse a day on which `unit` did not exist, naming its days and its home of today.

    Raises:
        BadInput: at `field`.
    """
    if unit.exists_on(day):
        return
    names = {"unit": unit.name, "day": day_text(day), "from": day_text(unit.from_on), "last": day_text(unit.last_on)}
    if day < unit.from_on:
        raise refuse(field, _("“%(unit)s” exists only from %(from)s, so it had no session on %(day)s.") % names)
    names["home"] = home_of(unit).name
    raise refuse(field, _("“%(unit)s” existed until %(last)s. For %(day)s record the session in “%(home)s”.") % names)


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


def checked_text(value: str, field: str, longest: int, *, required: bool = False, lines: bool = False) -> str:
    """Return `value` without stray white space and control characters; `lines` keeps its line breaks.

    Raises:
        BadInput: too long, or empty though required.
    """
    text = "\n".join(clean(line) for line in value.splitlines()).strip() if lines else clean(value)
    if len(text) > longest:
        raise refuse(
            field,
            _("This text has %(length)s letters; at most %(longest)s fit.")
            % {"length": number_text(len(text)), "longest": number_text(longest)},
        )
    if required and not text:
        raise refuse(field, _("This must not be left empty."))
    return text


def check_make_up_day(held_on: date, day: date) -> None:
    """Make-up study follows the session and has already happened.

    Raises:
        BadInput: before the session, or in the future.
    """
    if day < held_on:
        raise refuse(
            "studied_on", _("Make-up study cannot lie before the session, %(day)s.") % {"day": day_text(held_on)}
        )
    if day > today():
        raise refuse("studied_on", _("%(day)s has not come yet.") % {"day": day_text(day)})
