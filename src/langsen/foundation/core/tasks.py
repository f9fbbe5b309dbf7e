"""Work of core that happens after the answer."""

from procrastinate.contrib.django import app

from langsen.foundation.core.models import ImportRun
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.progress import ToldProgress


@app.task(name="core.read_import")
def read_import(run_id: int) -> None:
    """Read and judge a large file."""
    run = ImportRun.objects.get(pk=run_id)
    with ToldProgress(run) as progress:
        runs.read(run, progress)


@app.task(name="core.apply_import")
def apply_import(run_id: int) -> None:
    """Write the good rows of a large file."""
    run = ImportRun.objects.get(pk=run_id)
    with ToldProgress(run) as progress:
        runs.apply_queued(run, progress)


@app.periodic(cron="20 2 * * *")
@app.task(name="core.forget_imports")
def forget_imports(timestamp: int) -> None:  # noqa: ARG001
    """Delete what old imports left behind."""
    runs.forget_old()
