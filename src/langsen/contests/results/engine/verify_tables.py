"""Re-reckoning the tables: standings, the whole contest, totals, units; all from what the attempts gave."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from langsen.contests.arena.keys import ranking_keys
from langsen.contests.results.engine.bundle import BundleReader
from langsen.contests.results.engine.facts import WHOLE, StandingFacts, Totals, UnitFacts
from langsen.contests.results.engine.findings import Findings
from langsen.contests.results.engine.manifest import Declared
from langsen.contests.results.engine.ranking import distance, in_order, places
from langsen.contests.results.engine.units import UnitRow, own_rows, unit_table
from langsen.contests.results.engine.verify_papers import Attempt, Reckoned

STANDINGS = "standings.csv"
WHOLE_STANDINGS = "contest_standings.csv"


@dataclass(slots=True)
class People:
    """The entrants of the bundle: who may be ranked, whose unit is which."""

    extra: dict[int, int] = field(default_factory=dict)
    unit: dict[int, str] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Tables:
    """Everything reckoned that prizes are given by: standings per round (0: the contest) and the units' tables."""

    ordered: dict[int, list[StandingFacts]] = field(default_factory=dict)
    units: dict[int, dict[str, UnitRow]] = field(default_factory=dict)


def check_standings(
    bundle: BundleReader, reckoned: Iterable[Reckoned], declared: Declared, findings: Findings
) -> dict[int, dict[int, StandingFacts]]:
    """Compare standings.csv line by line with what the attempts gave, but for places; return the standings by round."""
    said: dict[int, dict[int, StandingFacts]] = {number: {} for number in declared.rounds}
    predictions: dict[tuple[int, int], int | None] = {}
    lines = _standing_lines(bundle)
    line = next(lines, None)
    for one in reckoned:
        key = (one.round, one.entrant)
        while line is not None and line[0] < key:
            findings.add(STANDINGS, f"round {line[0][0]}, entrant {line[0][1]}", "line", "there", "no attempts")
            line = next(lines, None)
        if line is None or line[0] != key:
            findings.add(STANDINGS, f"round {key[0]}, entrant {key[1]}", "line", "missing", "attempts made")
            continue
        predictions[key] = int(line[1][10]) if line[1][10] else None
        row = _compared(line[1], one, declared, predictions[key], findings)
        if row is not None:
            said[one.round][one.entrant] = row
        findings.tick("standings")
        line = next(lines, None)
    for rest in [line, *lines] if line is not None else []:
        findings.add(STANDINGS, f"round {rest[0][0]}, entrant {rest[0][1]}", "line", "there", "no attempts")
    _check_truths(declared, said, findings)
    return said


def _standing_lines(bundle: BundleReader) -> Iterator[tuple[tuple[int, int], list[str]]]:
    for _line, cells in bundle.rows(STANDINGS):
        yield (int(cells[0]), int(cells[1])), cells


def _compared(
    cells: list[str], one: Reckoned, declared: Declared, prediction: int | None, findings: Findings
) -> StandingFacts | None:
    where = f"round {one.round}, entrant {one.entrant}"
    counted = one.counted
    truth = declared.rounds[one.round].truth
    keys = [""] * 4
    if counted is not None:
        off = distance(prediction, truth) if truth is not None else 0
        given = ranking_keys(
            declared.rules.ranking,
            correct=counted.correct or 0,
            duration_ms=counted.duration or 0,
            submitted_ms=counted.submitted or 0,
            distance=off,
        )
        keys = [str(key) for key in given]
    found = [
        *(str(one.used), str(one.submitted), str(one.all_correct)),
        *(_counted_cells(counted) if counted else [""] * 4),
        "1" if counted and counted.phone else "0",
    ]
    names = ("used", "submitted", "all_correct", "attempt", "correct", "duration", "moment", "phone")
    for name, published, value in zip(names, cells[2:10], found, strict=True):
        findings.same(STANDINGS, where, name, published, value)
    for place, (published, value) in enumerate(zip(cells[11:15], keys, strict=True), start=1):
        findings.same(STANDINGS, where, f"key{place}", published, value)
    if counted is None:
        return None
    return StandingFacts(
        one.entrant, one.submitted, one.all_correct, counted.correct or 0, tuple(map(int, keys)), counted.phone
    )


def _counted_cells(counted: Attempt) -> list[str]:
    return [counted.id, _text(counted.correct), _text(counted.duration), _text(counted.submitted)]


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _check_truths(declared: Declared, standings: Mapping[int, Mapping[int, StandingFacts]], findings: Findings) -> None:
    """The number that was to be predicted, counted again; everything handed in counts, whoever it was."""
    for number, one in declared.rounds.items():
        rows = standings[number].values()
        truth: int | None = None
        if declared.rules.prediction == "people_all_correct":
            truth = sum(1 for row in rows if row.all_correct)
        elif declared.rules.prediction == "attempts":
            truth = sum(row.submitted for row in rows)
        findings.same("manifest.json", f"round {number}", "truth", one.truth, truth)


