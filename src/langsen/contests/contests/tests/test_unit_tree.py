"""Whether a list of units hangs together, in pure form."""

import pytest

from langsen.contests.contests.unit_tree import Fate, fates, from_above, hanging_on

S, N, R, B = Fate.STANDS, Fate.NOWHERE, Fate.ROUND, Fate.BELOW


@pytest.mark.parametrize(
    ("above", "fate"),
    [
        ({}, {}),
        ({"A": "", "B": "A", "C": "B"}, {"A": S, "B": S, "C": S}),
        ({"C": "B", "B": "A", "A": ""}, {"A": S, "B": S, "C": S}),
        ({"A": "A"}, {"A": R}),
        ({"A": "B", "B": "A", "C": "B", "D": "C", "E": ""}, {"A": R, "B": R, "C": B, "D": B, "E": S}),
        ({"C": "B", "A": "B", "B": "A"}, {"A": R, "B": R, "C": B}),
        ({"A": "X", "B": "A", "C": "B"}, {"A": N, "B": B, "C": B}),
        ({"B": "A", "C": "B", "A": "X", "D": "X"}, {"A": N, "B": B, "C": B, "D": N}),
    ],
)
def test_the_fate_of_each(above: dict[str, str], fate: dict[str, Fate]) -> None:
    assert fates(above) == fate


def test_what_hangs_on_others_however_deep() -> None:
    above = {"A": "", "B": "A", "C": "B", "D": "", "E": "D"}
    assert hanging_on(["A"], above) == {"B", "C"}
    assert hanging_on(["D", "B"], above) == {"E", "C"}


def test_a_chain_of_thousands_needs_no_recursion() -> None:
    above = {str(number): str(number - 1) if number else "" for number in range(50_000)}
    assert set(fates(above).values()) == {S}
    assert list(from_above(above)) == [str(number) for number in range(50_000)]
