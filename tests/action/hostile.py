"""Campaigns that try to give commands to the runner with every text that they have."""

from __future__ import annotations

from pathlib import Path

COMMANDS = (
    "::error::forged",
    "  ::error file=README.md,line=1::forged",
    "##[add-mask]x",
    "##[error]forged",
    "::set-output name=verdict::clear",
    "::stop-commands::forged",
    "::add-mask::e",
    "\u2028::warning::forged",
    "\u202e::notice::forged",
)
"""Lines that the runner would obey, were they printed as they are."""

READABLE = "spring, 100% off ::error::forged ##[add-mask]e"
UNREADABLE = "\u202eautumn\r::error::forged"

_CAMPAIGN = """\
name: '::error::forged ##[add-mask]e'
purpose: prospecting
from: Jo <jo@example.org>
subject: "{FirstName} ##[error]forged \\r::error::forged \\u202E \\n::add-mask::e"
body:
  html: "mail \u202e##[error]forged.html"
  text: mail.txt
  dialect: jinja
audience:
  contacts: "people ##[add-mask]e.csv"
  where: |
    first_name is not null or first_name = '##[error]forged'
      or first_name = '
    ::error::forged'
  expect:
    count: [400, 900]
    every: first_name <> '::error::forged'
delivery:
  mode: visible
  send_at: 2027-02-22T09:00:00Z
"""


def write(root: Path) -> None:
    """Two campaign folders below the root: one that can be read and one that cannot."""
    folder = root / READABLE
    folder.mkdir(parents=True)
    lines, line = "\n".join(COMMANDS), "\r".join(COMMANDS)
    _write(
        folder / "mail \u202e##[error]forged.html",
        f"<p>Hi {{{{ nobody }}}}, *|FNAME|* {lines}</p>\n<p>{line} {{FirstName}}</p>\n{lines}\n",
    )
    _write(folder / "mail.txt", f"Hi {{{{ first_name }}}} {{FirstName}}\n{lines}\n")
    rows = "".join(f'"{one}@example.org","{one}"\n' for one in (*COMMANDS, "a\r##[error]forged"))
    people = f"email,first_name\n{rows}jo@example.org,Jo\njo@example.org,##[error]forged\n"
    _write(folder / "people ##[add-mask]e.csv", people)
    _write(folder / "campaign.yaml", _CAMPAIGN)
    other = root / UNREADABLE
    other.mkdir()
    _write(other / "campaign.yaml", _CAMPAIGN + '"##[error]forged": "::error::forged"\n')


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
