"""What `langsen doctor` looks at. Each check answers with what it found and, when something is wrong, what to do."""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import get_connection
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.utils import timezone

from langsen.config.migrating import pending_migrations
from langsen.contests.stores import STORE
from langsen.foundation.core import text
from langsen.foundation.core.backup.making import last_backup
from langsen.foundation.core.runtime.database import OLDEST_SERVER
from langsen.foundation.notifications.queries import mail_trouble

JOB_WAITS_AT_MOST = 300  # seconds
SEAL_WAITS_AT_MOST = 60
CLOCKS_DIFFER_AT_MOST = 2.0
FREE_SPACE_AT_LEAST = 500 * 1024 * 1024
MANIFEST = "vendor/manifest.json"
UNSEALED = (
    "SELECT count(*), COALESCE(EXTRACT(epoch FROM now() - min(at)), 0)::float8 FROM audit_auditevent"
    " WHERE seal_id IS NULL"
)
OLDEST_PYTHON = (3, 11)
DJANGO = (5, 2)


@dataclass(frozen=True)
class Finding:
    """One check's answer; `advice` says what to do and is empty when all is well."""

    name: str
    found: str
    advice: str = ""

    @property
    def well(self) -> bool:
        return not self.advice


def examine(*, database: str = "") -> list[Finding]:
    """Run every check. `database`: why there is none, so that the checks that ask it are left out."""
    needs_database = {"database": check_database, "folding": check_folding, "queue": check_queue, "seals": check_seals}
    needs_database |= {"clock": check_clock, "tables": check_tables, "evidence": check_evidence}
    needs_database |= {"contests": check_contest_store}
    others = {"files": check_files, "mail": check_mail, "assets": check_assets, "versions": check_versions}
    findings = [Finding("database", "none", database)] if database else list(_run(needs_database))
    return findings + list(_run(others))


def _run(checks: dict[str, Callable[[], Finding]]) -> Iterator[Finding]:
    for name, check in checks.items():
        try:
            yield check()
        except DatabaseError as error:
            yield Finding(name, str(error).strip(), "The database refused the question: look at its log.")


def _ask(question: str, *arguments: str, store: str = DEFAULT_DB_ALIAS) -> tuple[object, ...]:
    with connections[store].cursor() as cursor:
        cursor.execute(question, arguments)
        row: tuple[object, ...] = cursor.fetchone()
        return row


def check_database() -> Finding:
    """Reachable, new enough, with connections to spare."""
    version, used, most = _ask(
        "SELECT current_setting('server_version_num')::int / 10000, (SELECT count(*) FROM pg_stat_activity "
        "WHERE backend_type = 'client backend'), current_setting('max_connections')::int"
    )
    found = f"PostgreSQL {version}, {used} of {most} connections in use"
    if int(str(version)) < OLDEST_SERVER:
        return Finding("database", found, f"Move to PostgreSQL {OLDEST_SERVER} or newer and set DATABASE_URL.")
    if int(str(used)) > 0.9 * int(str(most)):
        return Finding("database", found, "Raise max_connections, or lower LANGSEN_WEB_PROCESSES and LANGSEN_DB_POOL.")
    return Finding("database", found)


def check_contest_store() -> Finding:
    """The contest store is reachable, new enough, sealed, and its tables are those of this version."""
    where = connections[STORE].settings_dict
    name = f"{where['NAME']} on {where['HOST'] or 'this machine'}"
    try:
        version, commits = _ask(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('synchronous_commit')",
            store=STORE,
        )
        found = f"{name}: PostgreSQL {version}"
        pending = pending_migrations(STORE)
        if not pending:
            waiting, oldest = _ask(UNSEALED, store=STORE)
            found += f", {waiting} events wait for their seal"
    except DatabaseError as error:
        words = f"{name}: {str(error).strip()}"
        return Finding("contests", words, "Type: langsen migrate; or start the server of LANGSEN_CONTESTS_URL.")
    if int(str(version)) < OLDEST_SERVER:
        advice = f"Move to PostgreSQL {OLDEST_SERVER} or newer and set LANGSEN_CONTESTS_URL."
        return Finding("contests", found, advice)
    if pending:
        missing = f"{found}, {len(pending)} migrations are missing, first {pending[0]}"
        return Finding("contests", missing, "Type: langsen migrate")
    if commits == "off":
        found += ", synchronous_commit is off: a crash would lose answers that were acknowledged"
        return Finding("contests", found, "Set synchronous_commit = on for the contest store.")
    if float(str(oldest)) > SEAL_WAITS_AT_MOST:
        return Finding("contests", found, "Start the worker (`langsen up`), or seal now: langsen audit seal")
    return Finding("contests", found)


