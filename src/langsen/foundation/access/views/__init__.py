"""Pages of accounts and roles."""

from langsen.foundation.access.views.grants import end_role, give_role, grants, grants_excel, reset, roles
from langsen.foundation.access.views.invitations import invitations, invite, renew, withdraw
from langsen.foundation.access.views.links import accept, new_password
from langsen.foundation.access.views.staff_mode import end_staff_mode, staff_mode

__all__ = [
    "accept",
    "end_role",
    "end_staff_mode",
    "give_role",
    "grants",
    "grants_excel",
    "invitations",
    "invite",
    "new_password",
    "renew",
    "reset",
    "roles",
    "staff_mode",
    "withdraw",
]
