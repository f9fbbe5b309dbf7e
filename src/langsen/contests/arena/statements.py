"""The SQL of the arena: each operation one set-based statement on the partitions of one round, one commit.

A batch comes as columns, each an array literal of whole numbers or ids. Every row asked comes back, written or not,
with what the caller needs to say why. Rows are locked attempts first, then standings, each in the order of entrants:
so two batches, of one process or of two, wait for each other and never crosswise. What an attempt allows is judged on
the locked row, its newest version; the update that follows therefore asks nothing again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from langsen.contests.contests.enums import Counting, RankingKey

VOID = -1
"""Stands in the array of keys for a question that counts as right for everybody."""

ATTEMPT = """a.id, a.entrant_id, a.number, a.seed, a.questions, a.answers, a.seqs, a.lease,
  (extract(epoch FROM a.started_at) * 1000)::bigint AS started,
  (extract(epoch FROM a.deadline_at) * 1000)::bigint AS deadline,
  (extract(epoch FROM a.submitted_at) * 1000)::bigint AS submitted,
  a.duration_ms, a.correct"""

_KEY_COLUMNS = {
    RankingKey.SCORE.value: "-correct",
    RankingKey.PREDICTION.value: "0",
    RankingKey.DURATION.value: "duration_ms",
    RankingKey.MOMENT.value: "(extract(epoch FROM submitted_at) * 1000)::bigint",
}
_COUNTS_NOW = {
    Counting.BEST.value: "(excluded.key1, excluded.key2, excluded.key3, excluded.key4, excluded.submitted_at)"
    " < (s.key1, s.key2, s.key3, s.key4, s.submitted_at)",
    Counting.FIRST.value: "excluded.submitted_at < s.submitted_at",
    Counting.LAST.value: "excluded.submitted_at > s.submitted_at",
}
_COUNTED = ("counted", "correct", "duration_ms", "submitted_at", "is_phone", "key1", "key2", "key3", "key4")


def column(values: Iterable[object]) -> str:
    """Return whole numbers, ids, truths and nulls as the text of a PostgreSQL array."""
    return "{" + ",".join("null" if value is None else str(value) for value in values) + "}"


def column_of_lists(rows: Iterable[Sequence[int]]) -> str:
    """Return lists of whole numbers as a PostgreSQL array of array texts."""
    return "{" + ",".join('"{' + ",".join(map(str, row)) + '}"' for row in rows) + "}"


@dataclass(frozen=True)
class Statements:
    """The statements of one round. Parameters are named as in the texts; moments travel as ms since 1970."""

    start: str
    why_not_started: str
    resume: str
    last_of: str
    save: str
    submit: str
    hand_in_late: str
    extend: str


@lru_cache(maxsize=256)
def statements_of(round_id: int, order: tuple[str, ...], counting: str) -> Statements:
    """Return the statements of a round whose standings are ranked in this order and counted by this rule."""
    names = {
        "round": f"{round_id:d}",
        "attempts": f"arena_attempt_{round_id:d}",
        "standings": f"arena_standing_{round_id:d}",
        "attempt": ATTEMPT,
        "grace": "make_interval(secs => %(grace)s::int)",
        # Written so that the index of open papers, all of them, does not offer itself where a key is given.
        "a_is_open": "coalesce(a.submitted_at, 'infinity') = 'infinity'",
        "b_is_open": "coalesce(b.submitted_at, 'infinity') = 'infinity'",
        "right_ones": f"count(*) FILTER (WHERE (%(keys)s::smallint[])[v.question] IN (v.answer, {VOID}))::smallint",
    }
    names["hand_in"] = _HAND_IN.format(
        **names,
        **{f"key{place + 1}": key for place, key in enumerate(_keys(order))},
        counts="s.counted IS NULL OR " + _COUNTS_NOW[counting],
        counted=",\n      ".join(
            f"{name} = CASE WHEN {{counts}} THEN excluded.{name} ELSE s.{name} END" for name in _COUNTED
        ).format(counts="s.counted IS NULL OR " + _COUNTS_NOW[counting]),
    )
    return Statements(
        start=_START.format(**names),
        why_not_started=_WHY_NOT_STARTED.format(**names),
        resume=_RESUME.format(**names),
        last_of=_LAST_OF.format(**names),
        save=_SAVE.format(**names),
        submit=_SUBMIT.format(**names),
        hand_in_late=_HAND_IN_LATE.format(**names),
        extend=_EXTEND.format(**names),
    )


def _keys(order: tuple[str, ...]) -> list[str]:
    return [*(_KEY_COLUMNS[key] for key in order), *["0"] * 4][:4]


_START = """
WITH asked AS (
  SELECT entrant_id, id, seed, questions::smallint[] AS questions, to_timestamp(arrival / 1000.0) AS arrived,
         to_timestamp(deadline / 1000.0) AS deadline_at, device, is_phone
  FROM unnest(%(entrants)s::bigint[], %(ids)s::uuid[], %(seeds)s::bigint[], %(questions)s::text[],
              %(arrivals)s::bigint[], %(deadlines)s::bigint[], %(devices)s::bigint[], %(phones)s::boolean[])
    AS t (entrant_id, id, seed, questions, arrival, deadline, device, is_phone)
), counted AS (
  INSERT INTO {standings} AS s (round_id, entrant_id, used, open_attempt, open_until)
  SELECT {round}, entrant_id, 1, id, deadline_at FROM asked
  WHERE NOT EXISTS (SELECT FROM {attempts} a WHERE a.round_id = {round} AND a.id = asked.id)
  ORDER BY entrant_id
  ON CONFLICT (round_id, entrant_id) DO UPDATE
  SET used = s.used + 1, open_attempt = excluded.open_attempt, open_until = excluded.open_until
  WHERE s.used < %(cap)s::int
    AND (s.open_attempt IS NULL OR s.open_until + {grace} < to_timestamp(%(now)s::bigint / 1000.0))
  RETURNING entrant_id, used
)
INSERT INTO {attempts} (round_id, id, entrant_id, number, seed, questions, answers, seqs, started_at, deadline_at,
                        device, is_phone)
