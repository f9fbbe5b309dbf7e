"""What the audit trail calls the use cases of programmes and themes."""

from django.utils.translation import gettext_lazy as _

AUDIT_VERBS = {
    "theme.added": _("added the theme"),
    "theme.changed": _("changed the theme"),
}
