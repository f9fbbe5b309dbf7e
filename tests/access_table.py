"""Who gets what from every address: written by hand, checked by `test_access_table.py`.

One line is one address and method. To add yours:

    Row("study:session", {"pk": "{session.pk}"}, allow=STUDY_READERS),
    Row("study:cancel", {"pk": "{session.pk}"}, "POST", {"reason": "…"}, allow=RECORDERS, forbid=READ_ONLY, ok=302),

- `allow`: the roles that get `ok` (GET 200, POST 302 unless said otherwise); `forbid`: those that see the object but
  may not do this (403); everybody else signed in gets `rest` (404: what one may not see does not exist).
- Somebody not signed in is sent to the sign-in page (302); `public=True`: gets `ok` like everybody; the API:
  `anonymous=401`.
- `{…}` in addresses, data and `query` names an object of the small world in `tests/access_world.py` ("{cell.code}",
  "{person.pk}"). All objects lie in the cell; every role is held at its usual place above or in it. `stranger` is a
  commune officer of another commune. Put a new object there with one line.
- A row with `method="POST"` is run inside a savepoint and undone, so rows do not depend on each other.

A test fails for every address without a row, and names it.
"""

from collections.abc import Mapping
from datetime import date

from tests.access_contests import CONTESTS
from tests.access_papers import PAPERS
from tests.access_people import PEOPLE
from tests.access_quizzes import QUIZZES
from tests.access_reports import REPORTS
from tests.access_results import RESULTS
from tests.access_roles import (
    COMMUNE,
    DEPUTY,
    FIGURE_READERS,
    GRANTERS,
    GRASSROOTS,
    JUDGE,
    LOG_READERS,
    OFFICE,
    ORGANISATION,
    ORGS_CHANGERS,
    PROGRAMME_WRITERS,
    PROVINCE,
    RECORDERS,
    SECRETARY,
    SIGNED_IN,
    STRANGER,
    STUDY_READERS,
    Row,
)
from tests.evidence_samples import Sent, pdf

_ASKED = "?unit={cell.code}&from=2024-01-01&to=2024-12-31"
FRAME = [
    Row("set_text_size", {}, "POST", {"step": "larger"}, public=True),
    Row("set_language", {}, "POST", {"language": "en"}, public=True),
    Row("offline", public=True),
    Row("service_worker", public=True),
    Row("api:openapi-json"),
    Row("api:openapi-view"),
    Row("api:api-root", ok=404),
    Row(
        "api:figures",
        query=f"{_ASKED}&tree=then",
        anonymous=401,
        allow=FIGURE_READERS,
    ),
]

SIGN_IN = [
    Row("account_login", ok=302, anonymous=200),
    Row("account_login", {}, "POST", {"login": "khong-co", "password": "x"}, ok=302, anonymous=200),
    Row("account_logout", {}, "POST"),
    Row("account_inactive", public=True),
    Row("forgotten_password", public=True),
    Row("account_reauthenticate"),
    Row("account_change_password"),
    Row("mfa_index"),
    Row("mfa_authenticate", ok=302),
    Row("mfa_reauthenticate", ok=302),
    Row("mfa_activate_totp", ok=302),
    Row("mfa_deactivate_totp", ok=404),
    Row("mfa_view_recovery_codes", ok=404),
    Row("mfa_generate_recovery_codes", ok=302),
    Row("mfa_download_recovery_codes", ok=404),
    Row("usersessions_list"),
    Row("accounts:mine"),
    Row("accounts:mine", {}, "POST", {"name": "báo cáo", "days": "90"}, ok=200),
    Row("accounts:revoke_token", {"pk": "{key.pk}"}, allow=frozenset({SECRETARY})),
    Row("accounts:revoke_token", {"pk": "{key.pk}"}, "POST", allow=frozenset({SECRETARY})),
]

