"""Rows of the access table for contests: everybody's pages, and the organising board's.

The contest is the commune's. Who organises reads and acts; the jury and the standing member above read; nobody else of
the office sees it at all, nor does another commune.
"""

from collections.abc import Mapping
from typing import Any

from langsen.contests.contests.enums import FlagKind
from langsen.contests.contests.models import BarredPerson, EntrantFlag
from langsen.foundation.core.models import ImportRun
from tests.access_roles import COMMUNE, CONTEST_ORGANISER, JUDGE, PROVINCE, SIGNED_IN, STANDING, STRANGER, Row
from tests.contest_world import a_contest, a_round, a_unit, an_entrant

ORGANISERS = frozenset({PROVINCE, COMMUNE, CONTEST_ORGANISER})
ONLY_READ = frozenset({STANDING, JUDGE})
CONTEST_READERS = ORGANISERS | ONLY_READ


def contests_in(world: Mapping[str, Any]) -> dict[str, Any]:
    """Add a running contest of the commune with a unit, two sign-ups and an unusual sign."""
    contest = a_contest(organiser_id=world["commune"].pk, slug="tim-hieu")
    a_round(contest)
    unit = a_unit(contest, "Chi bộ Hoa Ban")
    entrant = an_entrant(contest, "Lò Thị Mai", code="ABCDE23456", unit=unit)
    other = an_entrant(contest, "Lò Thị Mai", unit=unit)
    flag = EntrantFlag.objects.create(entrant=other, kind=FlagKind.DOUBLE, about="cùng tên", key=str(entrant.pk))
    barred = BarredPerson.objects.create(contest=contest, full_name="Vàng A Pó", folded="vang a po", reason="ra đề")
    made = {"contest": contest, "entrant": entrant, "other_entrant": other, "entrant_flag": flag}
    written = a_contest(organiser_id=world["commune"].pk, slug="dang-soan", status="draft", frozen_at=None)
    run = ImportRun.objects.create(
        kind="contest_units",
        user_id=world["commune_officer_user"].pk,
        org_unit_id=world["commune"].pk,
        subject_id=written.pk,
        file_name="don-vi.xlsx",
        stored_name="khong-co.bin",
        size=1,
        sha256="0" * 64,
        status="previewed",
        mapping={"code": 0},
        head={"titles": {"0": "Mã đơn vị"}, "examples": {}, "above": [["Mã đơn vị"]]},
    )
    return made | {"contest_unit": unit, "barred_person": barred, "written_contest": written, "contest_units_run": run}


_OF = {"slug": "{contest.slug}"}
_CODE = {"code": "ABCDE-23456"}
PUBLIC = [
    Row("contests:public_contests", public=True),
    Row("contests:public_contest", _OF, public=True),
    Row("contests:public_rules", _OF, public=True),
    Row("contests:public_changes", _OF, public=True),
    Row("contests:public_contest", {"slug": "khong-co"}, public=True, ok=404),
    Row("contests:sign_up", _OF, public=True),
    Row("contests:sign_up", _OF, "POST", {"full_name": "Sùng A Chua", "agrees": "on"}, public=True),
    Row("contests:find_units", _OF, query="?unit_search=hoa+ban", public=True),
    Row("contests:my_code", _OF, public=True),
    Row("contests:put_code_away", _OF, "POST", public=True),
    Row("contests:enter", _OF, public=True),
    Row("contests:enter", _OF, "POST", _CODE, public=True),
    Row("contests:mine", _OF, public=True),
    Row("contests:mine", _OF, "POST", _CODE, public=True),
    Row("contests:close_mine", _OF, "POST", public=True),
]

_LIST = {"pk": "{contest.pk}"}
_ONE = _LIST | {"number": "{entrant.number}"}
_FLAG = _LIST | {"flag": "{entrant_flag.pk}"}
_REASON = {"reason": "theo biên bản ngày 3/4"}
_ACTS = {"allow": ORGANISERS, "forbid": ONLY_READ}
ENTRANTS = [
    Row("contests:entrants", _LIST, allow=CONTEST_READERS),
    Row("contests:entrants_excel", _LIST, allow=CONTEST_READERS),
    Row("contests:entrants_excel", _LIST, "POST", ok=200, **_ACTS),
    Row("contests:forget_entrants", _LIST, allow=ORGANISERS),
    Row("contests:forget_entrants", _LIST, "POST", allow=ORGANISERS, ok=409),  # it is not yet time
    Row("contests:entrant_flags", _LIST, allow=CONTEST_READERS),
    Row("contests:decide_entrant_flag", _FLAG, **_ACTS),
    Row("contests:decide_entrant_flag", _FLAG, "POST", _REASON | {"status": "cleared"}, **_ACTS),
    Row("contests:entrant", _ONE, allow=CONTEST_READERS),
    Row("contests:reveal_entrant", _ONE, "POST", ok=200, **_ACTS),
    Row("contests:new_entrant_code", _ONE, **_ACTS),
    Row("contests:new_entrant_code", _ONE, "POST", _REASON, ok=200, **_ACTS),
    Row("contests:entrant_act", _ONE | {"act": "gop"}, **_ACTS),
    Row("contests:entrant_act", _ONE | {"act": "khong-du-dieu-kien"}, "POST", _REASON, **_ACTS),
    Row("contests:entrant_act", _ONE | {"act": "xoa-thong-tin"}, "POST", _REASON, **_ACTS),
    Row("contests:entrant_act", _ONE | {"act": "khong-co"}, allow=frozenset(), forbid=ONLY_READ),
]

