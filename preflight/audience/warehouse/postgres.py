"""Contacts in PostgreSQL, through SQLAlchemy and psycopg.

Nothing is written but temporary relations of the session: the contacts as texts, the keys of the
lists to compare with, the facts. Then the session is made read-only. Nothing of what the driver
says is shown: it may name hosts, users and values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from preflight.audience.columns import Column
from preflight.audience.unanswered import Unanswered
from preflight.audience.warehouse.connection import SECONDS, Found, Warehouse
from preflight.audience.warehouse.render_postgres import PostgresRenderer
from preflight.files import FileProblem

if TYPE_CHECKING:
    from sqlalchemy import Connection

_AT_ONCE = 1_000  # rows of a list sent together
_SESSION = (
    "SET search_path = pg_catalog, pg_temp",
    "SET standard_conforming_strings = on",
    "SET client_encoding = 'UTF8'",
    "SET datestyle = 'ISO, YMD'",
    "SET intervalstyle = 'postgres'",
    "SET timezone = 'UTC'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
    f"SET statement_timeout = '{SECONDS}s'",
)
_NUMBERS = ("smallint", "integer", "bigint", "numeric", "uuid")
_REASONS = {
    "57014": f"took longer than {SECONDS} seconds",
    "42501": "does not let this user do it",
    "53100": "has no room left",
    "53200": "has no memory left",
}
_EXTRA = 'pip install "preflight-email[warehouse]"'


class Postgres(Warehouse):
    """A session of our own. Raises FileProblem where there is none to be had."""

    def __init__(self, url: str, variable: str) -> None:
        super().__init__()
        self.renderer = PostgresRenderer()
        self.variable = variable
        try:
            import psycopg  # noqa: F401
            import sqlalchemy
        except ImportError:
            raise FileProblem(
                "contacts in a database need SQLAlchemy and psycopg, which are not installed",
                f"Install them: {_EXTRA}",
            ) from None
        try:
            address = sqlalchemy.make_url(url).set(drivername="postgresql+psycopg")
            options = {"connect_timeout": 30, "application_name": "preflight"}
            engine = sqlalchemy.create_engine(
                address,
                isolation_level="AUTOCOMMIT",
                poolclass=sqlalchemy.NullPool,
                connect_args={key: options[key] for key in options if key not in address.query},
            )
            self.connection: Connection = engine.connect()
        except Exception as error:  # noqa: BLE001 - drivers raise what they like, with secrets in it
            raise FileProblem(
                f"the database of {variable} cannot be reached ({_kind(error)})",
                f"Check the URL in {variable}, and that the database is reachable from here.",
            ) from None
        try:
            for statement in _SESSION:
                self.connection.exec_driver_sql(statement)
            self._look()
        except FileProblem:
            self.close()
            raise
        except Exception as error:  # noqa: BLE001
            self.close()
            raise FileProblem(
                f"the database of {variable} cannot be used ({_kind(error)})",
                "PostgreSQL 13 or later is needed.",
            ) from None

    def _look(self) -> None:
        """Whether the server has what our statements need."""
        found = self.connection.exec_driver_sql(
            "SELECT pg_encoding_to_char(encoding), (SELECT min(collname) FROM pg_collation "
            "WHERE collname IN ('C.utf8', 'und-x-icu')), has_database_privilege(datname, 'TEMP'), "
            "pg_is_in_recovery() FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        encoding, letters, temporary, standby = found or ("", None, False, False)
        reason = help = ""
        if encoding != "UTF8":
            reason, help = "is not encoded in UTF-8", "Give it the contacts in a file."
        elif letters is None:
            reason, help = "knows no collation of all letters", "Give it the contacts in a file."
        elif standby:
            reason, help = "is a standby, which has no temporary tables", "Name the primary."
        elif not temporary:
            reason = "lets this user make no temporary tables"
            help = "Grant TEMPORARY on the database; nothing else is ever written."
        if reason:
            raise FileProblem(f"the database of {self.variable} {reason}", help)
        self.renderer = PostgresRenderer(str(letters))

    # -- the table ------------------------------------------------------------------------------

    def find(self, table: str) -> Found:
        import sqlalchemy

        *before, name = table.split(".")
        if len(before) > 1:
            raise FileProblem(f"“{table}” has too many parts", "Write schema.table.")
        try:
            inspector = sqlalchemy.inspect(self.connection)
            schema = before[0] if before else "public"
            here = self.connection.exec_driver_sql(
                "SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname = %s AND c.relname = %s "
                "AND c.relkind IN ('r', 'v', 'm', 'f', 'p')",
                (schema, name),
            ).fetchone()
            if here is None:
                raise FileProblem(
                    f"there is no table or view “{table}” that this user can see",
                    "Write it as the database does, with its schema: crm.contacts.",
                )
            columns = inspector.get_columns(name, schema)
            kinds = {one["name"]: str(one["type"]).lower().split("(")[0] for one in columns}
            key = inspector.get_pk_constraint(name, schema).get("constrained_columns") or []
        except FileProblem:
            raise
        except Exception as error:  # noqa: BLE001
            raise self._unreadable(table, error) from None
        return Found(
            table,
            f"{_quoted(schema)}.{_quoted(name)}",
            tuple(one["name"] for one in columns),
            tuple(key) if all(kinds.get(one) in _NUMBERS for one in key) else (),
        )

    def make_list(self, relation: str, found: Found, columns: Sequence[Column]) -> None:
        texts = [f"nullif({_quoted(one)}::text, '') COLLATE \"C\"" for one in found.columns]
        mail = next(
            (text for text, column in zip(texts, columns, strict=True) if column.name == "email"),
            "NULL::text",
        )
        key = mail
        if found.key:
            words = (f"{_literal(one + ' ')} || {_quoted(one)}::text" for one in found.key)
            key = " || ', ' || ".join(words)
        # Without a key the order is that of the addresses, then of all that is written.
        order = ", ".join(_quoted(one) for one in found.key) or ", ".join([mail, *texts])
        cells = "".join(
            f", {text} AS {column.physical}" for text, column in zip(texts, columns, strict=True)
        )
        try:
            self._run(
                f"CREATE TEMPORARY TABLE {relation} AS SELECT "
                f"row_number() OVER (ORDER BY {order}) - 1 AS _row, {key} AS _key{cells} "
                f"FROM {found.quoted}"
            )
            self._run(f"CREATE UNIQUE INDEX ON {relation} (_row)")
            self._run(f"ANALYZE {relation}")
        except Exception as error:  # noqa: BLE001
            raise self._unreadable(found.shown, error) from None

    def _unreadable(self, table: str, error: Exception) -> FileProblem:
        return FileProblem(
            f"“{table}” cannot be read: the database {_why(error)}",
            "Grant this user SELECT on it, and USAGE on its schema.",
        )

    # -- our own relations ------------------------------------------------------------------------

    def upload(self, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Any]) -> None:
        cells = ", ".join(
            f"{_quoted(name)} " + ("bigint" if kind == "BIGINT" else 'text COLLATE "C"')
            for name, kind in columns
        )
        self.fetch(f"CREATE TEMPORARY TABLE {_quoted(table)} ({cells})", answers=False)
        cursor = self.connection.connection.cursor()
        try:
            with cursor.copy(f"COPY {_quoted(table)} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([_clean(cell) for cell in row])
        finally:
            cursor.close()
        self._run(f"ANALYZE {_quoted(table)}")

    def create(self, tree: exp.Create) -> None:
        text = self.renderer.sql(tree)
        kind = str(tree.args["kind"])
        head = f"CREATE {kind}"
        assert text.startswith(head)
        self.fetch(f"CREATE TEMPORARY {kind}{text[len(head) :]}", answers=False)
        if kind == "TABLE":
            self.fetch(f"ANALYZE {_quoted(tree.this.name)}", answers=False)

    def lock(self) -> None:
        self.locked = True
        self._run("SET default_transaction_read_only = on")

    def fetch(self, statement: str, *, answers: bool = True) -> list[tuple[Any, ...]]:
        try:
            found = self._run(statement)
            return [tuple(row) for row in found.fetchall()] if answers else []
        except Exception as error:  # noqa: BLE001
            raise Unanswered(f"the database {_why(error)}", _kind(error)) from None

    def _run(self, statement: str) -> Any:
        # psycopg looks for placeholders only where values are given: none ever are.
        cursor = self.connection.connection.cursor()
        try:
            cursor.execute(statement)
        except BaseException:
            cursor.close()
            raise
        return _Closing(cursor)

    def close(self) -> None:
        self.connection.close()
        self.connection.engine.dispose()


class _Closing:
    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def fetchall(self) -> list[Any]:
        try:
            return list(self.cursor.fetchall())
        finally:
            self.cursor.close()


def _kind(error: BaseException) -> str:
    """What sort of error it is, without a word of the driver's: those may hold secrets."""
    return type(getattr(error, "orig", None) or error).__name__


def _why(error: BaseException) -> str:
    state = getattr(getattr(error, "orig", None) or error, "sqlstate", None)
    return _REASONS.get(str(state), f"refused it ({_kind(error)})")


def _clean(cell: Any) -> Any:
    """PostgreSQL's texts hold no NUL."""
    return cell.replace("\0", "") if isinstance(cell, str) else cell


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
