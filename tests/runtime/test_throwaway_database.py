"""The ground the other tests stand on: their own cluster, their own folder, no network."""

import os
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_the_session_s_own_and_folds_vietnamese() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ĐẶNG'), current_setting('fsync'), current_database()")
        folded, fsync, name = cursor.fetchone()
    assert (folded, fsync) == ("đặng", "off")
    assert name.startswith("test_langsen")


def test_runtime_files_go_to_the_session_s_own_folder() -> None:
    assert Path(settings.RUNTIME_DIR).is_relative_to(os.environ["LANGSEN_TEST_CLUSTER"])


def test_other_machines_are_out_of_reach() -> None:
    with pytest.raises(RuntimeError, match="may not reach the network"):
        socket.create_connection(("192.0.2.1", 9), timeout=1)
    with pytest.raises(RuntimeError, match="may not reach the network"):
        socket.getaddrinfo("langsen.invalid", 80)
