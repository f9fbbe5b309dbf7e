"""Re-reckoning results by unit type and device; what is said of age bands must add up and find nobody out.

Years of birth are not in the bundle, so age bands cannot be counted again from it.
"""

import json
from collections.abc import Callable, Iterable, Mapping

from langsen.contests.results.engine.bundle import BadBundle, BundleReader
from langsen.contests.results.engine.facts import StandingFacts, Totals, UnitFacts
from langsen.contests.results.engine.findings import Findings
from langsen.contests.results.engine.parts import (
    AGE_BANDS,
    AGES,
    COMPUTER,
    DEVICES,
    FEW,
    KINDS,
    PARTS,
    PHONE,
    UNKNOWN,
    Part,
    told,
)
from langsen.contests.results.engine.verify_tables import People

FILE = "parts.csv"
_KNOWN_AGES = {UNKNOWN, *(code for code, _least, _most in AGE_BANDS)}


def check_parts(
    bundle: BundleReader,
    standings: Mapping[int, Mapping[int, StandingFacts]],
    people: People,
    units: Mapping[str, UnitFacts],
    findings: Findings,
) -> None:
    """Compare parts.csv with what the standings of each round (0: the contest) give."""
    said = _said(bundle, standings.keys(), findings)

    def kind(row: StandingFacts) -> str:
        unit = people.unit.get(row.entrant)
        return units[unit].kind if unit is not None and unit in units else UNKNOWN

    def device(row: StandingFacts) -> str:
        return PHONE if row.is_phone else COMPUTER

    for number, rows in standings.items():
        for name, label_of in ((KINDS, kind), (DEVICES, device)):
            _compare(
                f"round {number}, {name}", said.get((number, name), []), counted(rows.values(), label_of), findings
            )
        _check_ages(f"round {number}, {AGES}", said.get((number, AGES), []), rows.values(), findings)


def counted(rows: Iterable[StandingFacts], label_of: Callable[[StandingFacts], str]) -> list[Part]:
    """Return the groups of standings by label, by the label's order."""
    totals: dict[str, Totals] = {}
    for row in rows:
        totals.setdefault(label_of(row), Totals()).add(row)
    return [
        Part((label,), one.people, one.attempts, one.all_correct_people, one.all_correct_attempts)
        for label, one in sorted(totals.items())
    ]


def _said(bundle: BundleReader, numbers: Iterable[int], findings: Findings) -> dict[tuple[int, str], list[Part]]:
    said: dict[tuple[int, str], list[Part]] = {}
    known = set(numbers)
    for line, cells in bundle.rows(FILE):
        number, name, labels = int(cells[0]), cells[1], json.loads(cells[2])
        if not isinstance(labels, list) or not all(isinstance(one, str) for one in labels):
            raise BadBundle(f"{FILE}, line {line}: groups")
        if number not in known or name not in PARTS:
            findings.add(FILE, f"line {line}", "line", "there", "no such round or part")
            continue
        said.setdefault((number, name), []).append(Part(tuple(labels), *map(int, cells[3:])))
        findings.tick("parts")
    return said


def _compare(where: str, said: list[Part], parts: list[Part], findings: Findings) -> None:
    wanted = {frozenset(one.labels): one for one in told(parts)}
    for one in said:
        found = wanted.pop(frozenset(one.labels), None)
        if found is None:
            findings.add(FILE, where, "groups", list(one.labels), "no such group, or there twice")
            continue
        findings.same(FILE, f"{where} {list(one.labels)}", "counts", one.counts, found.counts)
    for missing in wanted.values():
        findings.add(FILE, where, "groups", "missing", list(missing.labels))


def _check_ages(where: str, said: list[Part], rows: Iterable[StandingFacts], findings: Findings) -> None:
    labels = [label for one in said for label in one.labels]
    if len(set(labels)) != len(labels) or not set(labels) <= _KNOWN_AGES:
        findings.add(FILE, where, "groups", labels, "age bands, each once")
    if len(said) > 1 and any(one.people < FEW for one in said):
        findings.add(FILE, where, "people", "a group of few", f"at least {FEW}")
    everybody = Totals()
    for row in rows:
        everybody.add(row)
    sums = tuple(sum(one.counts[place] for one in said) for place in range(4))
    total = (everybody.people, everybody.attempts, everybody.all_correct_people, everybody.all_correct_attempts)
    findings.same(FILE, where, "sums", sums, total)
