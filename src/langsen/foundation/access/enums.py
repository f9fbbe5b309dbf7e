"""Permissions and roles: who may do what, on one page. Roles are code, grants are data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    FIGURES_READ = "figures.read", _("read figures")
    ORGS_READ = "orgs.read", _("see organisations")
    ORGS_CHANGE = "orgs.change", _("record changes of organisations")
    PEOPLE_READ = "people.read", _("see cadres and members")
    PEOPLE_READ_SENSITIVE = "people.read_sensitive", _("read masked personal details")
    PEOPLE_WRITE = "people.write", _("keep the roster")
    PROGRAMMES_WRITE = "programmes.write", _("keep programmes and themes")
    STUDY_READ = "study.read", _("see conferences and meetings")
    STUDY_RECORD = "study.record", _("record conferences and meetings")
    ACCESS_GRANT = "access.grant", _("invite and grant roles")
    AUDIT_READ = "audit.read", _("read the log")


class Role(models.TextChoices):
    """The roles of the offices that this version serves; the words are the offices' own."""

    ADMIN = "admin", _("System administrator")
    PROVINCE_OFFICER = "province_officer", _("Province officer (communications and mass mobilisation)")
    STANDING_MEMBER = "standing_member", _("Standing committee member")
    COMMUNE_OFFICER = "commune_officer", _("Commune officer (Party building board)")
    ORGANISATION_OFFICER = "organisation_officer", _("Organisation commission officer")
    GRASSROOTS_SECRETARY = "grassroots_secretary", _("Secretary or committee member of a grassroots organisation")
    CELL_SECRETARY = "cell_secretary", _("Cell secretary")
    CELL_DEPUTY = "cell_deputy", _("Assigned member of the cell committee")
    MEMBER = "member", _("Party member, cadre")
    VIEWER = "viewer", _("Viewer")


_READ = {Permission.FIGURES_READ, Permission.ORGS_READ, Permission.STUDY_READ}
_KEEP_CELL = _READ | {Permission.PEOPLE_READ, Permission.PEOPLE_WRITE, Permission.STUDY_RECORD}

# What each role may do in the unit it is granted in and in every unit below it.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(
        {
            Permission.ORGS_READ,
            Permission.ORGS_CHANGE,
            Permission.ACCESS_GRANT,
            Permission.AUDIT_READ,
            Permission.FIGURES_READ,
            Permission.PROGRAMMES_WRITE,
        }
    ),
    Role.PROVINCE_OFFICER: frozenset(
        _KEEP_CELL | {Permission.PROGRAMMES_WRITE, Permission.ACCESS_GRANT, Permission.AUDIT_READ}
    ),
    Role.STANDING_MEMBER: frozenset(_READ | {Permission.PEOPLE_READ}),
    Role.COMMUNE_OFFICER: frozenset(
        _KEEP_CELL | {Permission.PROGRAMMES_WRITE, Permission.ACCESS_GRANT, Permission.AUDIT_READ}
    ),
    Role.ORGANISATION_OFFICER: frozenset(
        _READ
        | {
            Permission.ORGS_CHANGE,
            Permission.PEOPLE_READ,
            Permission.PEOPLE_READ_SENSITIVE,
            Permission.PEOPLE_WRITE,
            Permission.AUDIT_READ,
        }
    ),
    Role.GRASSROOTS_SECRETARY: frozenset(_KEEP_CELL | {Permission.PEOPLE_READ_SENSITIVE, Permission.ACCESS_GRANT}),
    Role.CELL_SECRETARY: frozenset(_KEEP_CELL | {Permission.PEOPLE_READ_SENSITIVE}),
    Role.CELL_DEPUTY: frozenset(_KEEP_CELL),
    Role.MEMBER: frozenset({Permission.ORGS_READ, Permission.FIGURES_READ}),
    Role.VIEWER: frozenset(_READ),
}
