"""The small world of the access table: one province, one commune with a grassroots organisation and a cell, one other.

`OBJECTS` makes, in this order, what the table's `{…}` name; each function gets the objects made so far.
"""

from collections.abc import Callable, Mapping
from typing import Any

from langsen.foundation.access.enums import Permission, Role
from langsen.foundation.access.models import Grant
from langsen.foundation.access.services import invite_person
from langsen.foundation.accounts.models import ApiToken, User
from langsen.foundation.accounts.services import issue_token, system_user
from langsen.foundation.core.models import ImportRun
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.notifications.nudging import NudgeAsked, signed
from langsen.foundation.notifications.services import notify_people
from langsen.foundation.orgs.queries import tree_version
from langsen.foundation.people import services
from langsen.registers.communications.models import OutputEvidence
from langsen.registers.communications.services import cancel_output
from langsen.registers.programmes.services import version_of
from langsen.registers.study.models import SessionEvidence
from langsen.registers.study.services.attendance import open_check_in
from langsen.registers.study.services.points import add_point
from langsen.registers.study.services.sessions import SessionFacts, cancel_session, plan_session
from tests.access_contests import contests_in
from tests.access_papers import papers_in
from tests.access_quizzes import bank_in
from tests.access_reports import reports_in
from tests.access_results import results_in
from tests.factories import attach_photo, make_output, make_person, make_session, make_theme, make_tree, make_user

World = dict[str, Any]
PASSWORD = "Đường lên bản xa"

PLACES: Mapping[str, tuple[Role, str]] = {
    "admin": (Role.ADMIN, "province"),
    "province_officer": (Role.PROVINCE_OFFICER, "province"),
    "standing_member": (Role.STANDING_MEMBER, "province"),
    "commune_officer": (Role.COMMUNE_OFFICER, "commune"),
    "clerk": (Role.CLERK, "commune"),
    "contest_organiser": (Role.CONTEST_ORGANISER, "commune"),
    "judge": (Role.JUDGE, "commune"),
    "organisation_officer": (Role.ORGANISATION_OFFICER, "province"),
    "grassroots_secretary": (Role.GRASSROOTS_SECRETARY, "grassroots"),
    "cell_secretary": (Role.CELL_SECRETARY, "cell"),
    "cell_deputy": (Role.CELL_DEPUTY, "cell"),
    "member": (Role.MEMBER, "cell"),
    "viewer": (Role.VIEWER, "commune"),
    "stranger": (Role.COMMUNE_OFFICER, "other"),
}


def _tree(world: World) -> World:
    tree = make_tree(
        TI=("province", None),
        XA=("agencies", "TI"),
        CS=("grassroots_committee", "XA"),
        CB=("cell", "CS"),
        XB=("agencies", "TI"),
        CBX=("cell", "XB"),
    )
    names = {"province": "TI", "commune": "XA", "grassroots": "CS", "cell": "CB", "other": "XB", "other_cell": "CBX"}
    return {name: tree[code] for name, code in names.items()}


def _users(world: World) -> World:
    return {
        f"{name}_user": make_user(
            role, world[place], name.replace("_", "-"), display_name="Lù Thị Mai", password=PASSWORD
        )
        for name, (role, place) in PLACES.items()
    }


def _account(world: World) -> World:
    """Somebody with a role in the cell, whom the others manage, and an invitation into it with its link."""
    user = make_user(Role.MEMBER, world["cell"], "to-truong", display_name="Hồ Văn Tổ", password=PASSWORD)
    invitation, token = invite_person(
        display_name="Mùa A Sử", role=Role.CELL_DEPUTY, org_unit=world["cell"], by=system_user()
    )
    return {"account": user, "grant": Grant.objects.get(user=user), "invitation": invitation, "token": token}


def _key(world: World) -> ApiToken:
    """An access key that belongs to one of them alone."""
    return issue_token(name="máy in", expires_on=today() + ONE_DAY, by=world["cell_secretary_user"])[0]


