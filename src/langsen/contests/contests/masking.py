"""Which personal details of an entrant the office sees at first, and which after a recorded look."""

from django.utils.translation import gettext as _

from langsen.contests.contests.models import Entrant
from langsen.contests.contests.phones import masked_phone, shown_phone

_DOTS = "••••"


def shown_details(entrant: Entrant, *, revealed: bool) -> dict[str, str]:
    """Return the text of each hidden detail: as held when `revealed`, else masked; "" where nothing is held."""
    member = {True: _("Yes"), False: _("No"), None: ""}[entrant.is_member]
    year = str(entrant.birth_year or "")
    if revealed:
        return {
            "phone": shown_phone(entrant.phone),
            "mail": entrant.mail,
            "birth_year": year,
            "is_member": member,
            "guardian_name": entrant.guardian_name,
        }
    return {
        "phone": masked_phone(entrant.phone),
        "mail": masked_mail(entrant.mail),
        "birth_year": f"{year[:2]}••" if year else "",
        "is_member": _DOTS if member else "",
        "guardian_name": _DOTS if entrant.guardian_name else "",
    }


def masked_mail(mail: str) -> str:
    """Return mai@langsen.example as m••••@langsen.example."""
    name, at, host = mail.partition("@")
    return f"{name[:1]}{_DOTS}{at}{host}" if mail else ""
