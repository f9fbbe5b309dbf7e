"""Databases of the throw-away cluster: the two stores under one name, made, copied, dropped."""

import os
import re

import psycopg
from django.db import connections

CONTESTS = "_contests"
STORES = ("", CONTESTS)  # what is added to the name of the register store


def url_of(database: str) -> str:
    """Return the address of another database of the throw-away cluster."""
    return re.sub(r"(?<=://)([^/]*)/[^?]*", rf"\1/{database}", os.environ["DATABASE_URL"])


def administer(statement: str) -> None:
    """Do something to a database as a whole."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(statement)  # type: ignore[call-overload]


def database_exists(database: str) -> bool:
    with psycopg.connect(url_of("postgres")) as server:
        return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchall())


def copy_stores(template: str, name: str) -> str:
    """Copy both stores that nobody is connected to; the value is the name of this worker's register store."""
    database = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    drop_stores(database)
    for store in STORES:
        administer(f"CREATE DATABASE {database}{store} TEMPLATE {template}{store}")
    return database


def drop_stores(database: str) -> None:
    for store in STORES:
        administer(f"DROP DATABASE IF EXISTS {database}{store} WITH (FORCE)")


def name_stores(database: str) -> None:
    """Lead Django's own connections to the two stores of that name."""
    for alias, store in zip(connections, STORES, strict=True):
        connections[alias].close()
        connections[alias].close_pool()  # type: ignore[attr-defined]
        connections[alias].settings_dict["NAME"] = database + store
