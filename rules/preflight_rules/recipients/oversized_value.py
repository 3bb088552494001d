"""Cells far longer than the others of their column."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from preflight.audience.audience import Contact
from preflight.rule import Problem, Severity, rule
from preflight_rules.cells import asked, printed_columns

_RARE = 0.02
"""Where more rows than this are long, long is what the column is."""


class Options(BaseModel):
    """What is far longer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: int = Field(120, ge=1, description="shorter values are never too long")
    times: int = Field(10, ge=2, description="so many times as long as three of four others")


@rule("oversized-value", on=Contact, severity=Severity.NOTICE, options=Options)
def oversized_value(contact: Contact, options: Options) -> Iterator[Problem]:
    """A cell that the mail prints is far longer than the others of its column."""
    columns = printed_columns(contact)
    if not columns:
        return
    audience = contact.audience
    parts = ", ".join(
        f"quantile_disc(length({column.physical}), 0.75), count({column.physical})"
        for column in columns
    )
    usual = audience.query(f"SELECT {parts} FROM people WHERE k_spoken")[0]
    limits = [max(options.least, options.times * int(length or 0)) for length in usual[::2]]
    counts = ", ".join(
        f"count(*) FILTER (WHERE length({column.physical}) > {limit})"
        for column, limit in zip(columns, limits, strict=True)
    )
    long = audience.query(f"SELECT {counts} FROM people WHERE k_spoken")[0]
    for column, limit, filled, count in zip(columns, limits, usual[1::2], long, strict=True):
        if 0 < count <= max(1, _RARE * filled) and filled > 1:
            yield Problem(
                None,
                f"“{column.name}” of {{recipients}} has more than {limit:,} characters, far more "
                "than the others",
                "Look at these cells: two columns may have run together, or a note stands where a "
                "word belongs.",
                condition=f"length({asked(column.name)}) > {limit}",
            )
