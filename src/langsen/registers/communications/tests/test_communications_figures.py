"""Row 22: parts sum to their total whatever is recorded, a number equals its list, cancelled ones count nowhere."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import Period
from langsen.foundation.figures.catalogue import all_figures
from langsen.foundation.figures.drill import behind
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_unit
from langsen.foundation.figures.enums import Reading
from langsen.registers.communications.enums import OutputKind
from langsen.registers.communications.models import Output
from langsen.registers.communications.services import OutputFacts, cancel_output, record_outputs
from tests.examples import examples
from tests.factories import make_output, make_theme, make_tree

pytestmark = pytest.mark.django_db
FIRST = date(2023, 1, 1)
YEAR = Period(FIRST, date(2023, 12, 31))
CODE = "programmes.communication_outputs"
FIGURES = tuple(figure for figure in all_figures() if figure.code.startswith(CODE))

recorded = st.lists(
    st.tuples(st.sampled_from(["P", "C1", "C2"]), st.sampled_from(OutputKind.values), st.integers(-20, 385)),
    max_size=25,
)


@pytest.mark.parametrize("reading", Reading)
@given(facts=recorded, data=st.data())
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_sum_and_a_number_is_its_list(
    reading: Reading, facts: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    Output.objects.all().delete()
    units = _tree()
    rows = [
        (units[code], OutputFacts(kind, f"Bài {number}", FIRST + timedelta(days=offset)))
        for number, (code, kind, offset) in enumerate(facts)
    ]
    outputs = record_outputs(rows, by=system_user())
    cancelled = data.draw(st.sets(st.sampled_from(outputs))) if outputs else set()
    for output in cancelled:
        cancel_output(output, reason="Ghi nhầm", by=system_user())
    counted = [one for one in outputs if one not in cancelled and one.published_on in YEAR]
    asked = Asked(units["P"], YEAR, reading, figures=FIGURES)
    values = {value.figure.code: value.value for value in figures_of(asked)}
    assert values[CODE] == len(counted)
    assert sum(values[figure.code] or 0 for figure in FIGURES if figure.parent == CODE) == values[CODE]
    for kind in OutputKind.values:
        assert values[f"{CODE}.{kind}"] == sum(1 for one in counted if one.kind == kind)
    for figure in FIGURES:
        listed = behind(asked, figure, limit=100)
        assert listed.total == len(listed.lines) == values[figure.code]
    assert sum(row.values[0].value or 0 for row in rows_by_unit(asked)) == values[CODE]


def _tree() -> dict[str, object]:
    from langsen.foundation.orgs.models import OrgUnit

    if not OrgUnit.objects.filter(code="P").exists():
        make_tree(P=("province", None), C1=("cell", "P"), C2=("cell", "P"))
    return {unit.code: unit for unit in OrgUnit.objects.filter(code__in=["P", "C1", "C2"])}


def test_a_kind_the_code_does_not_know_counts_among_the_others() -> None:
    unit = make_tree(P=("province", None))["P"]
    output = make_output(unit)
    Output.objects.filter(pk=output.pk).update(kind="poem")
    values = {v.figure.code: v.value for v in figures_of(Asked(unit, YEAR, figures=FIGURES))}
    assert (values[CODE], values[f"{CODE}.other"]) == (1, 1)


def test_outputs_know_no_theme_so_a_theme_leaves_them_out() -> None:
    unit = make_tree(P=("province", None))["P"]
    make_output(unit)
    asked = Asked(unit, YEAR, theme_id=make_theme(unit).pk, figures=FIGURES)
    assert {value.value for value in figures_of(asked)} == {0}
