"""pytest plugin (`-p` in pyproject.toml): a throw-away database cluster and runtime folder for one test session.

It must stand before pytest-django loads the settings, which is earlier than any conftest.py. Under pytest-xdist the
controller makes both and its workers inherit the environment; pytest-django gives each worker a database of its own.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from langsen.foundation.core.runtime.cluster import Cluster

_KEY = pytest.StashKey[tuple[Cluster, Path]]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None, None, None]:
    """Start the cluster before anything reads the settings."""
    asks_only = {"-h", "--help", "-V", "--version", "--markers", "--fixtures"} & set(args)
    if "PYTEST_XDIST_WORKER" in os.environ or asks_only:
        return (yield)
    folder = Path(tempfile.mkdtemp(prefix="langsen-test-"))
    folder.chmod(0o711)  # as root, the database's account must pass through
    cluster = Cluster(folder / "postgres", throw_away=True)
    early_config.stash[_KEY] = (cluster, folder)
    early_config.add_cleanup(lambda: _remove(cluster, folder))
    cluster.initialise()
    cluster.start(tied_to_us=True)
    os.environ["DATABASE_URL"] = cluster.url()
    os.environ["LANGSEN_HOME"] = str(folder / "home")
    os.environ["LANGSEN_TEST_CLUSTER"] = str(folder)
    return (yield)


def _remove(cluster: Cluster, folder: Path) -> None:
    cluster.stop(timeout=2)
    shutil.rmtree(cluster.sockets, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