SELECT {round}, id, entrant_id, used, seed, questions, array_fill(0::smallint, ARRAY[cardinality(questions)]),
       array_fill(0, ARRAY[cardinality(questions)]), arrived, deadline_at, device, is_phone
FROM counted JOIN asked USING (entrant_id)
RETURNING entrant_id, number
"""

_WHY_NOT_STARTED = """
SELECT t.entrant_id AS asker, s.used, s.open_attempt,
       (extract(epoch FROM s.open_until) * 1000)::bigint AS open_until, {attempt}
FROM unnest(%(entrants)s::bigint[], %(ids)s::uuid[]) AS t (entrant_id, id)
LEFT JOIN {standings} s ON s.round_id = {round} AND s.entrant_id = t.entrant_id
LEFT JOIN {attempts} a ON a.round_id = {round} AND a.id = t.id
"""

_RESUME = """
WITH held AS (
  SELECT a.id FROM {attempts} a
  WHERE a.round_id = {round} AND a.entrant_id = ANY(%(entrants)s::bigint[]) AND {a_is_open}
    AND a.deadline_at + {grace} >= to_timestamp(%(now)s::bigint / 1000.0)
  ORDER BY a.entrant_id, a.number FOR UPDATE
)
UPDATE {attempts} a SET lease = a.lease + 1 FROM held WHERE a.round_id = {round} AND a.id = held.id
RETURNING {attempt}
"""

_LAST_OF = """
SELECT DISTINCT ON (a.entrant_id) {attempt} FROM {attempts} a
WHERE a.round_id = {round} AND a.entrant_id = ANY(%(entrants)s::bigint[])
ORDER BY a.entrant_id, a.number DESC
"""

_HELD = """
WITH asked AS (
  SELECT entrant_id AS asker, id, lease AS lease_asked, to_timestamp(arrival / 1000.0) AS arrived,
         masks::smallint[] AS masks, seqs::integer[] AS seqs_asked{more}
  FROM unnest(%(entrants)s::bigint[], %(ids)s::uuid[], %(leases)s::integer[], %(arrivals)s::bigint[],
              %(masks)s::text[], %(seqs)s::text[]{more_columns})
    AS t (entrant_id, id, lease, arrival, masks, seqs{more})
), held AS (
  SELECT a.*, asker, lease_asked, arrived, masks, seqs_asked{more}, arrived > a.deadline_at + {{grace}} AS is_late
  FROM asked JOIN {{attempts}} a ON a.round_id = {{round}} AND a.id = asked.id
  ORDER BY a.entrant_id FOR UPDATE OF a
)"""

# Per place, in the order of the paper: the newer change, and its number.
_MERGED = """
      SELECT CASE WHEN u.new_seq > u.seq THEN u.mask ELSE u.answer END AS answer, greatest(u.new_seq, u.seq) AS seq,
             u.question
      FROM unnest(held.answers, held.seqs, masks, seqs_asked, held.questions)
        AS u (answer, seq, mask, new_seq, question)"""

_SAVE = (
    _HELD.format(more="", more_columns="")
    + f""", merged AS MATERIALIZED (
  SELECT held.id, m.answers, m.seqs, arrived
  FROM held CROSS JOIN LATERAL (SELECT array_agg(v.answer) AS answers, array_agg(v.seq) AS seqs FROM ({_MERGED}) v) m
  WHERE entrant_id = asker AND lease = lease_asked AND submitted_at IS NULL AND NOT is_late
), done AS (
  UPDATE {{attempts}} a SET answers = m.answers, seqs = m.seqs, saved_at = m.arrived
  FROM merged m WHERE a.round_id = {{round}} AND a.id = m.id
  RETURNING a.id, a.seqs
)
SELECT {{attempt}}, a.is_late, done.seqs AS saved FROM held a LEFT JOIN done USING (id) WHERE a.entrant_id = a.asker
"""
)

_HAND_IN = """done AS (
  UPDATE {attempts} a
  SET answers = g.merged, seqs = g.merged_seqs, submitted_at = g.moment, by_clock = g.is_late,
      duration_ms = (extract(epoch FROM g.moment - a.started_at) * 1000)::integer, correct = g.right_ones,
      saved_at = CASE WHEN g.is_late THEN a.saved_at ELSE g.moment END
  FROM closing g WHERE a.round_id = {round} AND a.id = g.id
  RETURNING a.*, g.prediction
), stood AS (
  INSERT INTO {standings} AS s (round_id, entrant_id, used, prediction, predicted_at, submitted, all_correct,
    first_submitted_at, first_all_correct_at, counted, correct, duration_ms, submitted_at, is_phone,
    key1, key2, key3, key4)
  SELECT {round}, entrant_id, number, prediction, CASE WHEN prediction IS NOT NULL THEN submitted_at END, 1,
         (correct = cardinality(questions))::int, submitted_at,
         CASE WHEN correct = cardinality(questions) THEN submitted_at END, id, correct, duration_ms, submitted_at,
         is_phone, {key1}, {key2}, {key3}, {key4}
  FROM done ORDER BY entrant_id
  ON CONFLICT (round_id, entrant_id) DO UPDATE SET
      open_attempt = nullif(s.open_attempt, excluded.counted),
      open_until = CASE WHEN s.open_attempt = excluded.counted THEN NULL ELSE s.open_until END,
      prediction = coalesce(excluded.prediction, s.prediction),
      predicted_at = coalesce(excluded.predicted_at, s.predicted_at),
      submitted = s.submitted + 1,
      all_correct = s.all_correct + excluded.all_correct,
      first_submitted_at = least(s.first_submitted_at, excluded.first_submitted_at),
      first_all_correct_at = least(s.first_all_correct_at, excluded.first_all_correct_at),
      {counted}
)"""

_SUBMIT = (
    _HELD.format(more=", prediction", more_columns=", %(predictions)s::bigint[]")
    + f""", closing AS MATERIALIZED (
  SELECT held.id, is_late,
         CASE WHEN is_late THEN deadline_at ELSE arrived END AS moment,
         CASE WHEN is_late THEN NULL ELSE prediction END AS prediction, m.answers AS merged, m.seqs AS merged_seqs,
         right_ones
  FROM held CROSS JOIN LATERAL (
    SELECT array_agg(v.answer) AS answers, array_agg(v.seq) AS seqs, {{right_ones}} AS right_ones FROM ({_MERGED}
      WHERE NOT is_late
      UNION ALL
      SELECT u.answer, u.seq, u.question FROM unnest(held.answers, held.seqs, held.questions)
        AS u (answer, seq, question)
      WHERE is_late) v
  ) m
  WHERE entrant_id = asker AND submitted_at IS NULL AND (is_late OR lease = lease_asked)
), {{hand_in}}
SELECT a.is_late, done.id IS NOT NULL AS handed_in, a.id, a.entrant_id, a.number, a.seed, a.questions,
       coalesce(done.answers, a.answers) AS answers, coalesce(done.seqs, a.seqs) AS seqs, a.lease,
       (extract(epoch FROM a.started_at) * 1000)::bigint AS started,
       (extract(epoch FROM a.deadline_at) * 1000)::bigint AS deadline,
       (extract(epoch FROM coalesce(done.submitted_at, a.submitted_at)) * 1000)::bigint AS submitted,
       coalesce(done.duration_ms, a.duration_ms) AS duration_ms, coalesce(done.correct, a.correct) AS correct
