"""Sharing out a known total so that it looks like life and still sums exactly.

Everything is deterministic for one `Random`; sums are exact by construction (largest remainder), never by luck.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

# How busy a month is with study: themes are taken up from January to March, thematic meetings fall in April and
# August, May holds the anniversary of the 19th, the lunar new year thins February out.
MONTH_WEIGHT = {1: 1.0, 2: 0.85, 3: 1.45, 4: 1.3, 5: 1.35, 6: 0.95, 7: 0.75, 8: 1.2, 9: 0.9, 10: 1.0, 11: 1.05, 12: 0.7}
WEEKDAY_WEIGHT = (0.9, 1.0, 1.05, 1.1, 1.0, 0.3, 0.015)


def shares(total: int, weights: Sequence[float], least: int | Sequence[int] = 0) -> list[int]:
    """Share `total` out by `weights`, each share at least `least` (one number, or one for each); the sum is exact.

    Raises:
        ValueError: the least shares alone are more than the total, or nobody is there to take it.
    """
    floor = [least] * len(weights) if isinstance(least, int) else list(least)
    rest = total - sum(floor)
    whole = math.fsum(weights)
    if rest < 0 or (rest > 0 and whole <= 0):
        raise ValueError(f"{total} cannot be shared by {len(weights)}")
    if rest == 0:
        return floor
    quotas = [rest * weight / whole for weight in weights]
    given = [int(quota) for quota in quotas]
    order = sorted(range(len(weights)), key=lambda place: (given[place] - quotas[place], place))
    for place in order[: rest - sum(given)]:
        given[place] += 1
    return [base + more for base, more in zip(floor, given, strict=True)]


def uneven(random: Random, count: int, spread: float = 0.6) -> list[float]:
    """Return weights as sizes in life lie: most are middling, a few are large (log-normal)."""
    return [random.lognormvariate(0, spread) for _ in range(count)]


def day_weight(day: date) -> float:
    """Return how likely a committee is to meet on this day."""
    near_birthday = 1.6 if day.month == 5 and 12 <= day.day <= 19 else 1.0
    return MONTH_WEIGHT[day.month] * WEEKDAY_WEIGHT[day.weekday()] * near_birthday


def all_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def pick_days(
    random: Random, days: Sequence[date], count: int, weight: Callable[[date], float] = day_weight
) -> list[date]:
    """Return `count` different days in order, drawn by weight.

    Raises:
        ValueError: there are fewer days than asked for.
    """
    if count > len(days):
        raise ValueError(f"{count} of {len(days)} days")
    ranked = sorted(days, key=lambda day: -(random.random() ** (1 / weight(day))))
    return sorted(ranked[:count])


def working_day(random: Random, year: int, month: int, first: int = 1, last: int = 28) -> date:
    """Return a day of the month that is not a Sunday and rarely a Saturday."""
    days = [date(year, month, day) for day in range(first, last + 1)]
    return random.choices(days, [WEEKDAY_WEIGHT[day.weekday()] if day.weekday() < 6 else 0 for day in days])[0]


def seeded(name: str) -> Random:
    """Return the source of chance of one world: the same name gives the same world."""
    return Random(name)  # noqa: S311 - nothing secret hangs on it
