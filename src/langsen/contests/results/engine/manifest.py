"""What the manifest of a bundle declares: rules, rounds and prizes, to and from plain JSON values."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from langsen.contests.quizzes.drawing import NAME as PAPERS
from langsen.contests.quizzes.drawing import Group, Pool
from langsen.contests.results.engine.bundle import FIRST_FORMAT, BadBundle
from langsen.contests.results.engine.facts import RANKS, PrizeFacts, Rules
from langsen.contests.results.engine.lots import NAME as DRAWS
from langsen.contests.results.engine.ranking import MORE_ROUNDS, SUMS

_ORDER = {"score", "prediction", "duration", "moment"}
_COUNTING = {"best", "first", "last"}
_PREDICTIONS = {"none", "people_all_correct", "attempts"}
_UNIT_RANKING = {"entrants", "rate", "average_best"}


@dataclass(frozen=True, slots=True)
class RoundDeclared:
    """A round as declared; moments in ms since 1970, `pool` without the number of answers of each question."""

    number: int
    title: str
    opens: int
    closes: int
    truth: int | None
    pool: Pool


@dataclass(frozen=True, slots=True)
class Declared:
    """Everything results are reckoned from that is not in a table."""

    contest: Mapping[str, Any]
    rules: Rules
    rounds: Mapping[int, RoundDeclared]
    prizes: tuple[PrizeFacts, ...]
    given: tuple[int, ...] = ()
    """The rounds whose prizes are in the bundle, in order; 0, last, is the whole contest's."""


def manifest_of(declared: Declared, amounts: Sequence[int]) -> dict[str, Any]:
    """Return the manifest without its members; `amounts` are those of the prizes, in their order."""
    return {
        "given": list(declared.given),
        "papers": PAPERS,
        "draws": DRAWS,
        "contest": dict(declared.contest),
        "rules": {**asdict(declared.rules), "ranking": list(declared.rules.ranking)},
        "rounds": [_round_json(one) for _number, one in sorted(declared.rounds.items())],
        "prizes": [{**asdict(one), "amount": amount} for one, amount in zip(declared.prizes, amounts, strict=True)],
    }


def declared_in(manifest: Mapping[str, Any]) -> Declared:
    """Return what a manifest declares.

    Raises:
        BadBundle: something is missing or has a value the format does not know.
    """
    try:
        is_first = manifest["format"] == FIRST_FORMAT
        rules = _rules(manifest["rules"], whole_order=SUMS if is_first else manifest["rules"]["whole_order"])
        given = tuple(_number(one) for one in manifest["given"])
        rounds = [_round(one) for one in manifest["rounds"]]
        prizes = tuple(
            PrizeFacts(_one_of(p["subject"], {"person", "unit"}), _one_of(p["scope"], {"round", "contest"}),
                       _one_of(p["rank"], set(RANKS)), _number(p["count"]))
            for p in manifest["prizes"]
        )  # fmt: skip
        if manifest["papers"] != PAPERS or manifest["draws"] != DRAWS:
            raise BadBundle("the manifest names another way of drawing papers or lots than this program knows")
        contest = manifest["contest"]
        if not isinstance(contest, dict):
            raise BadBundle("manifest: contest")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadBundle(f"manifest: {type(error).__name__} {error}") from error
    numbers = [one.number for one in rounds]
    if len(set(numbers)) != len(numbers):
        raise BadBundle("manifest: a round is there twice")
    if not set(given) <= {0, *numbers} or list(given) != [*sorted(set(given) - {0}), *[0] * (0 in given)]:
        raise BadBundle("manifest: prizes are given of a round that is not there, or not in order")
    return Declared(contest, rules, {one.number: one for one in rounds}, prizes, given)


def with_options(pool: Pool, options: Mapping[int, int]) -> Pool:
    """Return the pool with the number of answers of each question; answers stay unshuffled, which changes no question.

    A seed's stream gives the questions first, so the order of answers need not be redone to know them.
    """
    return Pool(pool.groups, options, pool.shuffles_questions, shuffles_options=False)


def _rules(said: Mapping[str, Any], *, whole_order: object) -> Rules:
    ranking = tuple(_one_of(key, _ORDER) for key in said["ranking"])
    if len(set(ranking)) != len(ranking):
        raise BadBundle("manifest: the ranking names a key twice")
    return Rules(
        ranking=ranking,
        counting=_one_of(said["counting"], _COUNTING),
        attempts_per_round=_number_or_none(said["attempts_per_round"]),
        time_limit_ms=_number(said["time_limit_ms"]),
        grace_ms=_number(said["grace_ms"]),
        prediction=_one_of(said["prediction"], _PREDICTIONS),
        unit_ranking=_one_of(said["unit_ranking"], _UNIT_RANKING),
        prize_cap_round=_number(said["prize_cap_round"]),
        prize_cap_contest=_number_or_none(said["prize_cap_contest"]),
        whole_order=_one_of(whole_order, {SUMS, MORE_ROUNDS}),
    )


def _round_json(one: RoundDeclared) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "opens": one.opens,
        "closes": one.closes,
        "truth": one.truth,
        "groups": [[group.count, list(group.numbers)] for group in one.pool.groups],
        "shuffles_questions": one.pool.shuffles_questions,
        "shuffles_options": one.pool.shuffles_options,
    }


def _round(said: Mapping[str, Any]) -> RoundDeclared:
    groups = tuple(Group(_number(count), tuple(_number(one) for one in numbers)) for count, numbers in said["groups"])
    if any(group.count > len(group.numbers) for group in groups):
        raise BadBundle("manifest: a group asks for more questions than it has")
    pool = Pool(groups, {}, said["shuffles_questions"] is True, said["shuffles_options"] is True)
    number = _number(said["number"])
    if not number:
        raise BadBundle("manifest: round 0")
    return RoundDeclared(
        number,
        str(said["title"]),
        _number(said["opens"]),
        _number(said["closes"]),
        _number_or_none(said["truth"]),
        pool,
    )


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise ValueError(f"not a whole number: {value!r}")
    return value


def _number_or_none(value: object) -> int | None:
    return None if value is None else _number(value)


def _one_of(value: object, known: set[str]) -> str:
    if value not in known:
        raise ValueError(f"unknown value {value!r}")
    return str(value)
