"""The new Lào Cai from 1/7/2025: heir of the old Lào Cai and of Yên Bái, with its real communes (`data/`).

Which commune took over from which is the official list's. Which neutral organisation of the two cities came under
which commune is chosen.
"""

from collections.abc import Iterator
from datetime import date

from langsen.config.demo.lao_cai_units import DISTRICTS, Place, places
from langsen.config.demo.worlds import TWO_TIERS, TWO_TIERS_DECISION, Stage
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.orgs.queries import children_on, unit_by_code
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units
from langsen.foundation.reorganisation.regrouping import Regrouping, regroup_units

LAST_DAY: date = TWO_TIERS - ONE_DAY


def load(stage: Stage) -> None:
    stage.say("LCI2: 1/7/2025")
    establish_units(
        [
            NewUnit("LCI2", "Tỉnh ủy Lào Cai", "province", "TW", TWO_TIERS, is_published=True),
            *(
                NewUnit(place.unit, place.committee, "commune", "LCI2", TWO_TIERS, is_published=True)
                for place in places("new")
            ),
        ],
        by=stage.by,
        decision=TWO_TIERS_DECISION,
    )
    regroup_units(list(regroupings()), effective_on=TWO_TIERS, decision=TWO_TIERS_DECISION, by=stage.by)


def regroupings() -> Iterator[Regrouping]:
    """Communes merge, the two cities are divided, the other districts end, the two provinces become one."""
    merged: dict[str, list[str]] = {}
    taken: dict[str, dict[str, None]] = {}
    for place in places("old"):
        heir = f"LCI2-{place.heirs[0]}"  # no commune of the two provinces was divided
        merged.setdefault(heir, []).append(place.unit)
        taken.setdefault(place.above, {})[heir] = None
    for heir, codes in merged.items():
        yield Regrouping(tuple(codes), (heir,))
    ended = {code for codes in merged.values() for code in codes}
    for district in places("district"):
        if district.unit in DISTRICTS.values():
            yield _divided(district, sorted(taken[district.code]), ended)
        else:  # nothing was published of it, so nothing of it stands anywhere
            yield Regrouping((district.unit,), ())
    yield Regrouping(("LCI", "YBA"), ("LCI2",))


def _divided(district: Place, communes: list[str], ended: set[str]) -> Regrouping:
    """Share the city's neutral organisations out among the communes that took over its own."""
    below = sorted(child.code for child in children_on(unit_by_code(district.unit), LAST_DAY))
    below = [code for code in below if code not in ended]
    places_of = {code: communes[order * len(communes) // len(below)] for order, code in enumerate(below)}
    return Regrouping((district.unit,), tuple(communes), places_of)
