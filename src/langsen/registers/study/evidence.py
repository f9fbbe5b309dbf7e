"""Pictures and papers of sessions."""

from langsen.foundation.access.enums import Permission
from langsen.foundation.evidence.pages import EvidencePages
from langsen.registers.study.models import SessionEvidence
from langsen.registers.study.queries.sessions import session_for

SESSION_EVIDENCE = EvidencePages(
    link=SessionEvidence,
    record_for=session_for,
    permission=Permission.STUDY_RECORD,
    prefix="study:session_evidence",
    signed_papers=True,
)
