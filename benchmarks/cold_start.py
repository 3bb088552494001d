"""How long a cold start takes, as ratios: `preflight check` of a small campaign to `floor.py`, and
`import preflight` to an empty program. The two of a pair run in turn, so that a busy machine slows
both. Exit code 1 when a median is over its budget.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOOR = Path(__file__).with_name("floor.py")
BUDGETS = {"check": 1.3, "import": 4.0}

CAMPAIGN = """\
name: small
purpose: newsletter
from: Ada Example <ada@news.example>
subject: "{{ first_name }}, the news of the month"
body: {html: mail.html, text: mail.txt, dialect: jinja}
audience:
  contacts: contacts.csv
  where: country in ('FR', 'BE') and unsubscribed is not true
  expect: {count: [50, 200]}
delivery: {send_at: "2027-02-22T10:00:00+01:00"}
"""


def write_campaign(folder: Path) -> None:
    """200 contacts and one mail of 30 KB, without faults."""
    folder.joinpath(".git").mkdir()
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "preflight.yaml").write_text(
        "ledger: {suppressed: unsubscribed.csv}\n", encoding="utf-8"
    )
    (folder / "unsubscribed.csv").write_text("email\ngone@left.example\n", encoding="utf-8")
    rows = "".join(
        f"reader{i}@town{i % 7}.example,Reader{i},{('FR', 'BE', 'DE')[i % 3]},false\n"
        for i in range(200)
    )
    (folder / "contacts.csv").write_text(
        f"email,first_name,country,unsubscribed\n{rows}", encoding="utf-8"
    )
    block = (
        '<table role="presentation"><tr><td style="padding: 8px">The garden is open again, and'
        ' <a href="https://news.example/garden">here is what grows</a>.</td></tr></table>\n'
    )
    end = '<p><a href="https://news.example/unsubscribe">Unsubscribe</a></p></body></html>\n'
    start = '<html lang="en"><head><title>News</title></head><body><p>Dear {{ first_name }},</p>\n'
    html = start + block * ((30_000 - len(start) - len(end)) // len(block)) + end
    (folder / "mail.html").write_text(html, encoding="utf-8")
    (folder / "mail.txt").write_text(
        "Dear {{ first_name }},\n\nThe garden is open again.\n\n"
        "Unsubscribe: https://news.example/unsubscribe\n",
        encoding="utf-8",
    )


def seconds(command: list[str], folder: Path) -> float:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / ".cache")  # compiled once, as for a user
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    pairs = parser.parse_args().pairs
    python = sys.executable
    start = "from preflight.cli import main; main()"
    programs = {
        "check": ([python, "-c", start, "check"], [python, str(FLOOR)]),
        "import": ([python, "-c", "import preflight"], [python, "-c", "pass"]),
    }
    over = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_campaign(folder)
        print(f"{'':8} {'ours':>9} {'floor':>9} {'ratio':>7} {'budget':>7}")
        for title, (ours, floor) in programs.items():
            seconds(ours, folder), seconds(floor, folder)  # files into the cache
            times = [(seconds(ours, folder), seconds(floor, folder)) for _ in range(pairs)]
            ratio = statistics.median(a / b for a, b in times)
            a, b = (statistics.median(column) for column in zip(*times, strict=True))
            over |= ratio > BUDGETS[title]
            print(f"{title:8} {a:8.3f}s {b:8.3f}s {ratio:7.2f} {BUDGETS[title]:7.2f}")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
