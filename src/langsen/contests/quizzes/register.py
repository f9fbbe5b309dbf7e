"""What every page of the bank has in common."""

from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.registers.kit.register import Register

QUESTIONS = Register(
    title=_("Question bank"),
    list_page="quizzes:questions",
    read=Permission.QUESTIONS_WRITE,
    record=Permission.QUESTIONS_WRITE,
    nowhere=_("You have not been given the right to write questions in any unit."),
)
