"""What an archive says of itself: the last member, with the digest of every other."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput

# 1: the register store alone. 2: every store of the installation, each with its own dump.
FORMAT = 2
NAME = "manifest.json"
DATABASE = "database.dump"
FILES = "files/"
# Small files of the runtime folder that the store cannot be used without.
KEPT = ("secret_key", "demo-password", "demo-entrant-code")


@dataclass(frozen=True)
class Member:
    """One file of the archive: name, bytes, SHA-256 (hex)."""

    name: str
    size: int
    sha256: str


def dump_of(alias: str) -> str:
    """Return the name of one store's dump in the archive."""
    return DATABASE if alias == DEFAULT_DB_ALIAS else f"{alias}.dump"


def dumps() -> frozenset[str]:
    """Return the names of the dumps that an archive of this program may hold."""
    return frozenset(map(dump_of, settings.DATABASES))


@dataclass(frozen=True)
class Store:
    """What the archive holds of one database.

    `migrations` is the schema as "app.name"; `rows` the number of rows of each table whose rows are in the archive;
    `facts` what the command adds (the last seal of the audit trail); `server` and `dumped_by` major versions of
    PostgreSQL and of its pg_dump.
    """

    server: int
    dumped_by: int
    migrations: tuple[str, ...]
    rows: dict[str, int]
    facts: dict[str, Any]


@dataclass(frozen=True)
class Manifest:
    """What the archive holds, by the alias of each store, and which program made it.

    `missing` are files that the store names but that were not on the disk. An archive of form 1 has the register store
    alone.
    """

    langsen: str
    made_at: str
    stores: dict[str, Store]
    missing: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    format: int = field(default=FORMAT)

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @property
    def files(self) -> int:
        return sum(member.name.startswith(FILES) for member in self.members)

    @property
    def rows(self) -> int:
        """Rows of all stores."""
        return sum(sum(store.rows.values()) for store in self.stores.values())

    @property
    def tables(self) -> int:
        return sum(len(store.rows) for store in self.stores.values())


def read_manifest(content: bytes) -> Manifest:
    """Return the manifest; one of form 1 is read as the register store's alone.

    Raises:
        BadInput: it is none, or of a newer form than this program knows.
    """
    try:
        facts = json.loads(content)
        form = int(facts["format"])
        if form > FORMAT:
            raise BadInput(newer_words(str(facts.get("langsen", "?"))))
        stores = {DEFAULT_DB_ALIAS: facts} if form == 1 else facts["stores"]
        if set(stores) - set(settings.DATABASES):
            raise ValueError(f"unknown stores: {sorted(stores)}")
        members = tuple(Member(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in facts["members"])
        return Manifest(
            langsen=str(facts["langsen"]),
            made_at=str(facts["made_at"]),
            stores={str(alias): _store(store) for alias, store in stores.items()},
            missing=tuple(map(str, facts["missing"])),
            members=members,
            format=form,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            _("The archive is damaged: its list of contents (%(name)s) cannot be read.") % {"name": NAME}
        ) from error


def _store(facts: dict[str, Any]) -> Store:
    return Store(
        server=int(facts["server"]),
        dumped_by=int(facts["dumped_by"]),
        migrations=tuple(map(str, facts["migrations"])),
        rows={str(table): int(count) for table, count in facts["rows"].items()},
        facts=dict(facts["facts"]),
    )


def newer_words(version: str) -> str:
    words = _(
        "This is a backup of a newer version (%(theirs)s): install that version or a later one, then restore. "
        "Nothing was changed."
    )
    return words % {"theirs": version}