INVITATION = {
    "display_name": "Sùng A Chua",
    "org_unit": "{cell.code}",
    "role": "cell_deputy",
    "link_days": "7",
}
ACCESS = [
    Row("access:grants", allow=GRANTERS | {STRANGER}, rest=403),
    Row("access:grants_excel", allow=GRANTERS | {STRANGER}, rest=403),
    Row("access:roles"),
    Row("access:give_role", allow=GRANTERS | {STRANGER}, rest=403),
    Row(
        "access:give_role",
        {},
        "POST",
        {"username": "to-truong", "org_unit": "{cell.code}", "role": "viewer"},
        allow=GRANTERS,
        ok=302,
        forbid=OFFICE - GRANTERS,
        rest=422,
    ),
    Row("access:end_role", {"pk": "{grant.pk}"}, allow=GRANTERS, forbid=OFFICE - GRANTERS),
    Row(
        "access:end_role",
        {"pk": "{grant.pk}"},
        "POST",
        {"at_once": "on"},
        allow=GRANTERS,
        forbid=OFFICE - GRANTERS,
    ),
    Row("access:reset", {"pk": "{grant.pk}"}, allow=GRANTERS, forbid=OFFICE - GRANTERS),
    Row("access:reset", {"pk": "{grant.pk}"}, "POST", allow=GRANTERS, forbid=OFFICE - GRANTERS, ok=200),
    Row("access:invitations", allow=GRANTERS | {STRANGER}, rest=403),
    Row("access:invite", allow=GRANTERS | {STRANGER}, rest=403),
    Row("access:invite", {}, "POST", INVITATION, allow=GRANTERS, ok=200, forbid=OFFICE - GRANTERS, rest=422),
    Row("access:renew", {"pk": "{invitation.pk}"}, allow=GRANTERS, forbid=OFFICE - GRANTERS),
    Row("access:renew", {"pk": "{invitation.pk}"}, "POST", allow=GRANTERS, forbid=OFFICE - GRANTERS, ok=200),
    Row("access:withdraw", {"pk": "{invitation.pk}"}, allow=GRANTERS, forbid=OFFICE - GRANTERS),
    Row("access:withdraw", {"pk": "{invitation.pk}"}, "POST", allow=GRANTERS, forbid=OFFICE - GRANTERS),
    Row("access:accept", {"token": "{token}"}, public=True),
    Row("access:accept", {"token": "made-up"}, public=True, ok=404),
    Row("access:new_password", {"uid": "MQ", "token": "made-up"}, public=True, ok=404),
    Row("access:staff_mode", allow=frozenset(), rest=403),
    Row("access:end_staff_mode", {}, "POST"),
]

OFFICE_PAGES = [
    Row("office:desk"),
    Row("office:todos"),
    Row("office:slow", query="?unit={cell.code}", allow=STUDY_READERS | {STRANGER}),
    Row("office:search", query="?q=ban"),
    Row("office:me"),
    Row("office:audit_log", allow=LOG_READERS | {STRANGER}, rest=403),
    Row("office:audit_log_excel", allow=LOG_READERS | {STRANGER}, rest=403),
]

_RENAMED = {"name": "Chi bộ Hoa Ban", "effective_on": "1/7/2025", "decision_number": "12", "decided_on": "20/6/2025"}
_RENAMED |= {"tree_version": "{tree_version}"}
_RENAME = {"code": "{cell.code}", "operation": "doi-ten"}
_CHANGERS = {"allow": ORGS_CHANGERS, "forbid": OFFICE - ORGS_CHANGERS}

