"""Classes of people and the reasons an office knows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonClass(models.TextChoices):
    """In which capacity a person belongs to a unit. A person may hold several memberships at once."""

    FULL_MEMBER = "full_member", _("full Party member")
    PROBATIONARY_MEMBER = "probationary_member", _("probationary Party member")
    CADRE = "cadre", _("cadre")
    CIVIL_SERVANT = "civil_servant", _("civil servant")
    PUBLIC_EMPLOYEE = "public_employee", _("public employee")
    WORKER = "worker", _("employee")
    ARMED_FORCES = "armed_forces", _("armed forces")
    UNION_MEMBER = "union_member", _("youth union member")
    ASSOCIATION_MEMBER = "association_member", _("association member")
    PUBLIC = "public", _("resident")
    HOUSEHOLD = "household", _("household")


PARTY_MEMBER_CLASSES = (PersonClass.FULL_MEMBER, PersonClass.PROBATIONARY_MEMBER)
OFFICIAL_CLASSES = (
    PersonClass.CADRE,
    PersonClass.CIVIL_SERVANT,
    PersonClass.PUBLIC_EMPLOYEE,
    PersonClass.WORKER,
    PersonClass.ARMED_FORCES,
)


class AttendanceClass(models.TextChoices):
    """The classes attendances are counted by; a person of several classes counts in the first listed."""

    MEMBERS = "members", _("Party members")
    OFFICIALS = "officials", _("cadres, civil servants, public employees, workers")
    UNION_MEMBERS = "union_members", _("members of unions and associations")
    PUBLIC = "public", _("residents")
    OTHER = "other", _("others")


ATTENDANCE_CLASS_OF: dict[str, AttendanceClass] = {
    **{code.value: AttendanceClass.MEMBERS for code in PARTY_MEMBER_CLASSES},
    **{code.value: AttendanceClass.OFFICIALS for code in OFFICIAL_CLASSES},
    PersonClass.UNION_MEMBER.value: AttendanceClass.UNION_MEMBERS,
    PersonClass.ASSOCIATION_MEMBER.value: AttendanceClass.UNION_MEMBERS,
    PersonClass.PUBLIC.value: AttendanceClass.PUBLIC,
    PersonClass.HOUSEHOLD.value: AttendanceClass.PUBLIC,
}


class Sex(models.TextChoices):
    MALE = "m", _("male")
    FEMALE = "f", _("female")


class MembershipEnd(models.TextChoices):
    TRANSFERRED = "transferred", _("transferred")
    LEFT = "left", _("left")
    DIED = "died", _("died")
    CORRECTED = "corrected", _("entered by mistake")
    REORGANISED = "reorganised", _("reorganisation")


class ExemptionReason(models.TextChoices):
    AGE = "age", _("high age")
    HEALTH = "health", _("poor health")
    AWAY = "away", _("working or studying far away")
    MATERNITY = "maternity", _("maternity leave")
    OTHER = "other", _("other reason")


class CorrectionStatus(models.TextChoices):
    ASKED = "asked", _("asked")
    DONE = "done", _("corrected")
    DECLINED = "declined", _("kept as it is")


AUDIT_VERBS = {
    "person.added": _("added the person to the roster"),
    "person.changed": _("changed the details"),
    "person.transferred": _("transferred the person"),
    "person.became_full_member": _("recorded full membership"),
    "person.account_linked": _("linked the account"),
    "person.sensitive_read": _("read masked details"),
    "membership.added": _("added a membership"),
    "membership.ended": _("ended a membership"),
    "post.given": _("recorded a post"),
    "post.ended": _("ended a post"),
    "exemption.added": _("exempted the person"),
    "exemption.ended": _("ended an exemption"),
    "correction.asked": _("asked for a correction"),
    "correction.answered": _("answered the request for correction"),
    "people.reorganised": _("moved people to the unit that took over"),
    "people.imported": _("imported from Excel"),
    "people.exported": _("exported to Excel"),
}
