"""Stores to back up and archives of other versions, for the drill."""

import json
import tarfile
from dataclasses import replace
from pathlib import Path

import psycopg
from django.utils import timezone

from langsen.config.migrating import addresses
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.services import content_digest
from langsen.foundation.core.backup.archive import Archive, verified
from tests.two_stores import STORES, administer, drop_stores, url_of


def database(name: str, template: str = "") -> str:
    """Two stores of the throw-away cluster under one name, empty or copies; the value is the address of the first."""
    drop_stores(name)
    for store in STORES:
        administer(
            f"CREATE DATABASE {name}{store} TEMPLATE {template + store if template else 'template0'} ENCODING 'UTF8'"
        )
    return url_of(name)


def tables(url: str) -> int:
    """How many tables both stores have."""
    count = 0
    for one in addresses(url).values():
        with psycopg.connect(one) as server:
            row = server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert row
        count += int(row[0])
    return count


def contest_event(url: str) -> None:
    """Put one event into the trail of the contest store beside `url`."""
    event = AuditEvent(at=timezone.now(), actor_name="Thử", verb="contest.announced", object_type="contests.contest")
    event.object_label = "Cuộc thi"
    with psycopg.connect(addresses(url)["contests"]) as contests:
        contests.execute(
            "INSERT INTO audit_auditevent (at, actor_name, verb, object_type, object_label, data, digest)"
            " VALUES (%s, %s, %s, %s, %s, '{}', %s)",
            [event.at, event.actor_name, event.verb, event.object_type, event.object_label, content_digest(event)],
        )


def newer(archive: Path, folder: Path) -> bytes:
    """The same archive as a later version would make it: it knows a migration that we do not."""
    manifest, place, made = verified(archive), folder / "unpacked", folder / "made.tar.gz"
    with tarfile.open(archive) as tar:
        tar.extractall(place, filter="data")
    with made.open("wb") as out:
        anew = Archive(out)
        for member in manifest.members:
            anew.add(member.name, place / member.name)
        registers = manifest.stores["default"]
        newer = replace(registers, migrations=(*registers.migrations, "study.9999_to_come"))
        anew.close_with(replace(manifest, langsen="99.0", stores={**manifest.stores, "default": newer}))
    return made.read_bytes()


def of_the_first_form(archive: Path, folder: Path) -> bytes:
    """The same archive as the versions before the contest store made it."""
    manifest, place, made = verified(archive), folder / "unpacked-1", folder / "made-1.tar.gz"
    with tarfile.open(archive) as tar:
        tar.extractall(place, filter="data")
    facts = json.loads(manifest.as_bytes())
    facts |= {**facts.pop("stores")["default"], "format": 1}
    facts["members"] = [one for one in facts["members"] if one["name"] != "contests.dump"]
    (place / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    with tarfile.open(made, "w:gz") as tar:
        for name in [*(one["name"] for one in facts["members"]), "manifest.json"]:
            tar.add(place / name, name)
    return made.read_bytes()