ORGS: list[Row] = [
    Row("orgs:tree"),
    Row("orgs:tree", query="?o={cell.code}", allow=OFFICE),
    Row("orgs:tree_excel"),
    Row("orgs:tree_excel", query="?o={cell.code}", allow=OFFICE),
    Row("orgs:units_import", allow=ORGS_CHANGERS, rest=403),
    Row("orgs:units_import_template", allow=ORGS_CHANGERS, rest=403),
    Row("orgs:units_import_run", {"pk": "{tree_run.pk}"}, allow=frozenset({ORGANISATION})),
    Row(
        "orgs:units_import_run",
        {"pk": "{tree_run.pk}"},
        "POST",
        {"action": "discard"},
        allow=frozenset({ORGANISATION}),
    ),
    Row("orgs:units_import_rejected", {"pk": "{tree_run.pk}"}, allow=frozenset({ORGANISATION})),
    Row("orgs:unit", {"code": "{cell.code}"}, allow=OFFICE),
    Row("orgs:change", _RENAME, **_CHANGERS),
    Row("orgs:change", _RENAME, "POST", _RENAMED, ok=200, **_CHANGERS),
    Row("orgs:change", _RENAME, "POST", _RENAMED | {"confirmed": "1"}, **_CHANGERS),
]

_THEME = {
    "programme": "1",
    "org_unit": "{commune.code}",
    "kind": "annual",
    "name_vi": "Nêu gương",
    "from_on": "2026-01-01",
    "obliged_classes": "full_member",
    "source": "Kế hoạch số 2",
}
_THEME_ADDERS = PROGRAMME_WRITERS | {STRANGER}
PROGRAMMES: list[Row] = [
    Row("programmes:themes"),
    Row("programmes:theme", {"code": "{theme.code}"}),
    Row("programmes:theme_add", allow=_THEME_ADDERS, rest=403),
    # Each adds themes of the own unit: another's is no choice of the form.
    Row(
        "programmes:theme_add",
        {},
        "POST",
        _THEME,
        allow=frozenset({COMMUNE}),
        forbid=SIGNED_IN - _THEME_ADDERS,
        rest=422,
    ),
    Row("programmes:theme_change", {"code": "{theme.code}"}, allow=PROGRAMME_WRITERS, rest=403),
    Row(
        "programmes:theme_change",
        {"code": "{theme.code}"},
        "POST",
        _THEME | {"seen": "{theme_seen}"},
        allow=PROGRAMME_WRITERS,
        rest=403,
    ),
]


def register_rows(
    app: str,
    many: str,
    one: str,
    sent: Mapping[str, object],
    *,
    readers: frozenset[str],
    recorders: frozenset[str],
    change: Mapping[str, object] | None = None,
) -> list[Row]:
    """The pages a register made with the kit has, for a record of the cell: list, Excel both ways, entry, the record
    itself, change, cancel, restore.

    The small world names them `{<one>.pk}`, `{cancelled_<one>.pk}` and `{<many>_run.pk}`, an import of the cell's
    secretary. `sent` is a good entry, `change` a good change (the same unless told). `readers` see records of the cell,
    `recorders` write them; whoever records nowhere gets 403 at an entry form.
    """
    anywhere = {"allow": recorders | {STRANGER}, "rest": 403}
    for_cell = {"query": "?unit={cell.code}", "allow": recorders, "forbid": OFFICE - recorders}
    writes = {"allow": recorders, "forbid": readers - recorders}
    record, cancelled = {"pk": f"{{{one}.pk}}"}, {"pk": f"{{cancelled_{one}.pk}}"}
    run, sender = {"pk": f"{{{many}_run.pk}}"}, frozenset({SECRETARY})
    return [
        Row(f"{app}:{many}"),
        Row(f"{app}:{many}", query="?unit={cell.code}&q=hoc&sort=-day"),
        Row(f"{app}:{many}_excel"),
        Row(f"{app}:{many}_import", **anywhere),
        Row(f"{app}:{many}_import_template", **anywhere),
        Row(f"{app}:{many}_import_run", run, allow=sender),
        Row(f"{app}:{many}_import_run", run, "POST", {"action": "discard"}, allow=sender),
        Row(f"{app}:{many}_import_rejected", run, allow=sender),
        Row(f"{app}:record", **anywhere),
        Row(f"{app}:record", **for_cell),
        Row(f"{app}:record", {}, "POST", sent, **for_cell),
        Row(f"{app}:{one}", record, allow=readers),
        Row(f"{app}:change", record, **writes),
        Row(f"{app}:change", record, "POST", change or sent, **writes),
        Row(f"{app}:cancel", record, **writes),
        Row(f"{app}:cancel", record, "POST", {"reason": "Ghi nhầm"}, **writes),
        Row(f"{app}:restore", cancelled, **writes),
        Row(f"{app}:restore", cancelled, "POST", **writes),
    ]


