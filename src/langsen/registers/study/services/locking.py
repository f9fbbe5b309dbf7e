"""Two people at one session: its row is locked while a use case runs; who may edit a point."""

from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import is_allowed, require
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import Conflict
from langsen.registers.kit import services
from langsen.registers.study.models import SessionPoint, StudySession


def locked(session_id: int) -> StudySession:
    """Return the session, locked until the transaction ends, as it stands now."""
    return services.locked(StudySession, session_id)


def locked_point(point_id: int) -> SessionPoint:
    """Return the point as it stands now, with its session locked: points of one session change one after another.

    Raises:
        Conflict: somebody has removed it.
    """
    session_id = SessionPoint.objects.filter(pk=point_id).values_list("session_id", flat=True).first()
    if session_id is not None:
        session = locked(session_id)
        point = SessionPoint.objects.select_related("org_unit").filter(pk=point_id).first()
        if point is not None:
            point.session = session
            return point
    raise Conflict(_("Somebody else has removed this point meanwhile."))


def may_edit_point(user: User, point: SessionPoint) -> bool:
    """Say whether `user` records in the organiser or in the point's own unit."""
    organiser = point.session.org_unit
    return is_allowed(user, Permission.STUDY_RECORD, organiser) or is_allowed(
        user, Permission.STUDY_RECORD, point.org_unit
    )


def require_point(user: User, point: SessionPoint) -> None:
    """Refuse unless `user` may edit the point.

    Raises:
        NotAllowed: neither the organiser nor the point's unit is theirs.
    """
    if not may_edit_point(user, point):
        require(user, Permission.STUDY_RECORD, point.org_unit)
