"""Pictures and papers of outputs."""

from langsen.foundation.access.enums import Permission
from langsen.foundation.evidence.pages import EvidencePages
from langsen.registers.communications.models import OutputEvidence
from langsen.registers.communications.queries import output_for

OUTPUT_EVIDENCE = EvidencePages(
    link=OutputEvidence,
    record_for=output_for,
    permission=Permission.COMMUNICATIONS_RECORD,
    prefix="communications:output_evidence",
    signed_papers=True,
)
