"""The ranking keys of a handed-in paper: four numbers, compared in order, smaller is better. Pure."""

from collections.abc import Sequence

from langsen.contests.contests.enums import RankingKey

KEYS = 4


def ranking_keys(
    order: Sequence[str], *, correct: int, duration_ms: int, submitted_ms: int, distance: int = 0
) -> tuple[int, int, int, int]:
    """Return the keys in the declared `order` of `RankingKey`s; a key that is not declared is 0, at the end.

    `submitted_ms` is the moment in ms since 1970, `distance` how far the prediction was off (0 until that is known).
    What is equal in all four is tied, and drawn by lot.
    """
    values = {
        RankingKey.SCORE.value: -correct,
        RankingKey.PREDICTION.value: distance,
        RankingKey.DURATION.value: duration_ms,
        RankingKey.MOMENT.value: submitted_ms,
    }
    first, second, third, fourth = [*(values[key] for key in order), *[0] * KEYS][:KEYS]
    return first, second, third, fourth
