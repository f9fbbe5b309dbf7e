"""What the log calls the operations on the tree."""

from django.utils.translation import gettext_lazy as _

AUDIT_VERBS = {
    "org_unit.established": _("established the unit"),
    "org_unit.renamed": _("renamed the unit"),
    "org_unit.moved": _("moved the unit under another superior"),
    "org_unit.merged": _("merged the unit into another"),
    "org_unit.took_over": _("took over other units"),
    "org_unit.divided": _("divided the unit"),
    "org_unit.parted": _("separated a part of the unit"),
    "org_unit.dissolved": _("dissolved the unit"),
    "org_unit.linked": _("recorded the superior on the second line"),
    "org_units.imported": _("imported units from Excel"),
    "grant.ended_with_unit": _("the role ended with its unit"),
    "invitation.ended_with_unit": _("the invitation ended with its unit"),
}
