"""What the clients were told, held against what the store has: acknowledged = stored, and none twice."""

from dataclasses import dataclass, field

from django.db import connections

from bench.contest.world import World
from langsen.contests.stores import STORE


@dataclass
class Paper:
    """One paper as its client knows it: answers told to be saved ({place: (seq, mask)}), and the receipt."""

    attempt: str
    entrant: int
    saved: dict[int, tuple[int, int]] = field(default_factory=dict)
    sent: dict[int, tuple[int, int]] = field(default_factory=dict)
    receipt: dict[str, object] | None = None


@dataclass
class Ledger:
    """Every paper a client was told of."""

    papers: dict[str, Paper] = field(default_factory=dict)
    retries: int = 0
    unfinished: int = 0
    contradicted: int = 0

    def opened(self, attempt: str, entrant: int) -> Paper:
        return self.papers.setdefault(attempt, Paper(attempt, entrant))


@dataclass(frozen=True)
class Findings:
    """What did not agree, in numbers; all zero but the first two is what we want."""

    papers: int
    acknowledged: int
    lost_papers: int
    lost_answers: int
    lost_receipts: int
    changed_receipts: int
    twice: int
    wrong_standings: int
    unfinished: int
    contradicted: int

    @property
    def is_clean(self) -> bool:
        return not (
            self.lost_papers
            or self.lost_answers
            or self.lost_receipts
            or self.changed_receipts
            or self.twice
            or self.wrong_standings
            or self.unfinished
            or self.contradicted
        )

    def words(self) -> str:
        return (
            f"{self.papers:,} papers, {self.acknowledged:,} acknowledged writes; lost: {self.lost_papers} papers, "
            f"{self.lost_answers} answers, {self.lost_receipts} receipts; {self.changed_receipts} receipts differ, "
            f"{self.twice} counted twice, {self.wrong_standings} wrong standings, {self.unfinished} clients "
            f"unfinished, {self.contradicted} contradicted"
        )


def compare(ledger: Ledger, world: World) -> Findings:
    """Read the whole round and hold every acknowledged word against it."""
    with connections[STORE].cursor() as cursor:
        cursor.execute(
            "SELECT id::text, entrant_id, answers, seqs, submitted_at IS NOT NULL, correct FROM arena_attempt "
            "WHERE round_id = %s",
            [world.round],
        )
        stored = {row[0]: row for row in cursor.fetchall()}
        cursor.execute(
            """SELECT count(*) FROM arena_standing s FULL JOIN (
                 SELECT entrant_id, count(*) AS used, count(submitted_at) AS submitted, max(correct) AS best
                 FROM arena_attempt WHERE round_id = %(round)s GROUP BY 1) a USING (entrant_id)
               WHERE coalesce(s.round_id, %(round)s) = %(round)s
                 AND (s.used, s.submitted, s.correct) IS DISTINCT FROM (a.used, a.submitted, a.best)""",
            {"round": world.round},
        )
        wrong_standings = cursor.fetchone()[0]
    lost_papers = lost_answers = lost_receipts = changed = acknowledged = 0
    for paper in ledger.papers.values():
        acknowledged += 1 + len(paper.saved) + (paper.receipt is not None)
        row = stored.get(paper.attempt)
        if row is None:
            lost_papers += 1
            continue
        for place, (seq, mask) in paper.saved.items():
            kept_seq, kept_mask = row[3][place - 1], row[2][place - 1]
            lost_answers += kept_seq < seq or (kept_seq == seq and kept_mask != mask)
        if paper.receipt is not None:
            lost_receipts += not row[4]
            right = sum(1 for mask in row[2] if mask == 1)
            changed += row[4] and not row[5] == paper.receipt["correct"] == right
    # A start whose answer never arrived may have made a paper the client then took up; more than it knew is a double.
    twice = sum(1 for attempt in stored if attempt not in ledger.papers)
    return Findings(
        len(ledger.papers),
        acknowledged,
        lost_papers,
        lost_answers,
        lost_receipts,
        changed,
        twice,
        wrong_standings,
        ledger.unfinished,
        ledger.contradicted,
    )
