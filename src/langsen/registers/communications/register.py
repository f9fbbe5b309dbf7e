"""What every page of the register has in common."""

from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.registers.kit.register import Register

OUTPUTS = Register(
    title=_("Communication outputs"),
    list_page="communications:outputs",
    read=Permission.COMMUNICATIONS_READ,
    record=Permission.COMMUNICATIONS_RECORD,
    nowhere=_("You have not been given the right to record communication outputs in any unit."),
)
