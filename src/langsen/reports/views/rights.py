"""What this reader may do next with a report: the buttons of its page."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import is_allowed
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import today
from langsen.reports.enums import ReportKind, ReportStatus
from langsen.reports.models import Report
from langsen.reports.rules import is_own

Step = tuple[str, str, tuple[str, ...], str]  # words, page, more of its address, look of the button


@dataclass(frozen=True)
class Rights:
    """`writes`: for the report's own unit; `receives`: for the unit it was sent to."""

    writes: bool
    receives: bool

    @classmethod
    def of(cls, user: User, report: Report) -> "Rights":
        """Return the rights of `user`."""
        receives = bool(report.sent_to) and is_allowed(user, Permission.REPORTS_RECEIVE, report.sent_to)  # type: ignore[arg-type]
        return cls(is_own(user, Permission.REPORTS_WRITE, report.org_unit), receives)

    def steps(self, report: Report) -> list[Step]:
        """Return the buttons, the primary one last."""
        return (self._writing(report) if self.writes else []) + (self._receiving(report) if self.receives else [])

    def _writing(self, report: Report) -> list[Step]:
        supplement = (_("Make a supplementary report"), "answer", (str(ReportKind.SUPPLEMENT),))
        replacement = (_("Make a replacing report"), "answer", (str(ReportKind.REPLACEMENT),))
        may_answer = not report.answered_by.filter(status__in=(ReportStatus.DRAFT, ReportStatus.SIGNING)).exists()
        answers: list[Step] = []
        if may_answer:
            asked = report.status == ReportStatus.SUPPLEMENT_ASKED
            look = "primary" if asked else "outline-secondary"
            answers = [(*replacement, "outline-secondary"), (*supplement, look)]
        steps: dict[str, list[Step]] = {
            ReportStatus.DRAFT: [
                (_("Cancel the draft"), "cancel", (), "outline-danger"),
                *(
                    [(_("End the period earlier"), "shorten", (), "outline-secondary")]
                    if report.last_on >= today()
                    else []
                ),
                (_("Subject and sections"), "frame", (), "outline-secondary"),
                (_("Fix the numbers, submit for signature"), "submit", (), "outline-secondary"),
                (_("Write"), "edit", (), "primary"),
            ],
            ReportStatus.SIGNING: [
                (_("Take it back to drafting"), "take_back", (), "outline-secondary"),
                (_("Record according to the signed paper"), "issue", (), "primary"),
            ],
            ReportStatus.ISSUED: [*answers, (_("Send to the unit above"), "send", (), "primary")],
        }
        return steps.get(report.status, answers if report.status != ReportStatus.CANCELLED else [])

    def _receiving(self, report: Report) -> list[Step]:
        ask: Step = (_("Ask for a supplement"), "ask", (), "outline-secondary")
        receive: Step = (_("Receive"), "receive", (), "primary")
        return {
            ReportStatus.SENT: [ask, receive],
            ReportStatus.RECEIVED: [ask],
            ReportStatus.SUPPLEMENT_ASKED: [receive],
        }.get(ReportStatus(report.status), [])


def buttons_of(report: Report, rights: Rights) -> list[dict[str, object]]:
    """Return the steps as the page draws them."""
    return [
        {
            "label": label,
            "href": reverse(f"reports:{name}", args=[report.pk, *more]),
            "look": f"btn-{look}",
            "post": name == "receive",
        }
        for label, name, more, look in rights.steps(report)
    ]
