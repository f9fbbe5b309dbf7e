"""A contest and the people in it, in the contest store: no foreign key leads out of it, staff are id and name."""

from langsen.contests.contests.models.contest import (
    PERSON_LENGTH,
    TITLE_LENGTH,
    BarredPerson,
    Contest,
    ContestUnit,
    PageVersion,
    PrizeRule,
    Round,
    RuleChange,
)
from langsen.contests.contests.models.entrants import (
    Consent,
    ConsentText,
    Entrant,
    EntrantFlag,
    RateCount,
    SignUpCode,
)

__all__ = [
    "PERSON_LENGTH",
    "TITLE_LENGTH",
    "BarredPerson",
    "Consent",
    "ConsentText",
    "Contest",
    "ContestUnit",
    "Entrant",
    "EntrantFlag",
    "PageVersion",
    "PrizeRule",
    "RateCount",
    "Round",
    "RuleChange",
    "SignUpCode",
]