_WRITTEN = {"pk": "{written_contest.pk}"}
_UNITS_RUN = {"pk": "{contest_units_run.pk}"}
_ROUND = {"title": "Tuần 2", "opens_at": "2030-04-03T09:00", "closes_at": "2030-04-09T22:00", "reason": "lịch mới"}
_OPEN = {"unit": "{commune.code}", "title": "Tìm hiểu nghị quyết"}
_UNIT = _LIST | {"unit": "{contest_unit.pk}"}
_ACTORS = {"allow": ORGANISERS, "forbid": ONLY_READ}
BOARD = [
    Row("contests:contests"),
    Row("contests:contests", query="?q=tim+hieu&stage=open"),
    Row("contests:contests_excel"),
    Row("contests:open", allow=ORGANISERS | {STRANGER}, rest=403),
    Row(
        "contests:open",
        {},
        "POST",
        _OPEN,
        allow=frozenset({COMMUNE, CONTEST_ORGANISER}),
        forbid=SIGNED_IN - ORGANISERS - {STRANGER},
        rest=422,
    ),
    Row("contests:contest", _LIST, allow=CONTEST_READERS),
    Row("contests:change", _LIST, **_ACTORS),
    Row("contests:change", _LIST, "POST", {"title": ""}, ok=422, **_ACTORS),
    Row("contests:announce", _WRITTEN, **_ACTORS),
    Row("contests:announce", _WRITTEN, "POST", ok=422, **_ACTORS),  # much is missing
    Row("contests:announce", _LIST, "POST", ok=409, **_ACTORS),  # it is announced
    Row("contests:cancel", _LIST, **_ACTORS),
    Row("contests:cancel", _LIST, "POST", _REASON, **_ACTORS),
    Row("contests:monitor", _LIST, allow=CONTEST_READERS),
    Row("contests:rounds", _LIST, allow=CONTEST_READERS),
    Row("contests:round_add", _LIST, **_ACTORS),
    Row("contests:round_add", _LIST, "POST", _ROUND, **_ACTORS),
    Row("contests:round", _LIST | {"number": "1"}, **_ACTORS),
    Row("contests:round_remove", _LIST | {"number": "1"}, "POST", ok=409, **_ACTORS),
    Row("contests:prizes", _LIST, allow=CONTEST_READERS),
    Row("contests:prizes", _LIST, "POST", _REASON | {"person-contest-first-count": "1"}, **_ACTORS),
    Row("contests:units", _LIST, allow=CONTEST_READERS),
    Row("contests:units", _LIST, "POST", {"on": "1/1/2025"}, **_ACTORS),
    Row("contests:units_excel", _LIST, allow=CONTEST_READERS),
    Row("contests:unit_add", _LIST, **_ACTORS),
    Row("contests:unit_add", _LIST, "POST", _REASON | {"code": "CB-9", "name": "Chi bộ bản Mây"}, **_ACTORS),
    Row("contests:units_empty", _WRITTEN, **_ACTORS),
    Row("contests:units_empty", _WRITTEN, "POST", **_ACTORS),
    Row("contests:units_import", allow=ORGANISERS, rest=403),
    Row("contests:units_import_template", allow=ORGANISERS, rest=403),
    Row("contests:units_import_run", _UNITS_RUN, allow=frozenset({COMMUNE})),
    Row("contests:units_import_run", _UNITS_RUN, "POST", {"action": "discard"}, allow=frozenset({COMMUNE})),
    Row("contests:units_import_rejected", _UNITS_RUN, allow=frozenset({COMMUNE})),
    Row("contests:head_count", _UNIT, **_ACTORS),
    Row("contests:head_count", _UNIT, "POST", _REASON | {"head_count": "30", "on": "1/1/2025"}, **_ACTORS),
    Row("contests:barred", _LIST, **_ACTORS),
    Row("contests:barred", _LIST, "POST", _REASON | {"people": "Lò Văn Soạn"}, **_ACTORS),
    Row("contests:lift_bar", _LIST | {"person": "{barred_person.pk}"}, "POST", **_ACTORS),
]

CONTESTS: list[Row] = [*PUBLIC, *ENTRANTS, *BOARD]
