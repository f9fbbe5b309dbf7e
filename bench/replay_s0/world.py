"""S0's contest before it opened, in a store of its own: announced, papers frozen, everybody signed up."""

from collections.abc import Sequence

from langsen.config.demo import spread
from langsen.config.demo.lao_cai_answers import ACCOUNTS, Planned, planned_attempts
from langsen.config.demo.lao_cai_contest import announce, sign_up_everybody
from langsen.config.migrating import migrate_store
from langsen.contests.contests.models import Contest, Round
from langsen.foundation.accounts.models import User
from langsen.foundation.orgs.models import OrgUnit


def prepared(part: float) -> tuple[Contest, Sequence[Round], Sequence[int], list[Planned]]:
    """Return contest, rounds, the key of each person and the attempts of the first `part` of the people."""
    migrate_store(lambda _words: None)
    # The contest store needs no registers: the organiser is a number and a name.
    organiser = OrgUnit(pk=1, code="LCA", name="Thành ủy Lào Cai")
    contest, rounds = announce(organiser, by=User(pk=1, username="dien-lai", display_name="Diễn lại"))
    attempts = planned_attempts()
    keys = sign_up_everybody(contest, attempts, [None] * ACCOUNTS, spread.seeded("replay"))
    people = round(ACCOUNTS * part)
    return contest, rounds, keys, [one for one in attempts if one.person < people]
