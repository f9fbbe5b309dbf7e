"""Rows of the access table for the roster: people, their posts, exemptions, corrections and the import."""

from collections.abc import Mapping

from tests.access_roles import PEOPLE_READERS, PEOPLE_WRITERS, SECRETARY, SENSITIVE_READERS, SIGNED_IN, STRANGER, Row

_PERSON = {"pk": "{person.pk}"}
_READ_ONLY = PEOPLE_READERS - PEOPLE_WRITERS
_MASKED_ONLY = PEOPLE_READERS - SENSITIVE_READERS
_ROSTER_KEEPERS = PEOPLE_WRITERS | {STRANGER}


def _change(url: str, data: Mapping[str, object] | None = None, **kwargs: str) -> list[Row]:
    """A form about the person of the cell: looked at and sent, by those who keep the cell's roster."""
    where = _PERSON | kwargs
    rows = [Row(url, where, allow=PEOPLE_WRITERS, forbid=_READ_ONLY)]
    if data is not None:
        rows.append(Row(url, where, "POST", data, allow=PEOPLE_WRITERS, forbid=_READ_ONLY))
    return rows


PEOPLE: list[Row] = [
    Row("people:roster", allow=PEOPLE_READERS | {STRANGER}, rest=403),
    Row("people:roster_export", allow=PEOPLE_READERS | {STRANGER}, rest=403),
    Row("people:roster_export", {}, "POST", allow=SENSITIVE_READERS, ok=200, rest=403),
    Row("people:roster_import", allow=_ROSTER_KEEPERS, rest=403),
    Row("people:roster_import_template", allow=_ROSTER_KEEPERS, rest=403),
    Row("people:roster_import_run", {"pk": "{import_run.pk}"}, allow=frozenset({SECRETARY})),
    Row(
        "people:roster_import_run",
        {"pk": "{import_run.pk}"},
        "POST",
        {"action": "discard"},
        allow=frozenset({SECRETARY}),
    ),
    Row("people:roster_import_rejected", {"pk": "{import_run.pk}"}, allow=frozenset({SECRETARY})),
    Row("people:add", allow=_ROSTER_KEEPERS, rest=403),
    Row(
        "people:add",
        {},
        "POST",
        {
            "full_name": "Giàng A Tủa",
            "org_unit": "{cell.code}",
            "person_class": "full_member",
            "from_on": "1/1/2024",
        },
        allow=PEOPLE_WRITERS,
        forbid=SIGNED_IN - _ROSTER_KEEPERS,
        rest=422,
    ),
    Row("people:divided", {"code": "{cell.code}"}, allow=PEOPLE_WRITERS),
    Row(
        "people:divided",
        {"code": "{cell.code}"},
        "POST",
        {"to": "", "on": "", "people": "{person.pk}"},
        allow=PEOPLE_WRITERS,
        ok=422,
    ),
    Row("people:me", allow=frozenset()),
    Row("people:ask", allow=frozenset()),
    Row("people:ask", {}, "POST", {"text": "Sai ngày sinh"}, allow=frozenset()),
    Row("people:corrections", allow=_ROSTER_KEEPERS, rest=403),
    Row("people:correction", {"pk": "{correction.pk}"}, allow=PEOPLE_WRITERS),
    Row(
        "people:correction",
        {"pk": "{correction.pk}"},
        "POST",
        {"is_done": "yes", "answer": "Đã sửa"},
        allow=PEOPLE_WRITERS,
    ),
    Row("people:person", _PERSON, allow=PEOPLE_READERS),
    Row("people:print", _PERSON, allow=PEOPLE_READERS),
    Row("people:reveal", _PERSON, "POST", allow=SENSITIVE_READERS, forbid=_MASKED_ONLY, ok=200),
    Row("people:print_revealed", _PERSON, "POST", allow=SENSITIVE_READERS, forbid=_MASKED_ONLY, ok=200),
    *_change("people:change", {"full_name": "Lò Thị Mây", "sex": "f"}),
    *_change("people:link_account", {"username": ""}),
    *_change("people:ask_for", {"text": "Sai ngày sinh"}),
    *_change("people:add_membership"),
    *_change("people:transfer", membership="{membership.pk}"),
    *_change("people:end_membership", {"reason": "corrected"}, membership="{membership.pk}"),
    *_change("people:full_member", {"on": "1/1/2021"}, membership="{membership.pk}"),
    *_change("people:give_post", {"org_unit": "{cell.code}", "title": "Phó bí thư", "from_on": "1/1/2024"}),
    *_change("people:end_post", {"last_on": "1/1/2199"}, post="{post.pk}"),
    *_change("people:exempt", {"reason": "health", "from_on": "1/1/2021", "last_on": "1/2/2021"}),
    *_change("people:end_exemption", {"last_on": "1/1/2199"}, exemption="{exemption.pk}"),
]