def evidence_rows(prefix: str, one: str, *, readers: frozenset[str], recorders: frozenset[str]) -> list[Row]:
    """The pages of pictures and papers of a record of the cell, `{<one>.pk}` with an attached photo `{<one>_file.pk}`.

    `prefix` is that of its `EvidencePages`.
    """
    writes = {"allow": recorders, "forbid": readers - recorders}
    record = {"pk": f"{{{one}.pk}}"}
    file = record | {"file": f"{{{one}_file.pk}}"}
    return [
        Row(prefix, record, **writes),
        Row(prefix, record, "POST", {"chosen": Sent(pdf(), "bien-ban.pdf"), "caption": "Biên bản"}, **writes),
        Row(f"{prefix}_file", file, allow=readers),
        Row(f"{prefix}_thumbnail", file, allow=readers),
        Row(f"{prefix}_caption", file, **writes),
        Row(f"{prefix}_caption", file, "POST", {"caption": "Toàn cảnh hội trường"}, **writes),
        Row(f"{prefix}_detach", file, **writes),
        Row(f"{prefix}_detach", file, "POST", {"reason": "Nhầm tệp"}, **writes),
    ]


_RECORDING = {"allow": RECORDERS | {STRANGER}, "rest": 403}
_FOR_CELL = {"query": "?unit={cell.code}", "allow": RECORDERS, "forbid": OFFICE - RECORDERS}
_RECORDS = {"allow": RECORDERS, "forbid": STUDY_READERS - RECORDERS}
_SESSION = {"pk": "{session.pk}"}
_POINT = {"pk": "{point.pk}"}
_FACTS = {"kind": "flag_salute", "title": "Chào cờ", "held_on": "1/2/2026", "mode": "hybrid", "status": "held"}
_ROLL = {"listed": "{person.pk}", "present": "{person.pk}"}
_MAKE_UP = "?unit={cell.code}&theme={theme.code}"
_MADE_UP = {"session": "{session.pk}", "studied_on": str(date.today()), "people": "{person.pk}"}
STUDY: list[Row] = [
    *register_rows(
        "study",
        "sessions",
        "session",
        _FACTS | _ROLL | {"kind": "thematic_meeting"},
        change=_FACTS,
        readers=STUDY_READERS,
        recorders=RECORDERS,
    ),
    *evidence_rows("study:session_evidence", "session", readers=STUDY_READERS, recorders=RECORDERS),
    Row("study:new", **_RECORDING),
    Row("study:new", {}, "POST", _FACTS, **_FOR_CELL),
    Row("study:hold", {"pk": "{planned.pk}"}, **_RECORDS),
    Row("study:hold", {"pk": "{planned.pk}"}, "POST", _ROLL, **_RECORDS),
    Row("study:organiser", {"pk": "{planned.pk}"}, **_RECORDS),
    Row(
        "study:organiser",
        {"pk": "{planned.pk}"},
        "POST",
        {"reason": "Nhập nhầm đơn vị"},
        query="?unit={grassroots.code}",
        allow=RECORDERS - {SECRETARY, DEPUTY},
        forbid=STUDY_READERS - RECORDERS,
    ),
    Row("study:add_points", _SESSION, **_RECORDS),
    Row("study:add_points", _SESSION, "POST", {"unit": "{commune.pk}"}, **_RECORDS),
    Row("study:points"),
    Row("study:point_numbers", _POINT, **_RECORDS),
    Row("study:point_numbers", _POINT, "POST", {"present_public": "12"}, **_RECORDS),
    Row("study:point_roll", {"pk": "{main_point.pk}"}, **_RECORDS),
    Row("study:point_roll", {"pk": "{main_point.pk}"}, "POST", _ROLL, **_RECORDS),
    Row("study:point_change", _POINT, **_RECORDS),
    Row("study:point_change", _POINT, "POST", {"contact": "Đ/c Lù"}, **_RECORDS),
    Row("study:point_remove", _POINT, "POST", **_RECORDS),
    Row("study:point_code", _POINT, **_RECORDS),
    Row("study:point_code", _POINT, "POST", **_RECORDS),
    Row("study:point_code_image", _POINT, **_RECORDS),
    # Whoever holds the code may look; only a person of a roster can confirm, and none of these accounts is one.
    Row("study:enter_code"),
    Row("study:enter_code", {}, "POST", {"code": "{point.check_in_code}"}),
    Row("study:check_in", {"code": "{point.check_in_code}"}),
    Row("study:check_in", {"code": "{point.check_in_code}"}, "POST", allow=frozenset(), rest=403),
    Row("study:make_up", allow=STUDY_READERS | {STRANGER}),
    Row("study:make_up", query=_MAKE_UP, allow=STUDY_READERS),
    Row("study:make_up", {}, "POST", _MADE_UP, query=_MAKE_UP, **_RECORDS),
    Row("study:make_up_excel", query=_MAKE_UP, allow=STUDY_READERS),
]

