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
    COMMUNICATIONS_READ = "communications.read", _("see communication outputs")
    COMMUNICATIONS_RECORD = "communications.record", _("record communication outputs")
    REPORTS_READ = "reports.read", _("read reports")
    REPORTS_WRITE = "reports.write", _("write, issue and send reports")
    REPORTS_RECEIVE = "reports.receive", _("ask for reports and receive them")
    REPORTS_OUTLINE = "reports.outline", _("keep report outlines")
    PAPERS_WRITE = "papers.write", _("keep the forms of documents")
    CONTESTS_READ = "contests.read", _("see contests in the office")
    CONTESTS_ORGANISE = "contests.organise", _("organise contests")
    CONTESTS_DECIDE = "contests.decide", _("decide prizes and publish results")
    QUESTIONS_WRITE = "questions.write", _("write questions")
    QUESTIONS_CHECK = "questions.check", _("check questions")
    NUDGE = "notices.nudge", _("remind a unit")
    ACCESS_GRANT = "access.grant", _("invite and grant roles")
    AUDIT_READ = "audit.read", _("read the log")


class Role(models.TextChoices):
    """The roles of the offices that this version serves; the words are the offices' own."""

    ADMIN = "admin", _("System administrator")
    PROVINCE_OFFICER = "province_officer", _("Province officer (communications and mass mobilisation)")
    STANDING_MEMBER = "standing_member", _("Standing committee member")
    COMMUNE_OFFICER = "commune_officer", _("Commune officer (Party building board)")
    CLERK = "clerk", _("Clerk")
    CONTEST_ORGANISER = "contest_organiser", _("Contest organiser")
    JUDGE = "judge", _("Judge")
    ORGANISATION_OFFICER = "organisation_officer", _("Organisation commission officer")
    GRASSROOTS_SECRETARY = "grassroots_secretary", _("Secretary or committee member of a grassroots organisation")
    CELL_SECRETARY = "cell_secretary", _("Cell secretary")
    CELL_DEPUTY = "cell_deputy", _("Assigned member of the cell committee")
    MEMBER = "member", _("Party member, cadre")
    VIEWER = "viewer", _("Viewer")


_READ = {
    Permission.FIGURES_READ,
    Permission.ORGS_READ,
    Permission.STUDY_READ,
    Permission.COMMUNICATIONS_READ,
    Permission.REPORTS_READ,
}
_KEEP_CELL = _READ | {
    Permission.PEOPLE_READ,
    Permission.PEOPLE_WRITE,
    Permission.STUDY_RECORD,
    Permission.COMMUNICATIONS_RECORD,
    Permission.REPORTS_WRITE,
}
# Who leads units below: asks them for reports, receives these, reminds.
_LEAD_UNITS = {Permission.REPORTS_RECEIVE, Permission.NUDGE}
_KEEP_CONTESTS = {
    Permission.CONTESTS_READ,
    Permission.CONTESTS_ORGANISE,
    Permission.CONTESTS_DECIDE,
    Permission.QUESTIONS_WRITE,
    Permission.QUESTIONS_CHECK,
}
_KEEP_OFFICE = {
    Permission.PROGRAMMES_WRITE,
    Permission.REPORTS_OUTLINE,
    Permission.PAPERS_WRITE,
    Permission.ACCESS_GRANT,
    Permission.AUDIT_READ,
}

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
            Permission.REPORTS_OUTLINE,
            Permission.PAPERS_WRITE,
        }
    ),
    Role.PROVINCE_OFFICER: frozenset(_KEEP_CELL | _LEAD_UNITS | _KEEP_OFFICE | _KEEP_CONTESTS),
    Role.STANDING_MEMBER: frozenset(_READ | {Permission.PEOPLE_READ, Permission.CONTESTS_READ}),
    Role.COMMUNE_OFFICER: frozenset(_KEEP_CELL | _LEAD_UNITS | _KEEP_OFFICE | _KEEP_CONTESTS),
    Role.CONTEST_ORGANISER: frozenset({Permission.ORGS_READ, Permission.FIGURES_READ} | _KEEP_CONTESTS),
    Role.JUDGE: frozenset(
        {Permission.ORGS_READ, Permission.CONTESTS_READ, Permission.CONTESTS_DECIDE, Permission.QUESTIONS_CHECK}
    ),
    Role.CLERK: frozenset(_READ | {Permission.REPORTS_WRITE, Permission.PAPERS_WRITE}),
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
    Role.GRASSROOTS_SECRETARY: frozenset(
        _KEEP_CELL | _LEAD_UNITS | {Permission.PEOPLE_READ_SENSITIVE, Permission.ACCESS_GRANT}
    ),
    Role.CELL_SECRETARY: frozenset(_KEEP_CELL | {Permission.PEOPLE_READ_SENSITIVE}),
    Role.CELL_DEPUTY: frozenset(_KEEP_CELL),
    Role.MEMBER: frozenset({Permission.ORGS_READ, Permission.FIGURES_READ}),
    Role.VIEWER: frozenset(_READ),
}

# Nobody gives a role with a permission not held in that unit, except these: an administrator sets up offices without
# reading their records; an officer appoints secretaries, who read the masked details of their own people only.
PASSES_ON: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.PROVINCE_OFFICER: frozenset({Permission.PEOPLE_READ_SENSITIVE}),
    Role.COMMUNE_OFFICER: frozenset({Permission.PEOPLE_READ_SENSITIVE}),
}

# Roles that exist in one kind of unit only.
CELL_ROLES = frozenset({Role.CELL_SECRETARY, Role.CELL_DEPUTY})
GRASSROOTS_ROLES = frozenset({Role.GRASSROOTS_SECRETARY})

# The trail is kept in the office's language, whoever reads it later.
STAFF_MODE_NOTE = "chế độ hỗ trợ"

AUDIT_VERBS = {
    "grant.given": _("gave a role"),
    "grant.ended": _("ended a role"),
    "invitation.issued": _("invited to make an account"),
    "invitation.renewed": _("made a new invitation link"),
    "invitation.withdrawn": _("withdrew an invitation"),
    "invitation.accepted": _("accepted an invitation"),
    "access.reset": _("issued a link to set a new password"),
    "access.restored": _("set a new password by a link"),
    "staff_mode.opened": _("opened staff mode"),
    "staff_mode.closed": _("closed staff mode"),
}