FROM held a LEFT JOIN done USING (id) WHERE a.entrant_id = a.asker
"""
)

_HAND_IN_LATE = """
WITH late AS (
  SELECT a.* FROM {attempts} a
  WHERE a.submitted_at IS NULL AND a.deadline_at < to_timestamp(%(now)s::bigint / 1000.0) - {grace}
    AND NOT EXISTS (SELECT FROM {attempts} b WHERE b.round_id = {round} AND b.entrant_id = a.entrant_id
                    AND {b_is_open} AND b.number < a.number)
  ORDER BY a.entrant_id LIMIT %(most)s::int FOR UPDATE OF a SKIP LOCKED
), closing AS MATERIALIZED (
  SELECT id, true AS is_late, deadline_at AS moment, NULL::bigint AS prediction, answers AS merged, seqs AS merged_seqs,
         (SELECT {right_ones} FROM unnest(late.answers, late.questions) AS v (answer, question)) AS right_ones
  FROM late
), {hand_in}
SELECT id, entrant_id FROM done
"""

_EXTEND = """
WITH longer AS (
  SELECT a.id, a.entrant_id, a.started_at + make_interval(secs => %(limit)s::int + coalesce(e.extra, 0)) AS until
  FROM {attempts} a
  LEFT JOIN unnest(%(entrants)s::bigint[], %(extras)s::integer[]) AS e (entrant_id, extra) USING (entrant_id)
  WHERE a.submitted_at IS NULL
    AND a.deadline_at < a.started_at + make_interval(secs => %(limit)s::int + coalesce(e.extra, 0))
    AND EXISTS (SELECT FROM {standings} s
                WHERE s.round_id = {round} AND s.entrant_id = a.entrant_id AND s.open_attempt = a.id)
  ORDER BY a.entrant_id, a.number FOR UPDATE OF a
), done AS (
  UPDATE {attempts} a SET deadline_at = longer.until FROM longer
  WHERE a.round_id = {round} AND a.id = longer.id RETURNING a.id, a.entrant_id, a.deadline_at
), told AS (
  UPDATE {standings} s SET open_until = done.deadline_at FROM done
  WHERE s.round_id = {round} AND s.entrant_id = done.entrant_id AND s.open_attempt = done.id
)
SELECT id, entrant_id FROM done
"""


def keys_column(keys: dict[int, tuple[int, bool]]) -> str:
    """Return the keys of a round as an array indexed by the question's number in the round."""
    last = max(keys, default=0)
    masks = [keys.get(number) for number in range(1, last + 1)]
    return column(None if key is None else VOID if key[1] else key[0] for key in masks)
