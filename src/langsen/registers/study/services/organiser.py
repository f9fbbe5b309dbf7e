"""Correcting by whom a session was organised."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit import services as kit
from langsen.registers.kit.rules import check_unit_exists, checked_text, refuse
from langsen.registers.study.enums import SessionStatus
from langsen.registers.study.models import StudySession
from langsen.registers.study.services.locking import locked
from langsen.registers.study.services.points import check_above_roll
from langsen.registers.study.services.touched import refresh_figures, touched_by


@transaction.atomic
def change_organiser(
    session: StudySession,
    unit: OrgUnit,
    *,
    reason: str,
    by: User,
    above_roll_reason: str = "",
    seen: datetime | None = None,
) -> StudySession:
    """Say that `unit` organised the session: the main point and who sat there go with it, numbers stay as recorded.

    Reports signed before keep the numbers they were signed with, as after any other correction.

    Raises:
        NotAllowed: `by` does not record in both units.
        BadInput: no reason; the unit did not exist on the day, organises it already, or sits at a remote point; more
            Party members were present than belong to it, without a reason (`AboveRoll`).
        Conflict: changed meanwhile, or the session is cancelled.
    """
    require(by, Permission.STUDY_RECORD, session.org_unit)
    require(by, Permission.STUDY_RECORD, unit)
    current = locked(session.pk)
    kit.check_unchanged(seen, current.changed_at)
    kit.require_not_cancelled(current)
    text = checked_text(reason, "reason", 300, required=True)
    before = current.org_unit
    _check_may_organise(unit, current)
    touched = touched_by(current)
    current.org_unit = unit
    others = kit.units_entered_for_others(current.recorded_by, [unit], Permission.STUDY_RECORD)
    current.entered_for_other = bool(others)
    current.save()
    _move_main_point(current, unit, above_roll_reason)
    data = {"org_unit": [before.name, unit.name], "reason": text}
    record("session.organiser_changed", current, by=by, unit_id=before.pk, data=data)
    refresh_figures(touched | touched_by(current))
    return current


def _check_may_organise(unit: OrgUnit, session: StudySession) -> None:
    if unit.pk == session.org_unit_id:
        raise refuse("org_unit", _("This unit is the organiser already."))
    check_unit_exists(unit, session.held_on, "org_unit")
    if session.points.filter(is_main=False, org_unit=unit).exists():
        raise refuse("org_unit", _("This unit sits at a remote point of the session. Remove that point first."))


def _move_main_point(session: StudySession, unit: OrgUnit, above_roll_reason: str) -> None:
    """The main point sits at the organiser, and whoever is named there sat at it: on the roll, by code, made up."""
    point = session.points.get(is_main=True)
    point.session, point.org_unit = session, unit
    point.save()
    point.attendances.update(org_unit=unit)
    if session.status == SessionStatus.HELD:
        check_above_roll(point, point.present_members, above_roll_reason)
