"""The new Lào Cai from 1/7/2025: heir of the old Lào Cai and of Yên Bái; the two cities' organisations divided.

That it happened is known; which organisation came under which commune is chosen, so communes are called by number.
"""

from langsen.config.demo.worlds import TWO_TIERS, TWO_TIERS_DECISION, Stage
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import children_on, unit_by_code
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units
from langsen.foundation.reorganisation.services import merge_units, split_unit

# How many commune committees take over from each; and which organisations of theirs become part of their commune.
COMMUNES = {"LCA": 4, "NLO": 3}
INTO_THE_COMMUNE = ("LCA-03", "LCA-17", "NLO-PTR")


def load(stage: Stage) -> None:
    stage.say("LCI2: 1/7/2025")
    establish_units(
        [NewUnit("LCI2", "Tỉnh ủy Lào Cai", "province", "TW", TWO_TIERS, is_published=True)],
        by=stage.by,
        decision=TWO_TIERS_DECISION,
    )
    number = 0
    for code, count in COMMUNES.items():
        communes = [_commune(number + place) for place in range(1, count + 1)]
        number += count
        _divide(unit_by_code(code), communes, stage)
    merge_units(
        [unit_by_code("LCI"), unit_by_code("YBA")],
        successor=unit_by_code("LCI2"),
        effective_on=TWO_TIERS,
        decision=TWO_TIERS_DECISION,
        by=stage.by,
    )


def _commune(number: int) -> NewUnit:
    name = f"Đảng ủy xã, phường số {number}"
    return NewUnit(f"LCI2-X{number:02d}", name, "commune", "LCI2", TWO_TIERS, is_published=True)


def _divide(unit: OrgUnit, communes: list[NewUnit], stage: Stage) -> None:
    below = sorted(child.code for child in children_on(unit, TWO_TIERS - ONE_DAY))
    place = {code: communes[order * len(communes) // len(below)].code for order, code in enumerate(below)}
    split_unit(
        unit,
        successors=communes,
        children=place,
        effective_on=TWO_TIERS,
        decision=TWO_TIERS_DECISION,
        by=stage.by,
    )
    for code in INTO_THE_COMMUNE:
        if code in place:
            merge_units(
                [unit_by_code(code)],
                successor=unit_by_code(place[code]),
                effective_on=TWO_TIERS,
                decision=TWO_TIERS_DECISION,
                by=stage.by,
            )
