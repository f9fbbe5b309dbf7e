"""Bringing both lists into the store: units, who became what on 1/7/2025, and the Party committees beside them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from langsen.config.vietnam.lists import PACKAGE, Country
from langsen.config.vietnam.names import commune_committee, district_committee, province_committee
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.orgs.models import Line, OrgSuccession, OrgUnit
from langsen.foundation.orgs.queries import lock_tree
from langsen.foundation.reorganisation.bulk import Decision, NewUnit, establish_units, link_units
from langsen.foundation.reorganisation.regrouping import Regrouping, regroup_units

LISTED_ON = date(2025, 6, 30)  # the day of the old list, its last one
CHANGED_ON = LISTED_ON + ONE_DAY
FIRST_STATE_DAY, FIRST_PARTY_DAY = date(1945, 9, 2), date(1930, 2, 3)
PAPER = Decision(
    number="(số văn bản chưa kiểm chứng)",
    decided_on=CHANGED_ON,
    note=f"Theo danh sách đơn vị hành chính của gói {PACKAGE}: 63 tỉnh đến 30/6/2025, 34 tỉnh từ 1/7/2025.",
)
Say = Callable[[str], None]


@dataclass(frozen=True)
class _Tree:
    """How one line calls and codes the units of the lists. `old` and `new` are the prefixes of codes."""

    old: str
    new: str
    root: str
    kinds: Mapping[str, str]
    province: Callable[[str], str] = str
    district: Callable[[str], str] = str
    commune: Callable[[str], str] = str


def _state() -> _Tree:
    kinds = dict.fromkeys(("old_commune", "commune"), "state_commune")
    return _Tree("VN63-", "VN-", "VN", {"province": "state_province", "district": "state_district", **kinds})


def _party(root: str) -> _Tree:
    kinds = {
        "province": "province",
        "district": "district",
        "commune": "commune",
        "old_commune": "grassroots_committee",
    }
    return _Tree("DB63-", "DB-", root, kinds, province_committee, district_committee, commune_committee)


@dataclass(frozen=True)
class Loaded:
    """What one run added."""

    units: int = 0
    endings: int = 0
    links: int = 0
    kept: int = 0
    seconds: float = 0.0


def load_country(
    country: Country, *, party: bool, by: User, say: Say, old_from: date = LISTED_ON, keep_conflicts: bool = False
) -> Loaded:
    """Add what is not there yet, all of it or nothing; a second run adds nothing.

    The old units begin on `old_from`: the list tells how they stood on 30/6/2025 and no earlier day, so whoever
    carries them further back says so. Provinces the change left as they were go on as the same unit.

    Raises:
        Conflict: a code is taken by a unit of another kind, and `keep_conflicts` is not set.
        BadInput: `old_from` is after the day of the list; the store refuses a row.
    """
    started = time.monotonic()
    with transaction.atomic():
        lock_tree()
        root = OrgUnit.objects.filter(kind__code="central", placements__parent=None).order_by("id").first()
        trees = [_state(), *([_party(root.code if root else "TW")] if party else [])]
        rows = [row for tree in trees for row in _rows(country, tree, old_from)]
        if root is not None:
            rows = [row for row in rows if row.code != root.code]
        stored, foreign = _stored(rows)
        if foreign and not keep_conflicts:
            named = ", ".join(foreign[:10])
            raise Conflict(f"{len(foreign)} codes of the list are taken by units of another kind: {named}.")
        missing = [row for row in rows if row.code not in stored]
        if missing:
            say(f"Establishing {len(missing)} units")
            establish_units(missing, by=by, decision=PAPER)
        fresh = {row.code for row in missing}
        links = _link(country, by=by, say=say) if party else 0
        endings = 0
        for tree in trees:
            endings += _regroup(list(_regroupings(country, tree)), set(foreign), fresh, by=by, say=say)
    return Loaded(len(missing), endings, links, len(foreign), time.monotonic() - started)


def _stored(rows: Sequence[NewUnit]) -> tuple[set[str], list[str]]:
    """Return the codes that are there, and those of them that mean something else."""
    kinds = dict(OrgUnit.objects.filter(code__in=[row.code for row in rows]).values_list("code", "kind__code"))
    return set(kinds), [row.code for row in rows if row.code in kinds and kinds[row.code] != row.kind]


def _rows(country: Country, tree: _Tree, old_from: date) -> Iterator[NewUnit]:
    """Every unit of both lists on one line, superiors first."""
    party = tree.root != "VN"
    first = FIRST_PARTY_DAY if party else FIRST_STATE_DAY
    yield NewUnit(tree.root, "Trung ương" if party else "Việt Nam", _root_kind(party), None, first)
    kinds, above = tree.kinds, _above(country, tree)
    for code, province in country.old_provinces.items():
        last = None if code in country.lasting else LISTED_ON
        yield NewUnit(above[code], tree.province(province.name), kinds["province"], tree.root, old_from, last)
    for code, district in country.old_districts.items():
        name, parent = tree.district(district.name), above[district.province]
        yield NewUnit(tree.old + code, name, kinds["district"], parent, old_from, LISTED_ON)
    for code, commune in country.old_communes.items():
        if not (party and commune.is_district):  # an island district's committee is the district committee
            name, parent = tree.commune(commune.name), tree.old + commune.district
            yield NewUnit(tree.old + code, name, kinds["old_commune"], parent, old_from, LISTED_ON)
    for code, province in country.provinces.items():
        if code not in country.lasting:
            yield NewUnit(tree.new + code, tree.province(province.name), kinds["province"], tree.root, CHANGED_ON)
    for code, commune in country.communes.items():
        parent = tree.new + commune.province
        yield NewUnit(tree.new + code, tree.commune(commune.name), kinds["commune"], parent, CHANGED_ON)


def _root_kind(party: bool) -> str:
    return "central" if party else "state_country"


def _above(country: Country, tree: _Tree) -> dict[str, str]:
    """Return the code of each old province's unit: one that lasts has the code of today's list."""
    return {code: (tree.new if code in country.lasting else tree.old) + code for code in country.old_provinces}


def _regroupings(country: Country, tree: _Tree) -> Iterator[Regrouping]:
    """Who became what: communes first, then districts (taken over by their communes' heirs), then provinces."""
    merged: dict[str, list[str]] = {}
    for code, heirs in country.fates.items():
        if country.old_communes[code].is_district and tree.root != "VN":
            continue
        if len(heirs) == 1:
            merged.setdefault(heirs[0], []).append(tree.old + code)
        else:
            yield Regrouping((tree.old + code,), tuple(tree.new + heir for heir in heirs))
    for heir, codes in merged.items():
        yield Regrouping(tuple(codes), (tree.new + heir,))
    for code, heirs in country.district_fates().items():
        yield Regrouping((tree.old + code,), tuple(tree.new + heir for heir in heirs))
    for code, origins in country.origins.items():
        if code not in country.lasting:
            yield Regrouping(tuple(tree.old + origin for origin in origins), (tree.new + code,))


def _regroup(rows: Sequence[Regrouping], foreign: set[str], fresh: set[str], *, by: User, say: Say) -> int:
    """Record what is not recorded yet; return how many units ended by it."""
    codes = [code for row in rows for code in row.predecessors]
    told = OrgSuccession.objects.filter(predecessor__code__in=codes, on=CHANGED_ON)
    done = foreign | set(told.values_list("predecessor__code", flat=True))
    left = []
    for row in rows:
        predecessors = tuple(code for code in row.predecessors if code not in done)
        if predecessors and foreign.isdisjoint(row.successors):
            left.append(Regrouping(predecessors, row.successors))
    count = sum(len(row.predecessors) for row in left)
    if left:
        say(f"Recording who took over from {count} units on 1/7/2025")
        regroup_units(left, effective_on=CHANGED_ON, decision=PAPER, by=by, fresh=fresh)
    return count


def _link(country: Country, *, by: User, say: Say) -> int:
    """Tie each committee to the State unit it leads."""
    say("Tying Party committees to their State units")
    state, party = _state(), _party("")
    superiors: dict[str, str] = {}
    for codes, one in (
        ((*country.old_districts, *country.old_communes), "old"),
        ((*country.provinces, *country.communes), "new"),
    ):
        superiors |= {getattr(party, one) + code: getattr(state, one) + code for code in codes}
    superiors |= {_above(country, party)[code]: _above(country, state)[code] for code in country.old_provinces}
    return link_units(superiors, line=Line.STATE, by=by)
