"""A PostgreSQL of our own on loopback, and campaigns whose contacts stand in it."""

from __future__ import annotations

import csv
import io
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest


def _programs() -> Path | None:
    found = shutil.which("pg_ctl")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: one.parent.name)
    return Path(found).parent if found else folders[-1] if folders else None


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The URL of a server that lives as long as the tests."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="the extra warehouse is not installed")
    # PostgreSQL does not run as root, and a folder of pytest's may not be entered by others.
    root = os.geteuid() == 0
    folder = Path("/tmp") if root else tmp_path_factory.mktemp("postgres")
    folder = folder / f"preflight-pg-{os.getpid()}"
    folder.mkdir()
    who = {"user": "postgres", "group": "postgres"} if root else {}
    if root:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program, *arguments):
        subprocess.run(
            [programs / program, "-D", folder / "data", *arguments],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, env={"LC_ALL": "C.UTF-8"}, **who,
        )  # fmt: skip

    run("initdb", "-A", "trust", "-U", "owner", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    settings = f"-F -c listen_addresses=127.0.0.1 -p {port} -k {folder}"
    run("pg_ctl", "-w", "-o", settings, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://owner@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server, monkeypatch):
    """A session of the owner's; the connection ``crm`` leads to the same database."""
    import psycopg

    monkeypatch.setenv("PREFLIGHT_CONNECTION_CRM", server)
    with psycopg.connect(server, autocommit=True) as session:
        session.execute("CREATE SCHEMA IF NOT EXISTS crm")
        yield session
        session.execute("DROP SCHEMA crm CASCADE")


@pytest.fixture
def table(database):
    """Make a table of texts of a CSV, its rows numbered by a key."""

    def make(text: str, name: str = "crm.contacts", separator: str = ",") -> None:
        header, *rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
        cells = ", ".join(f'"{one}" text' for one in header)
        database.execute(f"DROP TABLE IF EXISTS {name}")
        database.execute(f"CREATE TABLE {name} (pk bigint PRIMARY KEY, {cells})")
        with database.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for number, row in enumerate(rows):
                copy.write_row([number, *row])

    return make


@pytest.fixture
def lake(monkeypatch):
    """Make a view of texts of a CSV in Spark, to which the connection ``lake`` leads: two executors
    of their own unless ``SPARK_FOR_TESTS`` names another master."""
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    master = os.environ.get("SPARK_FOR_TESTS", "local-cluster[2,1,1024]")
    monkeypatch.setenv("PREFLIGHT_CONNECTION_LAKE", f"spark:{master}")
    from preflight.audience.warehouse.connection import connected

    session = connected("lake")

    def make(text: str, name: str = "contacts", separator: str = ",") -> None:
        header, *rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
        cells = [(f"h{place}", "VARCHAR") for place in range(len(header))]
        session.upload(name, cells, rows)
        session.session.table(name).toDF(*header).createOrReplaceGlobalTempView(name)
        session.session.catalog.dropTempView(name)

    yield make
    session.close()
