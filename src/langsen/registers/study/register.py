"""What every page of the study register has in common."""

from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.registers.kit.register import Register

SESSIONS = Register(
    title=_("Conferences and meetings"),
    list_page="study:sessions",
    read=Permission.STUDY_READ,
    record=Permission.STUDY_RECORD,
    nowhere=_("You have not been given the right to record meetings in any unit."),
)
