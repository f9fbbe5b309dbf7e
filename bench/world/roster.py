"""Invented people on the rosters of an invented store."""

from collections.abc import Iterator
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from bench.world.inserting import copy_with_defaults, loading, settle_sequence
from bench.world.shape import Shape
from langsen.foundation.core.text import fold, person_sort_key
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.foundation.people.models import Membership, Person

_FAMILY = ("Lò", "Vàng", "Giàng", "Sùng", "Tao", "Mào", "Nguyễn", "Trần", "Phạm", "Hoàng", "Đinh", "Quàng")
_MIDDLE = ("Văn", "Thị", "Xuân", "Minh", "Thu", "Đức", "Ngọc", "Quang", "Hồng")
_GIVEN = (
    "An",
    "Bình",
    "Chi",
    "Dung",
    "Giang",
    "Hà",
    "Hùng",
    "Lan",
    "Mai",
    "Nam",
    "Phượng",
    "Sơn",
    "Thảo",
    "Tuấn",
    "Yến",
)


def name_of(number: int) -> str:
    """Return the invented name of the person with this number; namesakes come as often as in life."""
    return (
        f"{_FAMILY[number % len(_FAMILY)]} {_MIDDLE[number // 5 % len(_MIDDLE)]} "
        f"{_MIDDLE[number // 11 % len(_MIDDLE)]} {_GIVEN[number // 3 % len(_GIVEN)]}"
    )


def enrol(shape: Shape) -> None:
    """Give every cell of the first `rolled` provinces a roster of full members."""
    cells = list(_cells(shape))
    people = [(number, unit) for number, unit in enumerate((u for u in cells for _ in range(shape.members)), 1)]
    with loading(Person, Membership):
        copy_with_defaults(
            Person,
            ("id", "full_name", "folded", "sort_key", "born_on", "sex"),
            (
                (
                    number,
                    name,
                    fold(name),
                    person_sort_key(name),
                    date(1960 + number % 40, 1 + number % 12, 1 + number % 28),
                    "m",
                )
                for number, _unit in people
                for name in [name_of(number)]
            ),
        )
        copy_with_defaults(
            Membership,
            ("person_id", "org_unit_id", "person_class", "during"),
            ((number, unit.pk, "full_member", DateRange(unit.during.lower, None)) for number, unit in people),
        )
    settle_sequence(Person)


def _cells(shape: Shape) -> Iterator[OrgUnit]:
    provinces = [f"T{number}" for number in range(1, shape.rolled + 1)]
    below = OrgClosure.objects.filter(ancestor__code__in=provinces, during__endswith=None).values("descendant")
    yield from OrgUnit.objects.filter(pk__in=below, kind__is_cell=True).order_by("id")