def _roster(world: World) -> World:
    """A person of the cell with everything the roster keeps, and a file sent by the cell's secretary."""
    day = today()
    person = make_person(world["cell"], "Lò Thị Mây", "probationary_member")
    person.born_on = day.replace(year=1983, day=1)
    person.save()
    by = system_user()
    return {
        "person": person,
        "membership": person.memberships.get(),
        "post": services.give_post(person, org_unit=world["cell"], title="Chi ủy viên", from_on=day, by=by),
        "exemption": services.exempt_person(person, reason="age", from_on=day, by=by),
        "correction": services.ask_correction(person, text="Ngày sinh chưa đúng", by=by),
        "import_run": ImportRun.objects.create(
            kind="people",
            user_id=world["cell_secretary_user"].pk,
            org_unit_id=world["cell"].pk,
            file_name="danh-sach.xlsx",
            stored_name="khong-co.bin",
            size=1,
            sha256="0" * 64,
            status="previewed",
            mapping={"full_name": 0},
            head={"titles": {"0": "Họ và tên"}, "examples": {}, "above": [["Họ và tên"]]},
        ),
    }


def _sent_file(world: World, kind: str, column: str, heading: str) -> ImportRun:
    """A file the cell's secretary sent to the import `kind`, read and not applied; one column was recognised."""
    run = ImportRun.objects.get(pk=world["import_run"].pk)
    run.pk, run.kind, run.mapping = None, kind, {column: 0}
    run.head = {"titles": {"0": heading}, "examples": {}, "above": [[heading]]}
    run.save()
    return run


def _tree_run(world: World) -> ImportRun:
    """A list of units the organisation officer sent."""
    run = _sent_file(world, "orgs", "code", "Mã")
    run.user_id = world["organisation_officer_user"].pk
    run.save()
    return run


def _study(world: World) -> World:
    """Sessions of the cell in each state, a remote point with its code, a theme of the commune, an import."""
    by, cell, commune = system_user(), world["cell"], world["commune"]
    theme = make_theme(commune, from_on=today().replace(month=1, day=1))
    session = make_session(cell, today(), mode="hybrid", themes=[theme], points=[])
    facts = SessionFacts(kind="thematic_meeting", title="Sinh hoạt chuyên đề", held_on=today())
    return {
        "theme": theme,
        "theme_seen": version_of(theme),
        "session": session,
        "session_file": attach_photo(SessionEvidence, session, by),
        "main_point": session.points.get(),
        "point": open_check_in(add_point(session, world["grassroots"], by=by), by=by),
        "planned": plan_session(cell, facts, by=by),
        "cancelled_session": cancel_session(make_session(cell, today()), reason="Hoãn", by=by),
        "tree_run": _tree_run(world),
        "sessions_run": _sent_file(world, "sessions", "title", "Nội dung"),
    }


def _communications(world: World) -> World:
    """Outputs of the cell, one with a photo, one cancelled, and an import."""
    by = system_user()
    output = make_output(world["cell"])
    return {
        "output": output,
        "output_file": attach_photo(OutputEvidence, output, by),
        "cancelled_output": cancel_output(make_output(world["cell"], title="Ghi nhầm"), reason="Ghi nhầm", by=by),
        "outputs_run": _sent_file(world, "outputs", "title", "Tiêu đề"),
    }


def _notices(world: World) -> World:
    """A notice of the cell's secretary alone, and the button that reminds the cell."""
    secretary = world["cell_secretary_user"]
    notify_people([secretary], kind="test", subject="Đề nghị gửi báo cáo", by=system_user())
    asked = NudgeAsked(world["cell"].code, "test", "Đề nghị ghi nhận", "", "/", Permission.STUDY_RECORD.value)
    return {"notice": secretary.notices.get(), "nudge_button": signed(asked)}


# A function that returns a dict adds several objects; any other object is added under its key.
OBJECTS: dict[str, Callable[[World], Any]] = {
    "tree": _tree,
    "users": _users,
    "account": _account,
    "key": _key,
    "roster": _roster,
    "study": _study,
    "reports": reports_in,
    "papers": papers_in,
    "communications": _communications,
    "notices": _notices,
    "contests": contests_in,
    "quizzes": bank_in,
    "results": results_in,
    "tree_version": lambda world: str(tree_version()),  # last: forms are opened on the finished tree
}


def make_world() -> World:
    """Make every object and return them by name."""
    world: World = {}
    for name, make in OBJECTS.items():
        made = make(world)
        world |= made if isinstance(made, dict) else {name: made}
    return world


def user_of(world: World, role: str) -> User:
    user: User = world[f"{role}_user"]
    return user
