"""The use cases of the roster."""

from langsen.foundation.people.services.corrections import answer_correction, ask_correction
from langsen.foundation.people.services.divided import move_from_divided
from langsen.foundation.people.services.duties import end_exemption, end_post, exempt_person, give_post
from langsen.foundation.people.services.memberships import (
    add_membership,
    end_membership,
    record_full_membership,
    transfer_person,
)
from langsen.foundation.people.services.persons import (
    PersonDetails,
    add_person,
    change_person,
    link_account,
    link_invited_account,
    read_sensitive,
    require_for_person,
)

__all__ = [
    "PersonDetails",
    "add_membership",
    "add_person",
    "answer_correction",
    "ask_correction",
    "change_person",
    "end_exemption",
    "end_membership",
    "end_post",
    "exempt_person",
    "give_post",
    "link_account",
    "link_invited_account",
    "move_from_divided",
    "read_sensitive",
    "record_full_membership",
    "require_for_person",
    "transfer_person",
]