def check_places(
    bundle: BundleReader,
    standings: Mapping[int, Mapping[int, StandingFacts]],
    whole: Mapping[int, StandingFacts],
    people: People,
    findings: Findings,
) -> dict[int, list[StandingFacts]]:
    """Compare the places of rounds and the whole contest's standings; return those who are ranked, in order."""
    ordered = {number: in_order(_active(rows, people)) for number, rows in standings.items()}
    ordered[WHOLE] = in_order(_active(whole, people))
    found = {number: {row.entrant: str(place) for place, row in places(rows)} for number, rows in ordered.items()}
    for _line, cells in bundle.rows(STANDINGS):
        number, entrant = int(cells[0]), int(cells[1])
        if number in found:
            where = f"round {number}, entrant {entrant}"
            findings.same(STANDINGS, where, "place", cells[15], found[number].get(entrant, ""))
    _check_whole(bundle, whole, found[WHOLE], findings)
    return ordered


def _check_whole(
    bundle: BundleReader, whole: Mapping[int, StandingFacts], found: Mapping[int, str], findings: Findings
) -> None:
    seen = set()
    names = bundle.columns(WHOLE_STANDINGS)[1:-1]
    for _line, cells in bundle.rows(WHOLE_STANDINGS):
        entrant = int(cells[0])
        where = f"entrant {entrant}"
        row = whole.get(entrant)
        if row is None or entrant in seen:
            findings.add(WHOLE_STANDINGS, where, "line", "there", "no counted attempt" if row is None else "once only")
            continue
        seen.add(entrant)
        for name, published, value in zip(names, cells[1:-1], _whole_cells(row, names), strict=True):
            findings.same(WHOLE_STANDINGS, where, name, published, str(value))
        findings.same(WHOLE_STANDINGS, where, "place", cells[-1], found.get(entrant, ""))
    for entrant in sorted(whole.keys() - seen):
        findings.add(WHOLE_STANDINGS, f"entrant {entrant}", "line", "missing", "a counted attempt")


def _whole_cells(row: StandingFacts, names: Sequence[str]) -> list[int]:
    """The cells of somebody in the whole contest; a key the order does not use is 0."""
    facts = {"rounds": row.rounds, "submitted": row.submitted, "all_correct": row.all_correct, "correct": row.correct}
    facts |= {f"key{place}": key for place, key in enumerate(row.keys, start=1)}
    return [facts.get(name, 0) for name in names]


def check_totals(
    bundle: BundleReader, standings: Mapping[int, Mapping[int, StandingFacts]], findings: Findings
) -> None:
    """Compare people and attempts, all-correct people and attempts, of each round and of the whole contest (0)."""
    wanted = {}
    for number, rows in standings.items():
        total = Totals()
        for row in rows.values():
            total.add(row)
        wanted[number] = [
            *(total.people, total.attempts, total.all_correct_people, total.all_correct_attempts, total.phone_people)
        ]
    _compare_lines(bundle, "totals.csv", wanted, findings)


def _compare_lines(bundle: BundleReader, name: str, wanted: dict[int, list[int]], findings: Findings) -> None:
    columns = ("people", "attempts", "all_correct_people", "all_correct_attempts", "phone_people")
    for _line, cells in bundle.rows(name):
        values = wanted.pop(int(cells[0]), None)
        if values is None:
            findings.add(name, f"round {cells[0]}", "line", "there", "no such round, or there twice")
            continue
        for column, published, value in zip(columns, cells[1:], values, strict=True):
            findings.same(name, f"round {cells[0]}", column, published, str(value))
    for number in sorted(wanted):
        findings.add(name, f"round {number}", "line", "missing", "a line")


def check_units(
    bundle: BundleReader,
    ordered: Mapping[int, list[StandingFacts]],
    people: People,
    units: Mapping[str, UnitFacts],
    ranked_by: str,
    findings: Findings,
) -> dict[int, dict[str, UnitRow]]:
    """Compare the tables of units; return them as reckoned."""
    tables = {number: unit_table(own_rows(rows, people.unit.get), units, ranked_by) for number, rows in ordered.items()}
    name, seen = "unit_tables.csv", set()
    for _line, cells in bundle.rows(name):
        number, code = int(cells[0]), cells[1]
        row = tables.get(number, {}).get(code)
        where = f"round {number}, unit {code}"
        if row is None or (number, code) in seen:
            findings.add(name, where, "line", "there", "no such round or unit, or there twice")
            continue
        seen.add((number, code))
        for column, published, value in zip(UNIT_COLUMNS, cells[2:], unit_cells(row, ranked_by), strict=True):
            findings.same(name, where, column, published, value)
        findings.tick("units")
    for number, table in tables.items():
        for code in sorted(table.keys() - {code for at, code in seen if at == number}):
            findings.add(name, f"round {number}, unit {code}", "line", "missing", "a line")
    return tables


UNIT_COLUMNS = (
    *("entrants", "attempts", "all_correct_people", "all_correct_attempts", "numerator", "denominator", "place"),
)


def unit_cells(row: UnitRow, ranked_by: str) -> list[str]:
    """Return a unit's cells as the bundle writes them."""
    top, base = row.value(ranked_by) or ("", "")
    counts = (row.entrants, row.attempts, row.all_correct_people, row.all_correct_attempts, top, base)
    return [*map(str, counts), _text(row.place)]


def _active(rows: Mapping[int, StandingFacts], people: People) -> Iterator[StandingFacts]:
    return (row for entrant, row in rows.items() if entrant in people.active)
