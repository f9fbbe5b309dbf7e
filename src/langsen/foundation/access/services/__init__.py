"""The use cases of access: giving and ending roles, invitations, new passwords, staff mode, the first administrator."""

from langsen.foundation.access.services.first_admin import create_first_admin
from langsen.foundation.access.services.grants import end_grant, grant_role
from langsen.foundation.access.services.invitations import (
    accept_invitation,
    invite_person,
    renew_invitation,
    withdraw_invitation,
)
from langsen.foundation.access.services.resets import reset_access, set_new_password
from langsen.foundation.access.services.staff_mode import close_staff_mode, open_staff_mode

__all__ = [
    "accept_invitation",
    "close_staff_mode",
    "create_first_admin",
    "end_grant",
    "grant_role",
    "invite_person",
    "open_staff_mode",
    "renew_invitation",
    "reset_access",
    "set_new_password",
    "withdraw_invitation",
]
