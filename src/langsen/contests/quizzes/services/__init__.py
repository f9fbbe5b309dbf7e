"""What may be done with the bank and the papers, and who may do it."""

from langsen.contests.quizzes.services.bank import add_questions, rename_category, save_question
from langsen.contests.quizzes.services.checking import (
    check_question,
    restore_question,
    retire_question,
    return_question,
    send_to_check,
    step_many,
)
from langsen.contests.quizzes.services.freezing import freeze_paper, freeze_papers
from langsen.contests.quizzes.services.plans import RuleFacts, copy_plan, pick_questions, save_plan
from langsen.contests.quizzes.services.reading import record_reading, record_samples

__all__ = [
    "RuleFacts",
    "add_questions",
    "check_question",
    "copy_plan",
    "freeze_paper",
    "freeze_papers",
    "pick_questions",
    "record_reading",
    "record_samples",
    "rename_category",
    "restore_question",
    "retire_question",
    "return_question",
    "save_plan",
    "save_question",
    "send_to_check",
    "step_many",
]