def check_folding() -> Finding:
    """Vietnamese letters are kept and folded as searching and sorting expect."""
    encoding, kept = _ask("SELECT current_setting('server_encoding'), %s::text", "ĐẶNG Thị Ước")
    folded = text.fold("ĐẶNG Thị Ước")
    found = f"server encoding {encoding}; ĐẶNG Thị Ước is searched as “{folded}”"
    if encoding != "UTF8" or kept != "ĐẶNG Thị Ước":
        return Finding("folding", found, "Make the database anew with ENCODING 'UTF8' and move the data there.")
    if folded != "dang thi uoc":
        return Finding("folding", found, "Install langsen again: its own text folding is not what it was tested with.")
    return Finding("folding", found)


def check_queue() -> Finding:
    """No job waits long, and somebody works."""
    waiting, oldest = _ask(
        "SELECT count(*), COALESCE(EXTRACT(epoch FROM max(now() - due)), 0)::float8 FROM ("
        " SELECT COALESCE(job.scheduled_at, (SELECT min(event.at) FROM procrastinate_events event"
        " WHERE event.job_id = job.id), now()) AS due FROM procrastinate_jobs job WHERE job.status = 'todo') waits"
        " WHERE due <= now()"
    )
    (failed,) = _ask(
        "SELECT count(DISTINCT job.id) FROM procrastinate_jobs job"
        " JOIN procrastinate_events event ON event.job_id = job.id"
        " WHERE job.status = 'failed' AND event.at > now() - interval '1 day'"
    )
    found = f"{waiting} jobs wait, the oldest for {float(str(oldest)):.0f} s; {failed} failed in the last day"
    if float(str(oldest)) > JOB_WAITS_AT_MOST:
        return Finding("queue", found, "Nobody works on the queue: is `langsen up` (or `langsen worker`) running?")
    if failed:
        return Finding("queue", found, "Read the worker's messages for the cause; then `langsen manage procrastinate`.")
    return Finding("queue", found)


def check_seals() -> Finding:
    """The audit trail is sealed soon after it is written."""
    waiting, oldest = _ask(UNSEALED)
    found = f"{waiting} events wait for their seal, the oldest for {float(str(oldest)):.0f} s"
    if float(str(oldest)) > SEAL_WAITS_AT_MOST:
        return Finding("seals", found, "Start the worker (`langsen up`), or seal now: langsen audit seal")
    return Finding("seals", found)


def check_clock() -> Finding:
    """The machine and the database agree on the time, and Vietnam's zone is known."""
    (theirs,) = _ask("SELECT EXTRACT(epoch FROM clock_timestamp())::float8")
    apart = abs(timezone.now().timestamp() - float(str(theirs)))
    found = f"database and machine are {apart:.1f} s apart; now {timezone.localtime():%d/%m/%Y %H:%M} in Vietnam"
    if apart > CLOCKS_DIFFER_AT_MOST:
        return Finding("clock", found, "Set both clocks by NTP: deadlines and the audit trail need the same time.")
    return Finding("clock", found)


def check_tables() -> Finding:
    """Every migration has been applied."""
    pending = pending_migrations()
    if pending:
        return Finding("tables", f"{len(pending)} migrations are missing, first {pending[0]}", "Type: langsen migrate")
    return Finding("tables", "up to date")


