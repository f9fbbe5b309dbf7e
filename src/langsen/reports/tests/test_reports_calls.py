"""Requests for reports: who owes what by when, and the share that came in time, against a count one by one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.periods import Period, today
from langsen.foundation.figures.catalogue import figure_by_code
from langsen.foundation.figures.drill import behind, ids_behind
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_unit
from langsen.foundation.figures.enums import Reading
from langsen.foundation.notifications.models import Notice
from langsen.foundation.orgs.models import OrgUnit, UnitKind
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.services import dissolve_unit, move_unit
from langsen.reports.enums import ReportStatus
from langsen.reports.models import CallExtension, Report, ReportCall
from langsen.reports.queries.calls import call_for, calls_for, duties_for, duties_of
from langsen.reports.queries.desk import todos_for
from langsen.reports.services import calls, flow
from tests.examples import examples
from tests.factories import make_unit, make_user
from tests.reports_world import PERIOD, World, make_outline, make_world

pytestmark = pytest.mark.django_db

RATE = "programmes.reports_on_time_rate"
PAPER = Decision("7-QĐ/TU", date(2025, 2, 1))


@pytest.fixture
def world() -> World:
    return make_world()


def states(call: ReportCall) -> dict[str, tuple[str, date]]:
    return {duty.unit.code: (duty.state, duty.due_on) for duty in duties_of(call)}


def sent_on(report: Report, day: date) -> None:
    moment = timezone.make_aware(datetime.combine(day, time(23, 59)))
    Report.objects.filter(pk=report.pk).update(sent_at=moment)


def test_who_is_asked_owes_and_is_told(world: World) -> None:
    call = world.call(due_on=today() + timedelta(3))
    assert states(call) == {"X1": ("waiting", call.due_on), "X2": ("waiting", call.due_on)}
    assert {notice.user for notice in Notice.objects.all()} == {world.commune, world.other}
    (duty,) = duties_for(world.commune)
    assert (duty.unit, duty.call, duty.report) == (world.unit("X1"), call, None)
    assert duties_for(world.province) == []


def test_units_that_are_not_there_on_the_day_owe_nothing(world: World) -> None:
    p1 = world.unit("P1")
    make_unit("MOI", "agencies", p1, date(2026, 1, 10))
    make_unit("SAU", "agencies", p1, date(2026, 1, 11))
    make_unit("CU", "agencies", p1, last_on=date(2026, 1, 9))
    make_unit("CB", "agencies", p1, is_published=True)
    call = world.call(due_on=date(2026, 1, 10))
    assert set(states(call)) == {"X1", "X2", "MOI"}
    calls.extend_call(call, None, due_on=date(2026, 1, 11), reason="Nghỉ lễ", by=world.province)
    assert set(states(call)) == {"X1", "X2", "MOI", "SAU"}


def test_a_unit_dissolved_before_the_day_leaves(world: World) -> None:
    call = world.call(due_on=date(2026, 1, 10))
    gone = {"decision": PAPER, "by": system_user(), "children_to": world.unit("X1")}
    dissolve_unit(world.unit("X2"), effective_on=date(2026, 1, 10), **gone)
    assert set(states(call)) == {"X1"}


def test_in_time_late_overdue(world: World) -> None:
    call = world.call(due_on=date(2026, 1, 10))
    assert states(call)["X1"][0] == "overdue"
    report = world.draft()
    assert report.call == call
    (duty,) = [duty for duty in duties_of(call) if duty.report]
    assert (duty.report, duty.state) == (report, "overdue")
    flow.cancel_report(report, reason="Lập lại", by=world.commune)
    report = world.sent()
    sent_on(report, date(2026, 1, 10))
    assert states(call)["X1"][0] == "on_time"
    sent_on(report, date(2026, 1, 11))
    assert states(call)["X1"][0] == "late"
    assert duties_for(world.commune) == []


def test_a_report_begun_before_it_was_asked_for_answers_too(world: World) -> None:
    report = world.draft()
    other = world.draft("X2", Period(date(2025, 1, 1), date(2025, 6, 30)))
    call = world.call()
    assert Report.objects.get(pk=report.pk).call == call
    assert Report.objects.get(pk=other.pk).call is None


def test_a_report_is_begun_for_a_request_only_by_who_owes_it(world: World) -> None:
    call = world.call()
    with pytest.raises(BadInput):
        world.draft("P1", call=call)
    with pytest.raises(BadInput):
        world.draft("X1", Period(date(2025, 1, 1), date(2025, 6, 30)), call=call)
    calls.withdraw_call(call, by=world.province)
    call.refresh_from_db()
    with pytest.raises(Conflict):
        world.draft(call=call)
    assert not Report.objects.exists()


def test_more_time_for_one_and_for_all(world: World) -> None:
    call = world.call(due_on=date(2026, 1, 10))
    calls.extend_call(call, world.unit("X1"), due_on=date(2026, 2, 1), reason="Lũ", by=world.province)
    calls.extend_call(call, None, due_on=date(2026, 1, 20), reason="Nghỉ lễ", by=world.province)
    assert {code: due for code, (_, due) in states(call).items()} == {"X1": date(2026, 2, 1), "X2": date(2026, 1, 20)}
    for unit, due_on in ((None, date(2026, 1, 20)), (world.unit("X1"), date(2026, 1, 25))):
        with pytest.raises(BadInput):
            calls.extend_call(call, unit, due_on=due_on, reason="Nữa", by=world.province)
    with pytest.raises(BadInput):
        calls.extend_call(call, None, due_on=date(2026, 3, 1), reason=" ", by=world.province)
    with pytest.raises(BadInput):
        calls.extend_call(call, world.unit("C1"), due_on=date(2026, 3, 1), reason="x", by=world.province)
    with pytest.raises(NotAllowed):
        calls.extend_call(call, None, due_on=date(2026, 3, 1), reason="x", by=world.commune)


def test_a_request_withdrawn_is_owed_by_nobody(world: World) -> None:
    call = world.call()
    calls.withdraw_call(call, by=world.province)
    assert duties_of(call) == []
    with pytest.raises(Conflict):
        calls.withdraw_call(call, by=world.province)
    with pytest.raises(Conflict):
        calls.extend_call(call, None, due_on=date(2026, 3, 1), reason="x", by=world.province)
    assert world.call() != call  # it may be made anew


def test_what_cannot_be_asked(world: World) -> None:
    kinds = list(UnitKind.objects.filter(code="agencies"))
    ask = {"kinds": kinds, "by": world.province}
    p1 = world.unit("P1")
    with pytest.raises(BadInput):
        calls.call_reports(world.outline, p1, PERIOD, due_on=date(2025, 6, 30), **ask)
    with pytest.raises(BadInput):
        calls.call_reports(world.outline, p1, PERIOD, due_on=date(2096, 1, 1), **ask)
    with pytest.raises(BadInput):
        calls.call_reports(world.outline, p1, PERIOD, due_on=date(2026, 1, 5), kinds=[], by=world.province)
    with pytest.raises(NotAllowed):
        calls.call_reports(world.outline, p1, PERIOD, due_on=date(2026, 1, 5), kinds=kinds, by=world.commune)
    world.call()
    with pytest.raises(Conflict):
        world.call()


def test_who_sees_a_request(world: World) -> None:
    call = world.call()
    stranger = make_user(Role.VIEWER, make_unit("P2", "province", world.unit("TW")))
    assert call_for(world.commune, call.pk) == call_for(world.province, call.pk) == call
    assert list(calls_for(stranger)) == []
    with pytest.raises(NotFound):
        call_for(stranger, call.pk)


def test_the_desk_says_what_waits(world: World) -> None:
    call = world.call(due_on=date(2026, 1, 10))
    (todo,) = todos_for(world.commune)
    assert (todo.due_on, todo.href, todo.note) == (call.due_on, call.get_absolute_url(), "Đơn vị X1")
    report = world.draft()
    (todo,) = todos_for(world.commune)
    assert (todo.due_on, todo.href) == (call.due_on, report.get_absolute_url())
    flow.cancel_report(report, reason="Lập lại", by=world.commune)
    report = world.sent()
    assert todos_for(world.commune) == []
    (todo,) = todos_for(world.province)
    assert todo.href == report.get_absolute_url()
    flow.ask_supplement(report, reason="Thiếu", by=world.province)
    assert todos_for(world.province) == []
    (todo,) = todos_for(world.commune)
    assert todo.href == report.get_absolute_url()
    answer = flow.answer_report(report, "supplement", by=world.commune)
    (todo,) = todos_for(world.commune)
    assert todo.href == answer.get_absolute_url()


# A count one by one. Tree: B ends on 30/6/2025 without successor, D moves from P1 to P2 on 1/3/2025, PUB is published.
MOVE, END = date(2025, 3, 1), date(2025, 7, 1)
UNITS = ("A", "B", "D", "E", "PUB")
ASKERS = ("TW", "P1", "P2")
TOPS = ("TW", "P1", "P2", "A", "B", "D")


def _above(code: str, day: date) -> tuple[str, ...]:
    if code in ("TW", "P1", "P2"):
        return ("TW",) if code == "TW" else (code, "TW")
    if code == "B" and day >= END:
        return ()
    province = {"A": "P1", "B": "P1", "PUB": "P1", "E": "P2", "D": "P1" if day < MOVE else "P2"}[code]
    return (code, province, "TW")


@dataclass(frozen=True)
class Asking:
    asker: str
    due_on: date
    withdrawn: bool
    extensions: tuple[tuple[str | None, int], ...]
    sent: tuple[tuple[str, int], ...]  # unit, days after the first due day

    def duties(self) -> list[tuple[str, date, bool]]:
        """Unit, its due day, whether its report came in time."""
        found = []
        for code in () if self.withdrawn else UNITS:
            days = [days for unit, days in self.extensions if unit in (None, code)]
            due_on = self.due_on + timedelta(max([0, *days]))
            if code == "PUB" or self.asker not in _above(code, due_on):
                continue
            sent = [self.due_on + timedelta(days) for unit, days in self.sent if unit == code]
            found.append((code, due_on, bool(sent) and min(sent) <= due_on))
        return found


askings = st.builds(
    Asking,
    st.sampled_from(ASKERS),
    st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    st.sampled_from([False, False, False, True]),
    st.lists(st.tuples(st.sampled_from([None, *UNITS]), st.integers(1, 90)), max_size=3).map(tuple),
    st.lists(st.tuples(st.sampled_from(UNITS), st.integers(-5, 40)), max_size=4, unique_by=lambda one: one[0]).map(
        tuple
    ),
)


@pytest.fixture
def planted(db: None) -> dict[str, OrgUnit]:
    units = {"TW": make_unit("TW", "central")}
    units |= {code: make_unit(code, "province", units["TW"]) for code in ("P1", "P2")}
    units |= {code: make_unit(code, "agencies", units["P1"]) for code in ("A", "D")}
    units["B"] = make_unit("B", "agencies", units["P1"], last_on=END - timedelta(1))
    units["PUB"] = make_unit("PUB", "agencies", units["P1"], is_published=True)
    units["E"] = make_unit("E", "agencies", units["P2"])
    move_unit(units["D"], parent=units["P2"], effective_on=MOVE, decision=PAPER, by=system_user())
    units["outline"] = make_outline(units["TW"])  # type: ignore[assignment]
    return units


def _plant_call(asking: Asking, number: int, units: dict[str, OrgUnit]) -> None:
    by, outline = system_user(), units["outline"]
    first = date(2020, 1, 1) + timedelta(number)
    call = ReportCall.objects.create(
        outline=outline,
        org_unit=units[asking.asker],
        first_on=first,
        last_on=first,
        due_on=asking.due_on,
        recorded_by=by,
    )
    call.kinds.set(UnitKind.objects.filter(code="agencies"))
    if asking.withdrawn:
        ReportCall.objects.filter(pk=call.pk).update(withdrawn_at=timezone.now())
    for code, days in asking.extensions:
        unit = units[code] if code else None
        due_on = asking.due_on + timedelta(days)
        CallExtension.objects.create(call=call, org_unit=unit, due_on=due_on, reason="x", recorded_by=by)
    for code, days in asking.sent:
        moment = datetime.combine(asking.due_on + timedelta(days), time(0, 1))
        Report.objects.create(
            outline=outline, call=call, org_unit=units[code], first_on=first, last_on=first, subject="x", folded="x",
            opened_by=by, status=ReportStatus.DRAFT, sent_at=timezone.make_aware(moment),
        )  # fmt: skip


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    many=st.lists(askings, max_size=6),
    edges=st.tuples(st.dates(date(2025, 1, 1), date(2026, 3, 1)), st.dates(date(2025, 1, 1), date(2026, 3, 1))),
    top=st.sampled_from(TOPS),
)
def test_the_rate_equals_an_independent_count(
    planted: dict[str, OrgUnit], many: list[Asking], edges: tuple[date, date], top: str
) -> None:
    Report.objects.all().delete()
    ReportCall.objects.all().delete()
    for number, asking in enumerate(many):
        _plant_call(asking, number, planted)
    period = Period(min(edges), max(edges))
    homes = {"B": "P1"}  # dissolved without successor: it comes home to its superior

    def expected(reading: Reading) -> tuple[int, int]:
        duties = [
            in_time
            for asking in many
            for code, due_on, in_time in asking.duties()
            if due_on in period
            and top in (_above(code, due_on) if reading == Reading.THEN else _above(homes.get(code, code), today()))
        ]
        return sum(duties), len(duties)

    readings = [Reading.THEN] if top == "B" else list(Reading)
    for reading in readings:
        figure = figure_by_code(RATE)
        asked = Asked(planted[top], period, reading, figures=(figure,))
        (value,) = figures_of(asked)
        assert (value.numerator, value.denominator) == expected(reading)
        numerator, denominator = (ids_behind(asked, figure, part=part) for part in ("numerator", "denominator"))
        assert numerator.keys() <= denominator.keys()
        assert len(denominator) == value.denominator
        rows = rows_by_unit(asked)
        assert sum(row.values[0].denominator or 0 for row in rows) == value.denominator
        assert behind(asked, figure, part="denominator", limit=1000).count == len(denominator)


def test_lines_behind_the_rate_name_the_unit_and_lead_to_the_request(world: World) -> None:
    call = world.call(due_on=date(2026, 1, 10))
    sent_on(world.sent(), date(2026, 1, 9))
    asked = Asked(world.unit("P1"), Period(date(2026, 1, 1), date(2026, 1, 31)))
    figure = figure_by_code(RATE)
    assert figures_of(Asked(asked.unit, asked.period, figures=(figure,)))[0].value == 0.5
    ((line, amount),) = behind(asked, figure).lines
    assert (line.unit_name, line.url, amount) == ("Đơn vị X1", call.get_absolute_url(), 1)
    assert {line.unit_name for line, _ in behind(asked, figure, part="denominator").lines} == {"Đơn vị X1", "Đơn vị X2"}
