"""Verification of a bundle from itself alone: everything published is reckoned again from the attempts."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from langsen.contests.quizzes.drawing import Pool
from langsen.contests.quizzes.grading import Key
from langsen.contests.results.engine import verify_prizes, verify_tables
from langsen.contests.results.engine.bundle import MANIFEST, BadBundle, BundleReader
from langsen.contests.results.engine.facts import WHOLE, UnitFacts
from langsen.contests.results.engine.findings import Findings
from langsen.contests.results.engine.manifest import Declared, declared_in, with_options
from langsen.contests.results.engine.ranking import added
from langsen.contests.results.engine.verify_papers import PapersCheck, attempts_in
from langsen.contests.results.engine.verify_parts import check_parts
from langsen.contests.results.engine.verify_tables import People, Tables


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification says: equal, or where not."""

    contest: str
    findings: Findings

    @property
    def is_equal(self) -> bool:
        return not self.findings.count

    def as_json(self) -> str:
        """Return the verdict for programs."""
        found = [asdict(one) for one in self.findings.kept]
        said = {"contest": self.contest, "equal": self.is_equal, "checked": self.findings.checked}
        return json.dumps({**said, "differences": self.findings.count, "first": found}, ensure_ascii=False)


def verify(file: Path | IO[bytes], *, most_attempts: int | None = None) -> Verdict:
    """Reckon a bundle again; needs no database, no settings and no network.

    Raises:
        BadBundle: it cannot be read as a bundle at all; the message says what is wrong.
    """
    bundle = BundleReader(file)
    findings = Findings()
    declared = declared_in(bundle.manifest)
    _check_members(bundle, findings, most_attempts)
    try:
        _check(bundle, declared, findings)
    except (ValueError, OverflowError) as error:
        raise BadBundle(f"a cell holds no number: {error}") from error
    except KeyError as error:
        raise BadBundle(f"something refers to what is not there: {error}") from error
    return Verdict(str(declared.contest.get("title", "")), findings)


def _check(bundle: BundleReader, declared: Declared, findings: Findings) -> None:
    keys, pools = _questions(bundle, declared)
    units = _units(bundle)
    people = _people(bundle, units, findings)
    papers = PapersCheck(declared.rules, declared.rounds, pools, keys, people.extra, findings)
    standings = verify_tables.check_standings(bundle, papers.reckon(attempts_in(bundle)), declared, findings)
    whole = added((standings[number] for number in sorted(standings)), declared.rules.whole_order)
    ordered = verify_tables.check_places(bundle, standings, whole, people, findings)
    verify_tables.check_totals(bundle, {**standings, WHOLE: whole}, findings)
    if not bundle.is_first_format:
        check_parts(bundle, {**standings, WHOLE: whole}, people, units, findings)
    tables = verify_tables.check_units(bundle, ordered, people, units, declared.rules.unit_ranking, findings)
    lots = verify_prizes.check_draws(bundle, findings)
    verify_prizes.check_prizes(bundle, declared, Tables(ordered, tables), units, lots, findings)
    verify_prizes.check_regradings(bundle, keys, findings)


def _check_members(bundle: BundleReader, findings: Findings, most_attempts: int | None) -> None:
    said = bundle.manifest.get("members")
    if not isinstance(said, dict):
        raise BadBundle("manifest: members")
    for name in sorted(bundle.names - {MANIFEST} - set(bundle.members)):
        findings.add(MANIFEST, "members", name, "there", "no member of a bundle")
    for name in bundle.members:
        facts = said.get(name)
        if not isinstance(facts, dict):
            raise BadBundle(f"manifest: members has no {name}")
        if name == "attempts.csv" and most_attempts is not None and _rows(facts) > most_attempts:
            raise BadBundle(f"more than {most_attempts} attempts: please use the command langsen contests verify")
        findings.same(MANIFEST, "members", f"sha256 of {name}", facts.get("sha256"), bundle.digest(name))
        findings.tick("members")


def _rows(facts: Mapping[str, object]) -> int:
    rows = facts.get("rows")
    if not isinstance(rows, int):
        raise BadBundle("manifest: members, rows")
    return rows


def _questions(bundle: BundleReader, declared: Declared) -> tuple[dict[int, dict[int, Key]], dict[int, Pool]]:
    keys: dict[int, dict[int, Key]] = {number: {} for number in declared.rounds}
    options: dict[int, dict[int, int]] = {number: {} for number in declared.rounds}
    for _line, cells in bundle.rows("questions.csv"):
        at, number = int(cells[0]), int(cells[1])
        shown = json.loads(cells[6])
        if at not in keys or number in keys[at] or not isinstance(shown, list):
            raise BadBundle(
                f"questions.csv: round {at}, question {number} is in no round, there twice, or has no answers"
            )
        keys[at][number] = Key(int(cells[4]), cells[5] == "1")
        options[at][number] = len(shown)
    pools = {number: with_options(one.pool, options[number]) for number, one in declared.rounds.items()}
    return keys, pools


def _units(bundle: BundleReader) -> dict[str, UnitFacts]:
    units = {}
    for _line, cells in bundle.rows("units.csv"):
        code, _name, _path, kind, parent, compared, head_count, _on = cells
        units[code] = UnitFacts(code, parent or None, compared or None, int(head_count) if head_count else None, kind)
    return units


def _people(bundle: BundleReader, units: Mapping[str, UnitFacts], findings: Findings) -> People:
    people = People()
    for line, cells in bundle.rows("entrants.csv"):
        number = int(cells[0])
        if number in people.extra:
            findings.add("entrants.csv", f"line {line}", "number", number, "once only")
        if cells[2] and cells[2] not in units:
            findings.add("entrants.csv", f"line {line}", "unit", cells[2], "not in units.csv")
        people.extra[number] = int(cells[4])
        if cells[2]:
            people.unit[number] = cells[2]
        if cells[3] == "active":
            people.active.add(number)
    return people