def check_backup() -> Finding:
    """A backup was made not long ago. `LANGSEN_BACKUP_DAYS` 0: somebody else sees to it."""
    days, last = settings.LANGSEN_BACKUP_DAYS, last_backup()
    if not days:
        return Finding("backup", "not looked at (LANGSEN_BACKUP_DAYS is 0)")
    (first,) = _ask("SELECT min(at) FROM audit_auditevent") if last is None else (last[0],)
    if not isinstance(first, datetime):
        return Finding("backup", "none yet, and nothing recorded yet")
    age = (timezone.now() - first).days
    found = f"none yet, records since {age} days" if last is None else f"{last[1]}, {age} days ago"
    if age >= days:
        return Finding("backup", found, "Type: langsen backup FILE   (and let cron do so daily: docs/operating.md)")
    return Finding("backup", found)


def check_files() -> Finding:
    """Uploaded files can be written, and there is room."""
    folder = Path(settings.FILES_DIR)
    place = next(path for path in (folder, *folder.parents) if path.is_dir())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"langsen doctor")
    except OSError as error:
        return Finding("files", f"{place}: {error.strerror}", f"Let the account of langsen write in {place}.")
    free = shutil.disk_usage(place).free
    found = f"{folder} can be written; {free // 1024**2:,} MiB free"
    if free < FREE_SPACE_AT_LEAST:
        return Finding("files", found, "Make room: below 500 MiB uploads and then the database will fail.")
    return Finding("files", found)


def check_evidence() -> Finding:
    """Every attached file lies on the disk."""
    from langsen.foundation.evidence.models import StoredFile  # needs the apps loaded
    from langsen.foundation.evidence.sweeping import missing_files

    missing = missing_files()
    found = f"{StoredFile.objects.count():,} attached files"
    if missing:
        names = ", ".join(missing[:3])
        advice = "Copy the folder files/evidence back from the latest backup; nothing else can bring them back."
        return Finding("evidence", f"{found}, {len(missing):,} of them not on the disk, first: {names}", advice)
    return Finding("evidence", f"{found}, all on the disk")


def check_mail() -> Finding:
    """The mail server answers, if one is named, and takes what notices it is given."""
    if not settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"):
        return Finding("mail", "no server named: mail is kept as files (set LANGSEN_SMTP_URL to send it)")
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    server = get_connection()
    try:
        server.open()
        server.close()
    except OSError as error:  # smtplib's errors are OSErrors too
        return Finding("mail", f"{where}: {error}", "Check LANGSEN_SMTP_URL: host, port, user and password.")
    trouble = mail_trouble()
    if trouble is not None:
        found = f"{where} answers, but {trouble.count} notices did not get through, the last: {trouble.words}"
        return Finding("mail", found, "Correct the addresses of these accounts, or ask the keeper of the mail server.")
    return Finding("mail", f"{where} answers")


def check_assets() -> Finding:
    """The third-party files of the pages are there, unchanged, and the translations are compiled."""
    again = "In a checkout type: make assets messages; else install langsen again."
    manifest = finders.find(MANIFEST)
    if not manifest:
        return Finding("assets", f"{MANIFEST} is missing", again)
    folder = Path(str(manifest)).parent
    wrong = [
        name
        for name, digest in json.loads(Path(str(manifest)).read_text(encoding="utf-8"))["files"].items()
        if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]
    if wrong:
        return Finding("assets", f"missing or altered: {', '.join(wrong)}", again)
    sources = list(Path(settings.PACKAGE_DIR).rglob("locale/*/LC_MESSAGES/django.po"))
    stale = [path for path in sources if not path.with_suffix(".mo").is_file()]
    if stale:
        return Finding("assets", f"{len(stale)} translations are not compiled", again)
    return Finding("assets", f"complete in {folder}, translations compiled")


def check_versions() -> Finding:
    """Python and Django are those langsen is made for."""
    found = f"Python {sys.version.split()[0]}, Django {django.get_version()}, account {os.geteuid()}"
    if tuple(sys.version_info[:2]) < OLDEST_PYTHON:
        return Finding("versions", found, "Install Python 3.11 or newer and langsen into it.")
    if django.VERSION[:2] != DJANGO:
        return Finding("versions", found, "Install langsen again: it is made for Django 5.2.")
    return Finding("versions", found)
