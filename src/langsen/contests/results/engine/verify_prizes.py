"""Re-reckoning prizes, draws by lot and regradings."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from langsen.contests.quizzes.grading import Key
from langsen.contests.results.engine.bundle import DRAWS, BadBundle, BundleReader
from langsen.contests.results.engine.facts import Excluded, Lot, UnitFacts
from langsen.contests.results.engine.findings import Findings
from langsen.contests.results.engine.lots import drawn_order, list_digest, transcript
from langsen.contests.results.engine.manifest import Declared
from langsen.contests.results.engine.prizes import Caps, Proposal, Proposing, propose
from langsen.contests.results.engine.units import order_key, ranked_units
from langsen.contests.results.engine.verify_tables import Tables

PRIZES = "prizes.csv"
STANDS = frozenset({"proposed", "decided", "paid"})
"""The states in which a prize is somebody's."""


def public_number(number: int) -> str:
    """Return the number as lists show it."""
    return f"TS-{number:06d}"


def check_draws(bundle: BundleReader, findings: Findings) -> list[Lot]:
    """Draw again every draw that was held; return them with their whole order."""
    lots = []
    for place, held in enumerate(bundle.draws(), start=1):
        where = f"draw {place}"
        try:
            listed = [str(one) for one in held["listed"]]
            numbers = held["numbers"]
            findings.same(DRAWS, where, "list_digest", held["list_digest"], list_digest(listed))
            findings.tick("draws")
            if numbers is None:
                findings.same(DRAWS, where, "transcript", held["transcript"], None)
                continue
            came = [[int(number) for number in source] for source in numbers]
            _check_drawn(held, listed, came, where, findings)
            order = tuple(drawn_order(listed, came))
            lots.append(Lot(str(held["subject"]), int(held["round"]), tuple(listed), order))
        except (KeyError, TypeError, ValueError) as error:
            raise BadBundle(f"{DRAWS}, {where}: {type(error).__name__} {error}") from error
    return lots


def _check_drawn(
    held: Mapping[str, Any], listed: list[str], came: list[list[int]], where: str, findings: Findings
) -> None:
    steps = transcript(listed, came, int(held["places"]))
    said = held["transcript"] or []
    for place, (published, step) in enumerate(zip(said, steps, strict=False), start=1):
        findings.same(DRAWS, f"{where}, pick {place}", "step", list(published), step)
    findings.same(DRAWS, where, "number of picks", len(said), len(steps))
    findings.same(DRAWS, where, "number of sources", len(held["sources"]), len(came))


def check_prizes(
    bundle: BundleReader,
    declared: Declared,
    tables: Tables,
    units: Mapping[str, UnitFacts],
    lots: Sequence[Lot],
    findings: Findings,
) -> None:
    """Give the prizes again by rule, but to those the jury passed over with its grounds; compare who has which."""
    said, excluded = _said_prizes(bundle, findings)
    proposal = proposal_of(declared, tables, units, lots, excluded)
    found = {(one.prize.subject, one.round, one.winner): (one.prize.rank, str(one.place)) for one in proposal.awards}
    for key, (rank, place) in said.items():
        where = f"{key[0]} {key[2]}, round {key[1]}"
        if key not in found:
            findings.add(PRIZES, where, "prize", rank, "none")
            continue
        findings.same(PRIZES, where, "rank", rank, found[key][0])
        findings.same(PRIZES, where, "place", place, found[key][1])
        findings.tick("prizes")
    for key in sorted(found.keys() - said.keys()):
        findings.add(PRIZES, f"{key[0]} {key[2]}, round {key[1]}", "prize", "none", found[key][0])


def _said_prizes(
    bundle: BundleReader, findings: Findings
) -> tuple[dict[tuple[str, int, str], tuple[str, str]], Excluded]:
    said: dict[tuple[str, int, str], tuple[str, str]] = {}
    reasons: dict[tuple[str, int, str], str] = {}
    for line, cells in bundle.rows(PRIZES):
        subject, rank, round_number, place, winner, status, _grounds, reason, _decided_on = cells
        key = (subject, int(round_number), winner)
        if status in STANDS:
            if key in said:
                findings.add(PRIZES, f"line {line}", "prize", "a second one", "one in a round")
            said[key] = (rank, place)
        else:
            if not reason:
                findings.add(PRIZES, f"line {line}", "reason", "", f"the jury's grounds for: {status}")
            reasons[key] = reason or status
    return said, Excluded(reasons)


def proposal_of(
    declared: Declared, tables: Tables, units: Mapping[str, UnitFacts], lots: Sequence[Lot], excluded: Excluded
) -> Proposal:
    """Return what the rules give from these tables."""
    rules = declared.rules

    def people(number: int) -> Iterator[tuple[tuple[int, ...], str]]:
        return ((row.keys, public_number(row.entrant)) for row in tables.ordered[number])

    def ranked(number: int) -> Iterator[tuple[Fraction, str]]:
        rows = ranked_units(tables.units[number], units, rules.unit_ranking)
        return ((order_key(row, rules.unit_ranking), row.code) for row in rows)

    caps = Caps(rules.prize_cap_round, rules.prize_cap_contest)
    proposing: Proposing[Any] = Proposing(declared.prizes, caps=caps, excluded=excluded, lots=lots)
    return propose(proposing, declared.given, people=people, units=ranked)


def check_regradings(bundle: BundleReader, keys: Mapping[int, Mapping[int, Key]], findings: Findings) -> None:
    """Follow each regraded question from key to key: the last one must be the key in force."""
    name = "regradings.csv"
    last: dict[tuple[int, int], tuple[str, str]] = {}
    for line, cells in bundle.rows(name):
        round_number, question, before, after, void, _reason, _on, _until = cells
        at = (int(round_number), int(question))
        where = f"line {line} (round {at[0]}, question {at[1]})"
        if at in last:
            findings.same(name, where, "key_before", before, last[at][0])
        last[at] = (after, void)
    for at, said in last.items():
        key = keys.get(at[0], {}).get(at[1])
        in_force = key and (str(key.mask), "1" if key.void else "0")
        findings.same(name, f"round {at[0]}, question {at[1]}", "key in force", said, in_force)
