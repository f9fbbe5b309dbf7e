"""Files nobody refers to any more leave the disk."""

from procrastinate.contrib.django import app

from langsen.foundation.evidence.models import StoredFile
from langsen.foundation.evidence.services import remove_unneeded
from langsen.foundation.evidence.sweeping import sweep


@app.task(name="evidence.remove_file")
def remove_file(file_id: int) -> None:
    """Remove a file that was taken off, unless another record refers to it."""
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is not None:
        remove_unneeded(file)


@app.periodic(cron="40 2 * * *")
@app.task(name="evidence.sweep")
def sweep_nightly(timestamp: int) -> None:  # noqa: ARG001
    """Remove what interrupted requests and deleted records left behind."""
    sweep()
