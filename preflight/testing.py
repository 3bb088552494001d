"""Help for people who write rules: small campaigns from a few lines, and the examples of a page.

>>> report = check_files({"mail.txt": "Dear {{ first_name }},"})
>>> [a.rule for a in report.annotations]
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from preflight.api import built_in
from preflight.engine import check
from preflight.governing import Options
from preflight.registry import Registry
from preflight.report.model import Report
from preflight.rule import Rule

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
"""The clock of examples."""

DEFAULTS: Mapping[str, str] = {
    "campaign.yaml": """\
name: example
purpose: newsletter
from: Ada Example <ada@news.example>
subject: News of the month
body: {text: mail.txt}
audience: {contacts: contacts.csv}
delivery: {send_at: "2026-11-03T10:00:00+01:00"}
""",
    "mail.txt": """\
Dear {{ first_name }},

Here is the news of the month.

Unsubscribe: https://news.example/unsubscribe
""",
    "contacts.csv": """\
email,first_name
ines@atelier.example,Inès
jan@werft.example,Jan
mei@teahouse.example,Mei
omar@bakery.example,Omar
""",
    "preflight.yaml": "ledger: {suppressed: unsubscribed.csv}\n",
    "unsubscribed.csv": "email\nnobody@gone.example\n",
}
"""A sound campaign; examples replace or extend its files. YAML files are merged key by key."""

_FENCE = re.compile(r"^```[a-z]* (?P<name>[\w./-]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write an example below ``folder``: the files given, the defaults for the rest."""
    for name, text in {**DEFAULTS, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in files and name in ("campaign.yaml", "preflight.yaml"):
            text = _merged(DEFAULTS[name], text)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def _merged(base: str, changes: str) -> str:
    """The default YAML with some keys replaced. A text with a ``name:`` is a whole campaign and
    stays as it is, so that its lines can be pointed at."""
    if re.search(r"^name:", changes, re.MULTILINE):
        return changes
    loaded = yaml.load(changes, yaml.BaseLoader)  # noqa: S506 - texts only
    if not isinstance(loaded, dict):
        return changes
    whole = _deep(yaml.load(base, yaml.BaseLoader), loaded)  # noqa: S506
    return str(yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=1000))


def _deep(base: Any, changes: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return changes
    merged = {**base, **{key: _deep(base.get(key), value) for key, value in changes.items()}}
    return {key: value for key, value in merged.items() if value not in ("~", "null")}


def check_files(
    files: Mapping[str, str],
    *,
    rules: Iterable[Rule] | None = None,
    folder: Path | None = None,
    **options: Any,
) -> Report:
    """Check an example: the built-in rules, or only ``rules``; ``options`` as of
    `preflight.engine.Options`. A value of ``~`` in the YAML removes a key of the defaults. Further
    files called ``*.campaign.yaml`` are campaigns too, checked together with it; each is whole."""
    registry = built_in() if rules is None else Registry.of(rules)
    options.setdefault("now", NOW)
    with tempfile.TemporaryDirectory() as temporary:
        place = (folder or Path(temporary)).resolve()
        write_files(place, files)
        more = sorted(name for name in files if name.endswith(".campaign.yaml"))
        paths = [place / name for name in ("campaign.yaml", *more)]
        return check(paths, registry, Options(**options), place)


def examples(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The campaigns of a rule's page: ("Wrong" or "Right", files).

    Under those headings, a fenced block whose info string ends in a file's name (```` ```yaml
    campaign.yaml ````) is that file; a ``### `` heading begins another example.
    """
    for heading in ("Wrong", "Right"):
        _, _, rest = page.partition(f"\n## {heading}\n")
        section = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
        for part in re.split(r"^### ", section, flags=re.MULTILINE):
            files = {match["name"]: match["text"] for match in _FENCE.finditer(part)}
            if files:
                yield heading, files
