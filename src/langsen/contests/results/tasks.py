"""Work of results that happens by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from langsen.contests.results.services import closing, summaries


@app.periodic(cron="* * * * *")
@app.task(name="results.close_due_rounds")
def close_due_rounds(timestamp: int) -> None:  # noqa: ARG001
    """Do the closing work of rounds that are over."""
    closing.close_due_rounds()


@app.periodic(cron="*/5 * * * *")
@app.task(name="results.count_open_contests")
def count_open_contests(timestamp: int) -> None:  # noqa: ARG001
    """Count the contests under way anew, so that their pages say "as of" a moment not long ago."""
    at = timezone.now()
    for contest in summaries.contests_to_count(at):
        summaries.refresh_summaries(contest, at=at)
