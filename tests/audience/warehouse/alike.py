"""Campaigns of which files and tables must tell alike, and how their reports are compared."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
import yaml
from audience.warehouse.messy import CAMPAIGN, FILES, TABLE

from preflight.engine import Options, check
from preflight.testing import NOW, built_in

IN_FILES_ONLY = {"shifted-rows", "greeting-for-another", "placeholder-in-data"}
STORIES = Path(__file__).parents[3] / "examples" / "stories"
WITHOUT_FILTER = "\n".join(
    line for line in CAMPAIGN.splitlines() if not line.startswith(("  where", "    "))
)

every_story = pytest.mark.parametrize(
    "story", sorted(STORIES.glob("*/*/campaign.yaml")), ids=lambda path: "-".join(path.parts[-3:-1])
)
all_of_them = pytest.mark.skipif(
    "ALL_CAMPAIGNS" not in os.environ, reason="takes minutes: set ALL_CAMPAIGNS=1"
)


def told(report):
    """What a report says, but for where the rows stand."""
    crashed = [one.detail for one in report.annotations if one.rule == "rule-crashed"]
    assert not crashed, crashed[0]
    return sorted(
        (
            one.rule, one.severity.label, one.message, one.help, one.path, one.span.start_place,
            (one.recipients.count, one.recipients.of) if one.recipients else None,
        )
        for one in report.annotations
        if one.rule not in IN_FILES_ONLY
    )  # fmt: skip


def figures(report):
    return [(one.contacts, one.selected) for one in report.campaigns]


def rows(report):
    """For each annotation the first people: their lines, or their keys."""
    return {
        (one.rule, one.message, one.span.start_place): [at for _, at in one.recipients.rows]
        for one in report.annotations
        if one.recipients and one.rule not in IN_FILES_ONLY
    }


def not_run(report):
    return {(one.rule, one.reason) for one in report.not_checked}


def in_table(files=FILES, table=TABLE, **changes):
    """The same campaign, its contacts in the table."""
    campaign = files["campaign.yaml"].replace("contacts: contacts.csv", table)
    return {**files, "campaign.yaml": campaign, **changes}


def both_ways(story, table, make):
    """The reports of a story with its contacts in a file, and in the table that ``make`` makes."""
    folder, shared = story.parent, story.parent.parent
    files = {
        path.relative_to(shared).as_posix(): path.read_text("utf-8")
        for path in shared.rglob("*")
        if path.is_file()
    }
    name = f"{folder.name}/campaign.yaml"
    contacts = yaml.safe_load(files[name])["audience"]["contacts"]
    text = (folder / contacts).read_text("utf-8-sig")
    make(text, separator=max(",;\t", key=text.splitlines()[0].count))
    return [
        _checked({**files, name: files[name].replace(f"contacts: {contacts}", written)}, name)
        for written in (f"contacts: {contacts}", table)
    ]


def _checked(files, name):
    with tempfile.TemporaryDirectory() as temporary:
        start = Path(temporary).resolve()
        for path, text in files.items():
            (start / path).parent.mkdir(parents=True, exist_ok=True)
            (start / path).write_text(text, encoding="utf-8", newline="")
        return check([start / name], built_in(), Options(now=NOW), start)
