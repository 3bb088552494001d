"""Contacts in a table of Spark, through PySpark.

Nothing is written: the contacts as texts, the keys of the lists to compare with and the facts are
temporary views of a session of our own. Everything is said in
SQL, so no Python runs on the executors. Nothing of what Spark says is shown: it may name hosts,
users and values.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from preflight.audience.columns import Column
from preflight.audience.unanswered import Unanswered
from preflight.audience.warehouse.connection import SECONDS, Found, Warehouse
from preflight.audience.warehouse.render_spark import SparkRenderer
from preflight.files import FileProblem

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import DataFrame, SparkSession

_EXTRA = 'pip install "preflight-email[spark]"'
_AT_ONCE = 5_000  # rows of a list in one literal
_TAG = "preflight"
_KEPT = ("people",)  # asked again and again; all else is read once, for these
_SESSION = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.variable.substitute": "false",  # else ${...} of a text would be looked up
    "spark.sql.constraintPropagation.enabled": "false",  # takes minutes for our many columns
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.groupByAliases": "true",
    "spark.sql.orderByOrdinal": "true",
}
_LOCAL = {"spark.sql.shuffle.partitions": "4"}  # of 200, which one machine has no use for
_CONFIGURATION = {
    "spark.app.name": "preflight",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_REASONS = {
    "INSUFFICIENT_PERMISSIONS": "does not let this user do it",
    "OPERATION_CANCELED": f"took longer than {SECONDS} seconds",
    "TABLE_OR_VIEW_NOT_FOUND": "does not find what it is made of",
}

_failed: dict[str, FileProblem] = {}
"""Masters that could not be reached: to try takes long."""


class Spark(Warehouse):
    """A session of our own. Raises FileProblem where there is none to be had."""

    def __init__(self, url: str, variable: str) -> None:
        super().__init__()
        self.renderer: SparkRenderer = SparkRenderer()
        self.variable = variable
        self.kept: list[DataFrame] = []
        address = url.partition(":")[2]
        master = url if address.startswith("//") else address.strip()
        try:
            self.session: SparkSession = _root(master, variable).newSession()
            local = self.session.sparkContext.master.startswith("local")
            for key, value in {**_SESSION, **(_LOCAL if local else {})}.items():
                self.session.conf.set(key, value)
        except FileProblem:
            raise
        except Exception as error:  # noqa: BLE001 - Spark raises what it likes, with secrets in it
            raise FileProblem(
                f"Spark of {variable} cannot be used ({_kind(error)})",
                "Spark 4.0 or later is needed, with Java 17 or later.",
            ) from None

    # -- the table ------------------------------------------------------------------------------

    def find(self, table: str) -> Found:
        quoted = ".".join(map(_quoted, table.split(".")))
        try:
            with self._limited():
                columns = tuple(self.session.table(quoted).columns)
        except Exception as error:  # noqa: BLE001
            if _condition(error).startswith("TABLE_OR_VIEW_NOT_FOUND"):
                raise FileProblem(
                    f"there is no table or view “{table}” that Spark can see",
                    "Write it with its schema, and its catalog where there are several: "
                    "lake.crm.contacts.",
                ) from None
            raise self._unreadable(table, error) from None
        return Found(table, quoted, columns)

    def make_list(self, relation: str, found: Found, columns: Sequence[Column]) -> None:
        try:
            frame = self.session.table(found.quoted)
            # By place: names may differ in case only.
            kinds = [kind for _, kind in frame.dtypes]
            frame.toDF(*(f"s{place}" for place in range(len(kinds)))).createOrReplaceTempView(
                "_source"
            )
            texts = [_text(f"s{place}", kind) for place, kind in enumerate(kinds)]
            cells = "".join(
                f", {text} AS {column.physical}"
                for text, column in zip(texts, columns, strict=True)
            )
            mail = next((one.physical for one in columns if one.name == "email"), "NULL")
            order = ", ".join(f"{one} NULLS LAST" for one in [mail, *(c.physical for c in columns)])
            self._keep(
                relation,
                "SELECT monotonically_increasing_id() AS _row, * FROM (SELECT "
                f"{mail} AS _key, * FROM (SELECT {cells[2:]} FROM _source) ORDER BY {order})",
            )
        except Exception as error:  # noqa: BLE001
            raise self._unreadable(found.shown, error) from None

    def _unreadable(self, table: str, error: Exception) -> FileProblem:
        return FileProblem(
            f"“{table}” cannot be read: Spark {_why(error)}",
            "Let this user read the table and what it is made of.",
        )

    # -- our own relations ------------------------------------------------------------------------

    def upload(self, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Any]) -> None:
        kinds = ", ".join(
            f"{_quoted(name)}: {'BIGINT' if kind == 'BIGINT' else 'STRING'}"
            for name, kind in columns
        )
        names = [name for name, _ in columns]
        parts = [
            f"SELECT inline(from_json({_literal(part)}, 'ARRAY<STRUCT<{kinds}>>'))"
            for part in _parts(names, rows)
        ]
        try:
            self._view(table, " UNION ALL ".join(parts))
        except Exception as error:  # noqa: BLE001
            raise _unanswered(error) from None

    def create(self, tree: exp.Create) -> None:
        name = tree.this.name
        if tree.args.get("exists") and self.session.catalog.tableExists(name):
            return
        query = self.renderer.sql(tree.expression)
        try:
            (self._keep if name in _KEPT else self._view)(name, query)
        except Exception as error:  # noqa: BLE001
            raise _unanswered(error) from None

    def _view(self, name: str, query: str) -> None:
        self._run(f"CREATE TEMPORARY VIEW {_quoted(name)} AS {query}")

    def _keep(self, name: str, query: str) -> None:
        # Not cached but kept without what it was made of: else that is looked at again with every
        # question, and rows made anew after a failure could have other numbers.
        with self._limited():
            frame = self.session.sql(query).localCheckpoint()
            frame.createOrReplaceTempView(_quoted(name))
        self.kept.append(frame)

    def lock(self) -> None:
        self.locked = True

    def fetch(self, statement: str) -> list[tuple[Any, ...]]:
        try:
            return self._run(statement)
        except Exception as error:  # noqa: BLE001
            raise _unanswered(error) from None

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        with self._limited():
            return [tuple(row) for row in self.session.sql(statement).collect()]

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """A limit of time, which Spark itself does not know; and no log of what goes wrong."""
        from pyspark.logger import PySparkLogger

        logger = PySparkLogger.getLogger("SQLQueryContextLogger")
        heard, logger.disabled = logger.disabled, True
        clock = threading.Timer(SECONDS, self.session.interruptTag, [_TAG])
        clock.daemon = True
        clock.start()
        self.session.addTag(_TAG)
        try:
            yield
        finally:
            clock.cancel()
            self.session.removeTag(_TAG)
            logger.disabled = heard

    def close(self) -> None:
        for frame in self.kept:
            frame._jdf.logicalPlan().rdd().unpersist(False)
        self.kept.clear()


def _root(master: str, variable: str) -> SparkSession:
    """The one session of this process: ours, or one that the program around us has made."""
    try:
        from pyspark import SparkContext
        from pyspark.sql import SparkSession
    except ImportError:
        raise FileProblem(
            "contacts in Spark need PySpark, which is not installed", f"Install it: {_EXTRA}"
        ) from None
    active = SparkContext._active_spark_context
    if active is None:
        if master not in _failed:
            return SparkSession(_started(master, variable))
        raise _failed[master]
    if master and active.master != master:
        raise FileProblem(
            f"{variable} names another Spark than the one that this process uses already",
            "A process has one Spark: check these campaigns apart.",
        )
    return SparkSession.builder.getOrCreate()


def _started(master: str, variable: str) -> SparkContext:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and shutil.which("java", path=f"{home}/bin")):
        raise FileProblem(
            "Spark needs Java, which is not installed",
            "Install Java 17 or later, or set JAVA_HOME.",
        )
    configuration = SparkConf(loadDefaults=False)
    for key, value in _CONFIGURATION.items():
        configuration.set(key, value)
    if master:
        configuration.setMaster(master)
    try:
        # Spark logs to standard error, and Java itself writes there.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        gateway = SparkContext._gateway or launch_gateway(configuration, popen_kwargs=quiet)
        return SparkContext(conf=configuration, gateway=gateway)
    except Exception as error:  # noqa: BLE001
        _failed[master] = FileProblem(
            f"Spark of {variable} cannot be started ({_kind(error)})",
            f"Check the master in {variable}, that Java is 17 or later, and that the cluster is "
            "reachable from here.",
        )
        raise _failed[master] from None


def _text(column: str, kind: str) -> str:
    """A cell as text; empty is none."""
    text = f"CAST({column} AS STRING)"
    if kind in ("double", "float"):  # without an exponent, as lists have them
        plain = f"CAST(TRY_CAST({text} AS DECIMAL(38, 15)) AS STRING)"
        text = f"coalesce(regexp_replace({plain}, '[.]?0+$', ''), {text})"
    return f"nullif({text}, '')"


def _parts(names: Sequence[str], rows: Sequence[Any]) -> Iterator[str]:
    """Rows as texts of JSON, some at once; one text where there are none."""
    for start in range(0, max(len(rows), 1), _AT_ONCE):
        some = (dict(zip(names, row, strict=True)) for row in rows[start : start + _AT_ONCE])
        yield json.dumps(list(some), ensure_ascii=False, separators=(",", ":"))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _condition(error: BaseException) -> str:
    """Spark's own name of what went wrong, which holds no value."""
    ask = getattr(error, "getCondition", None)
    return str(ask() or "") if callable(ask) else ""


def _kind(error: BaseException) -> str:
    return _condition(error) or type(error).__name__


def _why(error: BaseException) -> str:
    return _REASONS.get(_condition(error), f"refused it ({_kind(error)})")


def _unanswered(error: BaseException) -> Unanswered:
    return Unanswered(f"Spark {_why(error)}", _kind(error))
