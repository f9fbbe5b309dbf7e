"""Making an invented store, once, or taking the one kept from last time."""

import time
from collections.abc import Callable
from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from bench.world import roster, sessions, tree
from bench.world.shape import Shape
from langsen.config.migrating import migrate_store
from langsen.foundation.access.enums import Role
from langsen.foundation.access.models import Grant
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.figures.cache import cached_sources, rebuild
from langsen.foundation.orgs.models import OrgUnit

OFFICER = "mau.chuyenvien"


def make_store(shape: Shape, say: Callable[[str], None] = print) -> None:
    """Fill the empty store as `shape` says, unless it is filled already: then only missing migrations are applied."""
    migrate_store(say)
    if User.objects.filter(username=OFFICER).exists():
        say(f"{shape.name}: the store of last time, {OrgUnit.objects.count():,} units")
        return
    if OrgUnit.objects.exists():
        raise SystemExit(f"{shape.name}: the store is half made. Remove its folder below bench/results.")
    began = time.perf_counter()
    for words, step in (
        ("tree", tree.plant),
        ("roster", roster.enrol),
        ("sessions", sessions.fill),
    ):
        step(shape)
        say(f"{shape.name}: {words} after {time.perf_counter() - began:.0f} s")
    _finish()
    say(f"{shape.name}: all of it after {time.perf_counter() - began:.0f} s")


def _finish() -> None:
    for source in cached_sources():
        rebuild(source)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    user = User.objects.create_user(OFFICER, "bench bench bench", display_name="Chuyên viên mẫu")
    Grant.objects.create(
        user=user,
        role=Role.PROVINCE_OFFICER,
        org_unit=OrgUnit.objects.get(code="T1"),
        during=DateRange(date(2020, 1, 1), None),
        granted_by=system_user(),
    )
