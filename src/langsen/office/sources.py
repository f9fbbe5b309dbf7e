"""What the apps below offer the desk, listed by hand."""

from collections.abc import Callable, Sequence

from langsen.contests.contests.queries.desk import todos_for as contest_todos
from langsen.contests.quizzes.queries.desk import todos_for as question_todos
from langsen.contests.results.queries.desk import todos_for as result_todos
from langsen.foundation.access.queries import todos_for as access_todos
from langsen.foundation.accounts.models import User
from langsen.foundation.people.queries import todos_for as people_todos
from langsen.registers.study.queries.desk import todos_for as study_todos
from langsen.reports.queries.desk import todos_for as report_todos

# Each returns what waits for a user; the shape is that of `foundation.core.todos.Todo`.
TODOS: Sequence[Callable[[User], Sequence[object]]] = (
    report_todos,
    contest_todos,
    question_todos,
    result_todos,
    study_todos,
    people_todos,
    access_todos,
)
