"""The demonstration: four real provinces holding only what the articles publish, and invented Mường Sen."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langsen.config.demo.worlds import Progress, Stage

LOADED = "demo.loaded"
# Worlds that also lie in the contest store, by the address of their contest there.
_CONTESTS = {"LCA quiz": "thanh-uy-lao-cai-2023", "MSE quizzes": "muong-sen-lam-theo-loi-bac"}
_LOCK = 0x4C53_DE30  # one loader at a time, across processes
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike


@dataclass(frozen=True)
class DemoResult:
    """What `load_demo` did. `password` is that of every account of the demo, `entrant_code` lets anybody sit the open
    quiz of Mường Sen; both are known only when they were made now."""

    loaded: bool
    password: str | None = None
    password_file: str = ""
    entrant_code: str = ""

    def __str__(self) -> str:
        if not self.loaded:
            return f"The demonstration is already loaded. Its password: {self.password_file}"
        accounts = "\n".join(f"  {name:<16} {words}" for name, words in _account_words().items())
        quiz = f"/cuoc-thi/{_CONTESTS['MSE quizzes']}/vao-thi/"
        return (
            f"Demonstration accounts (password {self.password}, also in {self.password_file}):\n{accounts}\n"
            f"Personal code for the open quiz at {quiz}: {self.entrant_code}"
        )


def load_demo(progress: "Progress", password: str | None = None) -> DemoResult:
    """Fill an empty store with the demonstration; a store that already holds it is left as it is.

    Each world is one transaction (in each store), so an interrupted loading goes on where it stopped. `password` is
    given to every account of the demo; without it one is made. It is kept nowhere but hashed, and in a file only the
    owner can read.

    Raises:
        Conflict: the store holds something else.
    """
    from langsen.config.demo import accounts
    from langsen.config.demo.worlds import Stage
    from langsen.contests.contests.codes import new_code, shown
    from langsen.foundation.accounts.services import system_user

    missing = [name for name in _worlds() if not _is_loaded(name)]
    if not missing:
        return DemoResult(loaded=False, password_file=str(accounts.password_file()))
    _refuse_other_data(missing)
    password = password or "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    stage = Stage(by=system_user(), say=progress, password=password, entrant_code=new_code())
    for name in missing:
        _load_world(name, stage)
        _tell_the_planner(name)
    return DemoResult(
        loaded=True,
        password=password,
        password_file=str(accounts.password_file()),
        entrant_code=shown(stage.entrant_code),
    )


def _worlds() -> Mapping[str, "Callable[[Stage], None]"]:
    """Every world by name, in the order they are loaded: later ones stand on earlier ones."""
    from langsen.config.demo import (
        accounts,
        lai_chau,
        lang_son,
        lao_cai,
        lao_cai_2025,
        lao_cai_contest,
        muong_sen,
        muong_sen_contests,
        muong_sen_papers,
        muong_sen_reports,
        worlds,
        yen_bai,
    )

    return {
        "TW": worlds.load_root,
        "LCH": lai_chau.load,
        "LSO": lang_son.load,
        "LCI": lao_cai.load,
        "LCA quiz": lao_cai_contest.load,
        "YBA": yen_bai.load,
        "LCI2": lao_cai_2025.load,
        "MSE": muong_sen.load,
        "accounts": accounts.load,
        "MSE quizzes": muong_sen_contests.load,
        "papers": muong_sen_papers.load,
        "reports": muong_sen_reports.load,
    }


def _load_world(name: str, stage: "Stage") -> None:
    from django.db import connection, transaction

    from langsen.contests.stores import STORE
    from langsen.foundation.audit.services import record

    # The contest store commits first: a world it holds without the mark here is taken up again and found there.
    with transaction.atomic(), transaction.atomic(using=STORE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if not _is_loaded(name):
            _worlds()[name](stage)
            record(LOADED, stage.by, by=stage.by, data={"world": name})


def _tell_the_planner(name: str) -> None:
    """Figures are read, by the worlds that report them too, before the server would look at the new rows by itself."""
    from django.db import connections

    from langsen.contests.stores import STORE

    with connections[STORE if name in _CONTESTS else "default"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _is_loaded(name: str) -> bool:
    from langsen.contests.contests.models import Contest
    from langsen.foundation.audit.models import AuditEvent

    if name in _CONTESTS and not Contest.objects.filter(slug=_CONTESTS[name]).exists():
        return False
    return AuditEvent.objects.filter(verb=LOADED, data__world=name).exists()


def _refuse_other_data(missing: list[str]) -> None:
    from django.utils.translation import gettext as _

    from langsen.contests.contests.models import Contest
    from langsen.foundation.core.errors import Conflict
    from langsen.foundation.orgs.models import OrgUnit

    if len(missing) == len(_worlds()) and (OrgUnit.objects.exists() or Contest.objects.exists()):
        raise Conflict(_("The store already holds an office's own data. The demonstration fills only an empty store."))


def _account_words() -> dict[str, str]:
    from langsen.config.demo.accounts import ACCOUNTS

    return {account.username: account.words for account in ACCOUNTS}
