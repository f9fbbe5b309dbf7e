"""S0's online quiz of April 2023 as the arena would have left it: every entrant, every attempt, prizes, published.

Published figures only (`lao_cai_answers`, `docs/articles.md`); people, cells, personal codes and phones are invented.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from secrets import token_hex
from uuid import UUID

from django.utils import translation

from langsen.config.demo import spread
from langsen.config.demo.contest_prizes import decide_prizes
from langsen.config.demo.contest_questions import CALL, QUESTIONS, TEACHINGS
from langsen.config.demo.contest_rows import (
    STANDING_COLUMNS,
    add_prizes,
    add_unit,
    add_units,
    copy_lines,
    fill_bank,
    freeze_fixed_paper,
    moment,
    new_contest,
    new_round,
    standing_values,
)
from langsen.config.demo.lao_cai_answers import (
    ACCOUNTS,
    CAP,
    KEYS,
    ROUNDS,
    TIME_LIMIT_SECONDS,
    Planned,
    planned_attempts,
)
from langsen.config.demo.names import person_name
from langsen.config.demo.worlds import Stage
from langsen.contests.arena.models import Standing
from langsen.contests.arena.standings import Row, standings_of
from langsen.contests.contests.codes import digest_of
from langsen.contests.contests.consents import consent_words
from langsen.contests.contests.enums import AskedField, ConsentKind, ContestStatus, UnitRanking
from langsen.contests.contests.models import Consent, ConsentText, Contest, ContestUnit, Entrant, Round
from langsen.contests.quizzes.drawing import SEED_BITS
from langsen.contests.quizzes.grading import Key, correct_of
from langsen.contests.results.engine.facts import WHOLE
from langsen.contests.results.services.summaries import refresh_summaries
from langsen.contests.stores import STORE
from langsen.contests.tallies.services import copy_tallies
from langsen.foundation.accounts.models import User
from langsen.foundation.core.copying import CopyValue, copy_rows, new_keys
from langsen.foundation.core.text import fold, person_sort_key
from langsen.foundation.orgs.models import OrgUnit

SLUG = "thanh-uy-lao-cai-2023"
ANNOUNCED_AT = ROUNDS[0][0] - timedelta(days=7)
PUBLISHED_AT = datetime(2023, 4, 20, 15, tzinfo=ROUNDS[0][0].tzinfo)
_RANKING = ["score", "duration", "moment"]
_COUNTING = "best"
_SHARES = (0.55, 0.08, 0.12, 0.18, 0.07)  # peoples of the city: chosen
# Compared by entrants in one list; the article: five đảng bộ and one chi bộ. Which place the chi bộ has is chosen.
_CELL_AMONG_WINNERS, _WINNERS = 4, 6
_PRIZES = (
    ("person", "round", "first", 1),
    ("person", "round", "second", 2),
    ("person", "round", "third", 3),
    ("person", "round", "consolation", 10),
    ("unit", "contest", "first", 1),
    ("unit", "contest", "second", 1),
    ("unit", "contest", "third", 1),
    ("unit", "contest", "consolation", 3),
)


def load(stage: Stage) -> None:
    """Load the contest, unless the contest store has it, and copy its counts up for the figures."""
    stage.say("LCA: the quiz of April 2023")
    contest = Contest.objects.filter(slug=SLUG).first() or _held(stage)
    copy_tallies(contest.pk)


def _held(stage: Stage) -> Contest:
    random = spread.seeded("lao-cai-contest-people")
    organiser = OrgUnit.objects.get(code="LCA")
    contest, rounds = announce(organiser, by=stage.by)
    attempts = planned_attempts()
    stage.say("LCA: entrants")
    units = _units(contest, organiser, random)
    keys = sign_up_everybody(contest, attempts, [unit.pk for unit in units], random)
    stage.say("LCA: attempts")
    for number, of in enumerate(rounds):
        _sit(of, [one for one in attempts if one.round == number], keys, random)
    _publish(contest, rounds)
    return contest


def announce(organiser: OrgUnit, *, by: User) -> tuple[Contest, list[Round]]:
    """The contest as it was before it opened: its rules, its questions, its two rounds with their frozen papers."""
    contest = new_contest(
        organiser,
        by=by,
        announced_at=ANNOUNCED_AT,
        slug=SLUG,
        title="Tìm hiểu 75 năm Sáu điều Bác Hồ dạy Công an nhân dân và 75 năm Lời kêu gọi thi đua ái quốc",
        purpose="Thi trực tuyến trong đợt thi đua của Thành ủy Lào Cai năm 2023. Số liệu công bố; câu hỏi, người dự "
        "thi và cách các lượt thi rải ra là do bản trình diễn chọn.",
        themes=[TEACHINGS, CALL],
        asks={
            AskedField.PHONE.value: "liên hệ khi đạt giải",
            AskedField.UNIT.value: "xếp hạng tập thể",
        },
        attempts_per_round=CAP,
        counting=_COUNTING,
        time_limit_seconds=TIME_LIMIT_SECONDS,
        ranking=_RANKING,
        unit_ranking=UnitRanking.ENTRANTS.value,
        prize_cap_round=1,
        prize_cap_contest=1,
        watches_signals=False,  # nothing is made up about people of a real unit, not even a sign to look at
        keep_months=240,  # the story is old: kept, so that there is something to look at
        contact="Ban Tuyên giáo Thành ủy (bản trình diễn)",
    )
    add_prizes(contest, _PRIZES)
    versions = fill_bank(organiser, QUESTIONS, by=by, checked_at=ANNOUNCED_AT - timedelta(days=3))
    rounds = [new_round(contest, number, opens, closes) for number, (opens, closes) in enumerate(ROUNDS, start=1)]
    for of in rounds:
        freeze_fixed_paper(of, versions, at=ANNOUNCED_AT, shuffles_questions=False)
    return contest, rounds


def _units(contest: Contest, organiser: OrgUnit, random: Random) -> list[ContestUnit]:
    """The organisations below the city with their cells; return the unit of each entrant, in no order."""
    below = OrgUnit.objects.filter(placements__parent=organiser).select_related("kind").order_by("code").distinct()
    sources = [unit for unit in below if unit.exists_on(ROUNDS[0][0].date())]
    cells = [unit for unit in sources if unit.kind.is_cell]
    # In the order of their size: five committees and one cell in front, then as chance has it.
    winners = [unit for unit in sources if not unit.kind.is_cell][: _WINNERS - 1]
    winners.insert(_CELL_AMONG_WINNERS - 1, cells[0])
    rest = [unit for unit in sources if unit not in winners]
    random.shuffle(rest)
    sizes = spread.shares(ACCOUNTS, sorted(spread.uneven(random, len(sources), 0.7), reverse=True))
    compared, below_them, of_entrants = [], [], []
    for source, size in zip([*winners, *rest], sizes, strict=True):
        unit = add_unit(contest, source.code, source.name, source.kind.name_vi, source=source)
        compared.append(unit)
        if source.kind.is_cell:
            of_entrants += [unit] * size
            continue
        weights = spread.uneven(random, random.randint(3, 9))
        for number, share in enumerate(spread.shares(size, weights), start=1):
            cell = add_unit(contest, f"{source.code}-{number}", f"Chi bộ số {number}", "Chi bộ", under=unit)
            below_them.append(cell)
            of_entrants += [cell] * share
    add_units([compared, below_them])
    random.shuffle(of_entrants)
    return of_entrants


def sign_up_everybody(
    contest: Contest, attempts: Sequence[Planned], unit_ids: Sequence[int | None], random: Random
) -> list[int]:
    """Sign everybody up some minutes before their first paper; return the key of each person of the plan."""
    first = [2**62] * ACCOUNTS
    for one in attempts:
        first[one.person] = min(first[one.person], one.started_ms)
    signed_up = [at - 60_000 * random.randint(2, 30) for at in first]
    keys = new_keys(Entrant, ACCOUNTS, using=STORE)
    by_person = [0] * ACCOUNTS
    rows: list[list[CopyValue]] = []
    for number, person in enumerate(sorted(range(ACCOUNTS), key=lambda one: (signed_up[one], one)), start=1):
        by_person[person] = keys[number - 1]
        name, _sex = person_name(random, _SHARES)
        at = moment(signed_up[person])
        rows.append(
            [keys[number - 1], contest.pk, number, digest_of(token_hex(8)), at, name, fold(name), person_sort_key(name),
             f"010{number:07d}", "", unit_ids[person], "", at, random.random() < 0.6, "active", "", 0, "", at]
        )  # fmt: skip
    copy_rows(Entrant, _ENTRANT_COLUMNS, rows, using=STORE)
    _keep_consents(contest, rows)
    return by_person


def _keep_consents(contest: Contest, entrants: Sequence[Sequence[CopyValue]]) -> None:
    """What each agreed to when signing up, in the words the pages would have shown."""
    at, publishes = _ENTRANT_COLUMNS.index("consented_at"), _ENTRANT_COLUMNS.index("may_publish_name")
    take_part, names = (_consent_text(contest, kind) for kind in (ConsentKind.TAKE_PART, ConsentKind.PUBLISH_NAME))
    rows = [[row[0], take_part, row[at]] for row in entrants]
    rows += [[row[0], names, row[at]] for row in entrants if row[publishes]]
    copy_rows(Consent, ("entrant_id", "text_id", "given_at"), rows, using=STORE)


def _consent_text(contest: Contest, kind: ConsentKind) -> int:
    with translation.override("vi"):
        words = consent_words(contest, kind)
    version = hashlib.sha256(words.encode()).hexdigest()[:12]
    return ConsentText.objects.create(contest=contest, kind=kind, version=version, text=words).pk


# Phones begin with 010, which no mobile network uses.
_ENTRANT_COLUMNS = (
    "id", "contest_id", "number", "code_digest", "code_issued_at", "full_name", "folded", "sort_key", "phone", "mail",
    "unit_id", "guardian_name", "consented_at", "may_publish_name", "status", "status_reason", "extra_seconds",
    "identity_checked_by", "signed_up_at",
)  # fmt: skip
_ATTEMPT_COLUMNS = (
    "round_id", "id", "entrant_id", "number", "seed", "questions", "answers", "seqs", "lease", "started_at",
    "deadline_at", "saved_at", "submitted_at", "by_clock", "duration_ms", "correct", "is_phone",
)  # fmt: skip


def _sit(of: Round, attempts: Iterable[Planned], keys: Sequence[int], random: Random) -> None:
    """Write the attempts of a round, graded, and the standings that follow."""
    # The order of questions is everybody's; that of the answers hangs on the seed alone and is not stored.
    questions = tuple(range(1, len(KEYS) + 1))
    right = {number: Key(mask) for number, mask in enumerate(KEYS, start=1)}
    written = _array(questions)
    handed_in: list[Row] = []

    def lines() -> Iterable[str]:
        for one in attempts:
            seed = random.getrandbits(SEED_BITS)
            correct = correct_of(questions, one.masks, right)
            entrant, key = keys[one.person], UUID(int=random.getrandbits(128), version=4)
            taken = one.submitted_ms - one.started_ms
            handed_in.append(Row(key, entrant, correct, taken, one.submitted_ms, one.is_phone))
            started, deadline, done = map(
                moment, (one.started_ms, one.started_ms + TIME_LIMIT_SECONDS * 1000, one.submitted_ms)
            )
            # Written out at once: a general writer of values took longer than everything else together.
            yield (
                f"{of.pk}\t{key}\t{entrant}\t{one.number}\t{seed}\t{written}\t{_array(one.masks)}\t"
                f"{_array(_seqs(one.masks))}\t1\t{started}\t{deadline}\t{done}\t{done}\tf\t{taken}\t{correct}\t"
                f"{one.is_phone}\n"
            )

    copy_lines("arena_attempt", _ATTEMPT_COLUMNS, lines())
    standings = standings_of(handed_in, order=_RANKING, counting=_COUNTING, all_correct=len(KEYS))
    rows = (standing_values(of.pk, one) for one in standings.values())
    copy_rows(Standing, STANDING_COLUMNS, rows, using=STORE)


def _publish(contest: Contest, rounds: Sequence[Round]) -> None:
    """Prizes of each week some days after its close, those of units with the results of the whole contest."""
    for of in rounds:
        of.closed_at = of.closes_at + timedelta(seconds=TIME_LIMIT_SECONDS + contest.grace_seconds)
        of.save(update_fields=["closed_at"])
    refresh_summaries(contest, at=PUBLISHED_AT)
    decided_on = {1: date(2023, 4, 12), 2: date(2023, 4, 19), WHOLE: PUBLISHED_AT.date()}
    awards = decide_prizes(contest, decided_on, jury="Ban Giám khảo (bản trình diễn)")
    winners = [award.entrant_id for award in awards if award.entrant_id]
    contest.entrants.filter(pk__in=winners).update(
        identity_checked_at=PUBLISHED_AT, identity_checked_by="Ban Tổ chức (bản trình diễn)"
    )
    for of, day in zip(rounds, (12, 20), strict=True):
        of.results_published_at = PUBLISHED_AT.replace(day=day)
        of.save(update_fields=["results_published_at"])
    contest.status, contest.published_at = ContestStatus.PUBLISHED, PUBLISHED_AT
    contest.save(update_fields=["status", "published_at"])


def _array(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _seqs(answers: Sequence[int]) -> list[int]:
    """The changes counted as the page counts them: one for each answer, in the order of the paper."""
    made, seqs = 0, []
    for mask in answers:
        made += mask != 0
        seqs.append(made if mask else 0)
    return seqs
