"""Two people at one report: its row is locked while a use case runs."""

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import Conflict, NotFound
from langsen.reports.enums import ReportStatus
from langsen.reports.models import Report


def locked(report_id: int) -> Report:
    """Return the report, locked until the transaction ends, as it stands now.

    Raises:
        NotFound: there is none.
    """
    rows = Report.objects.select_for_update(of=("self",)).select_related("org_unit__kind", "outline", "call")
    report = rows.filter(pk=report_id).first()
    if report is None:
        raise NotFound(report_id)
    return report


def locked_draft(report_id: int) -> Report:
    """Return the report as `locked`, provided it is still being drafted.

    Raises:
        Conflict: it has gone on to be signed, or is cancelled.
    """
    report = locked(report_id)
    if report.status != ReportStatus.DRAFT:
        raise Conflict(
            _("This report is not a draft any more (%(state)s). Its text and numbers stay as they are.")
            % {"state": report.get_status_display()}
        )
    return report