_OUTPUT = {"kind": "panel", "title": "Pa nô ở đầu bản", "published_on": "1/2/2026", "link": "https://vi-du.vn/pa-no"}
_ABOUT_OUTPUTS = {"readers": STUDY_READERS, "recorders": RECORDERS}
COMMUNICATIONS: list[Row] = [
    *register_rows("communications", "outputs", "output", _OUTPUT, **_ABOUT_OUTPUTS),
    *evidence_rows("communications:output_evidence", "output", **_ABOUT_OUTPUTS),
]

_LIST = {"query": f"{_ASKED}&figure=study.sessions", "allow": STUDY_READERS, "forbid": FIGURE_READERS - STUDY_READERS}
FIGURES: list[Row] = [
    Row("figures:page", allow=SIGNED_IN - {JUDGE}),
    Row("figures:page", query=_ASKED, allow=FIGURE_READERS),
    Row("figures:excel", query=_ASKED, allow=FIGURE_READERS),
    Row("figures:list", **_LIST),
    Row(
        "figures:list",
        query=f"{_ASKED}&figure=programmes.communication_outputs",
        allow=STUDY_READERS,
        forbid=FIGURE_READERS - STUDY_READERS,
    ),
    Row("figures:list_excel", **_LIST),
]

NUDGERS = frozenset({PROVINCE, COMMUNE, GRASSROOTS})
_NOTICE = {"kwargs": {"pk": "{notice.pk}"}, "allow": frozenset({SECRETARY})}
NOTICES: list[Row] = [
    Row("notices:inbox"),
    Row("notices:read_all", {}, "POST", {"until": "{notice.pk}"}),
    Row("notices:mail"),
    Row("notices:mail", {}, "POST", {"email": "toi@xa.example"}),
    Row("notices:open", **_NOTICE),
    Row("notices:read", method="POST", **_NOTICE),
    Row("notices:nudge", {}, "POST", {"nudge": "{nudge_button}"}, allow=NUDGERS, forbid=OFFICE - NUDGERS),
]

TABLE = [
    *FRAME,
    *SIGN_IN,
    *ACCESS,
    *OFFICE_PAGES,
    *ORGS,
    *PEOPLE,
    *PROGRAMMES,
    *STUDY,
    *COMMUNICATIONS,
    *FIGURES,
    *REPORTS,
    *PAPERS,
    *NOTICES,
    *CONTESTS,
    *QUIZZES,
    *RESULTS,
]
