"""Texts of packages that a person may see here and that have no Vietnamese of their own, or an unclear one.

Nothing reads these names: they are here so that `tools/messages.py` keeps their translations in `config/locale`, which
Django asks before the packages' own.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

ALLAUTH = (
    _("Authenticator code"),
    _("Be patient, you are sending too many requests."),
    _("Code"),
    _("Current Password"),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Invalid login."),
    _("New Password"),
    _("New Password (again)"),
    _("Password"),
    _("Please type your current password."),
    _("Remember Me"),
    _("The new value must be different from the current one."),
    _("The username and/or password you specified are not correct."),
    _("This account is currently inactive."),
    _("Too many failed login attempts. Try again later."),
    _("Use authenticator app or code"),
    _("Use your password"),
    _("Username"),
    _("You must type the same password each time."),
)
DJANGO = (
    _("Enter a complete value."),
    _("Enter a number."),
    _("Enter a valid UUID."),
    _("Enter a valid date."),
    _("Enter a valid date/time."),
    _("Enter a valid duration."),
    _("Enter a valid email address."),
    _("Enter a valid time."),
    _("Enter a whole number."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."),
    _("No file was submitted."),
    _("Null characters are not allowed."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("The password is too similar to the %(verbose_name)s."),
    _("The submitted file is empty."),
    _("This field is required."),
    _("This password is entirely numeric."),
    _("This password is too common."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %(min_length)d character.",
        "This password is too short. It must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
