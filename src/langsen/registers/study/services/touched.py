"""Which cached figures a change touches."""

from collections.abc import Iterable
from datetime import date

from langsen.foundation.figures.cache import refresh
from langsen.registers.study.figures import STUDY
from langsen.registers.study.models import StudySession

Touched = set[tuple[int, date]]


def touched_by(session: StudySession) -> Touched:
    """Return the (unit, day) pairs `session` counts at: its organiser and the units of its points."""
    units = {session.org_unit_id, *session.points.values_list("org_unit_id", flat=True)}
    return {(unit_id, session.held_on) for unit_id in units}


def refresh_figures(touched: Iterable[tuple[int, date]]) -> None:
    """Recompute the cached figures of these units and days from the records, in the caller's transaction."""
    refresh(STUDY, set(touched))
