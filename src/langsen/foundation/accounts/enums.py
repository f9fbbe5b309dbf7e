"""What the trail says about accounts."""

from django.utils.translation import gettext_lazy as _

AUDIT_VERBS = {
    "account.created": _("made an account"),
    "account.address_changed": _("changed the e-mail address"),
    "token.issued": _("made an access key for a program"),
    "token.revoked": _("revoked an access key of a program"),
}
