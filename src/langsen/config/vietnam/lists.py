"""The two official lists of units and how the old ones became the new ones, read from the package's data files.

The files are opened directly: importing `vietnamadminunits` would load its parsers and their dependencies.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from langsen.foundation.core.errors import BadInput

PACKAGE = "vietnamadminunits"
INSTALL = 'pip install "langsen[vietnam]"'


@dataclass(frozen=True)
class Province:
    code: str
    name: str
    key: str


@dataclass(frozen=True)
class District:
    code: str
    name: str
    province: str


@dataclass(frozen=True)
class Commune:
    """`district` is empty since 1/7/2025. An island district without communes stands as one line of this level:
    `is_district`, its code being the district's with "-0"."""

    code: str
    name: str
    province: str
    district: str = ""
    is_district: bool = False


@dataclass(frozen=True)
class Country:
    """Both lists by official code, and which new communes each old one went to (several: it was divided)."""

    old_provinces: Mapping[str, Province]
    old_districts: Mapping[str, District]
    old_communes: Mapping[str, Commune]
    provinces: Mapping[str, Province]
    communes: Mapping[str, Commune]
    origins: Mapping[str, tuple[str, ...]]  # new province: the old ones it was made of
    fates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # old commune: the new ones

    @property
    def lasting(self) -> frozenset[str]:
        """Codes of the provinces the change left as they were."""
        return frozenset(new for new, old in self.origins.items() if old == (new,))

    def district_fates(self) -> dict[str, tuple[str, ...]]:
        """Return, for each district, the new communes its own became."""
        found: dict[str, dict[str, None]] = {code: {} for code in self.old_districts}
        for code, commune in self.old_communes.items():
            found[commune.district] |= dict.fromkeys(self.fates[code])
        return {code: tuple(heirs) for code, heirs in found.items()}


def read_country() -> Country:
    """Read both lists and the mapping.

    Raises:
        BadInput: the optional package is not installed, or its files are not as this version knows them.
    """
    folder = _data_folder()
    with closing(sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)) as store:
        old = store.execute(
            "SELECT provinceKey, districtKey, wardKey, provinceCode, province, districtCode, district, wardCode, ward "
            "FROM admin_units_legacy"
        ).fetchall()
        new = store.execute("SELECT provinceKey, wardKey, provinceCode, province, wardCode, ward FROM admin_units")
        rows = new.fetchall()
    mapping = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    return _country(old, rows, mapping)


def _data_folder() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise BadInput(f"The lists of units are in an optional package that is not installed. Type: {INSTALL}")
    return Path(spec.origin).parent / "data"


def _country(old: list[tuple[str, ...]], new: list[tuple[str, ...]], mapping: Mapping[str, dict]) -> Country:  # type: ignore[type-arg]
    old_provinces = {row[3]: Province(row[3], tidy(row[4]), row[0]) for row in old}
    provinces = {row[2]: Province(row[2], tidy(row[3]), row[0]) for row in new}
    districts = {row[5]: District(row[5], tidy(row[6]), row[3]) for row in old}
    old_communes, by_key = {}, {}
    for row in old:
        alone = not row[7]
        code = f"{row[5]}-0" if alone else row[7]
        old_communes[code] = Commune(code, tidy(row[6] if alone else row[8]), row[3], row[5], is_district=alone)
        by_key[f"{row[0]}_{row[1]}_{row[2] or ''}"] = code
    communes = {row[4]: Commune(row[4], tidy(row[5]), row[2]) for row in new}
    old_key = {province.key: code for code, province in old_provinces.items()}
    origins = {
        province.code: tuple(old_key[key] for key in mapping["DICT_PROVINCE"][province.key])
        for province in provinces.values()
    }
    new_key = {(row[0], row[1]): row[4] for row in new}
    fates = _fates(mapping, by_key, new_key)
    return Country(old_provinces, districts, old_communes, provinces, communes, origins, fates)


def _fates(
    mapping: Mapping[str, dict],  # type: ignore[type-arg]
    old: Mapping[str, str],
    new: Mapping[tuple[str, str], str],
) -> dict[str, tuple[str, ...]]:
    fates: dict[str, tuple[str, ...]] = {}
    for province, whole in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in whole.items():
            fates |= {old[key]: (new[province, ward],) for key in keys}
    for province, divided in mapping["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, heirs in divided.items():
            # The one the list names first for an address without street comes first here too.
            ordered = sorted(heirs, key=lambda heir: not heir["isDefaultNewWard"])
            fates[old[key]] = tuple(new[province, heir["newWardKey"]] for heir in ordered)
    return fates


def tidy(name: str) -> str:
    """Write the kind of unit as offices do: "Thành Phố Bắc Kạn" is "Thành phố Bắc Kạn"."""
    for kind in ("Thành phố", "Thị xã", "Thị trấn", "Đặc khu"):
        if name.casefold().startswith(f"{kind.casefold()} "):
            return kind + name[len(kind) :]
    return name
