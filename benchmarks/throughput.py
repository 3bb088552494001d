"""How long a check of many contacts takes, and whether it counts every planted fault.

Five rows in a hundred are faulty, one of each kind; the rest is sound. Exit code 1 when a count
differs from what was planted.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CAMPAIGN = """\
name: large
purpose: newsletter
from: Ada Example <ada@news.example>
subject: News of the month
body: {text: mail.txt, dialect: jinja}
audience:
  contacts: contacts.csv
  where: unsubscribed is not true
  expect:
    every: country in ('FR', 'BE')
delivery: {send_at: "2027-02-22T10:00:00+01:00"}
"""
MAIL = """\
Dear {{ first_name }},

The garden is open again.

Unsubscribe: https://news.example/unsubscribe
"""
PLANTED = {
    "invalid-address": 10,
    "empty-placeholder": 30,
    "unexpected-recipient": 50,
    "suppressed-recipient": 70,
    "duplicate-recipient": 90,
}
"""Rule -> the last two digits of the rows that it must name."""


def write_campaign(folder: Path, contacts: int) -> dict[str, int]:
    """Write the campaign; how many rows of each kind were planted."""
    folder.joinpath(".git").mkdir()
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "mail.txt").write_text(MAIL, encoding="utf-8")
    (folder / "preflight.yaml").write_text("ledger: {suppressed: out.csv}\n", encoding="utf-8")
    planted = dict.fromkeys(PLANTED, 0)
    kinds = {digits: rule for rule, digits in PLANTED.items()}
    with (
        (folder / "contacts.csv").open("w", encoding="utf-8") as people,
        (folder / "out.csv").open("w", encoding="utf-8") as out,
    ):
        people.write("email,first_name,country,unsubscribed\n")
        out.write("email\n")
        for row in range(contacts):
            email = f"reader{row}@town{row % 997}.example"
            name, country = f"Reader{row % 4999}", ("FR", "BE")[row % 2]
            kind = kinds.get(row % 100)
            if kind is not None:
                planted[kind] += 1
            match kind:
                case "invalid-address":
                    email = f"reader{row}@@town.example"
                case "empty-placeholder":
                    name = ""
                case "unexpected-recipient":
                    country = "DE"
                case "suppressed-recipient":
                    out.write(f"{email}\n")
                case "duplicate-recipient":
                    email = f"READER{row - 1}@town{(row - 1) % 997}.example"
            people.write(f"{email},{name},{country},false\n")
    return planted


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contacts", type=int, nargs="?", default=100_000)
    contacts = parser.parse_args().contacts
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        planted = write_campaign(folder, contacts)
        start = "from preflight.cli import main; main()"
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", start, "check", "--format", "json"],
            cwd=folder,
            stdout=subprocess.PIPE,
            check=False,
        )
        seconds = time.perf_counter() - began
    found = dict.fromkeys(planted, 0)
    for annotation in json.loads(done.stdout)["annotations"]:
        rule, recipients = annotation["rule"], annotation["recipients"]
        found[rule] = found.get(rule, 0) + (recipients["count"] if recipients else 1)
    print(f"{contacts:,} contacts: {seconds:.2f} s, {contacts / seconds:,.0f} a second\n")
    print(f"{'rule':24} {'planted':>10} {'found':>10}")
    for rule in sorted(found):
        print(f"{rule:24} {planted.get(rule, 0):10,} {found[rule]:10,}")
    return int(found != planted)


if __name__ == "__main__":
    sys.exit(main())
