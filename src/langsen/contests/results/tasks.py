"""Work of results that happens by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from langsen.contests.results.models import Publication
from langsen.contests.results.services import analysing, closing, publishing, summaries


@app.periodic(cron="* * * * *")
@app.task(name="results.close_due_rounds")
def close_due_rounds(timestamp: int) -> None:  # noqa: ARG001
    """Do the closing work of rounds that are over."""
    closing.close_due_rounds()


@app.periodic(cron="*/5 * * * *")
@app.task(name="results.count_open_contests")
def count_open_contests(timestamp: int) -> None:  # noqa: ARG001
    """Count the rounds under way anew, so that their pages say "as of" a moment not long ago."""
    at = timezone.now()
    for contest in summaries.contests_to_count(at):
        summaries.count_rounds_under_way(contest, at=at)


@app.task(name="results.publish")
def publish(publication_id: int) -> None:
    """Publish a contest whose organiser has asked for it."""
    for asked in Publication.objects.filter(pk=publication_id):
        publishing.publish(asked)


@app.periodic(cron="* * * * *")
@app.task(name="results.publish_due")
def publish_due(timestamp: int) -> None:  # noqa: ARG001
    """Take up publications whose worker died."""
    publishing.publish_due()


@app.periodic(cron="*/10 * * * *")
@app.task(name="results.analyse_items")
def analyse_items(timestamp: int) -> None:  # noqa: ARG001
    """Reckon the item analysis of rounds that have closed."""
    analysing.analyse_due_items()


@app.periodic(cron="25 * * * *")
@app.task(name="results.look_for_signs")
def look_for_signs(timestamp: int) -> None:  # noqa: ARG001
    """Look for unusual signs in rounds that have closed, within a budget."""
    analysing.look_for_signs()
