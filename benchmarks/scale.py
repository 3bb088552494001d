"""A check of very many contacts: time and memory beside the same work by hand, and every planted
fault counted.

    python benchmarks/scale.py 1000000              beside by_hand.sql and the load alone
    python benchmarks/scale.py 1000000 --others     also Polars, pandas and a loop in Python,
                                                    which look for the planted faults alone

Six rows in a hundred are faulty; the rest is sound. Each program runs in a process of its own,
``--rounds`` times, in turn; figures are medians, ratios are of processor time (user and system) and
taken within the run. Exit code 1 when a count differs from what was planted, or a budget is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

HERE = Path(__file__).resolve().parent
CAMPAIGN = """\
name: large
purpose: promotion
from: Ada Example <ada@news.example>
subject: News of the month
body: {text: mail.txt, dialect: jinja}
audience:
  contacts: contacts.csv
  where: unsubscribed is not true
  exclude: left_out.csv
  expect:
    every: country in ('FR', 'BE')
delivery: {send_at: "2027-02-22T10:00:00+01:00"}
"""
MAIL = """\
Dear {{ first_name }},

The garden in {{ city }} is open again.

Unsubscribe: https://news.example/unsubscribe
"""
LEDGER = "ledger: {suppressed: suppressed.csv, clients: clients.csv, disputes: disputes.csv}\n"
HEADER = (
    "email,first_name,last_name,company,country,language,city,plan,signed_up,orders,last_order,"
    "unsubscribed,consent,consent_date\n"
)
PLANTED = {
    "invalid-address": 10,
    "empty-placeholder": 30,
    "unexpected-recipient": 50,
    "suppressed-recipient": 70,
    "missing-consent": 53,
    "duplicate-recipient": 90,
}
"""Rule -> the last two digits of the rows that it must name; `DISPUTES` are planted besides."""
DISPUTES = 1_000
"""Every so many rows somebody is in a dispute."""
BUDGETS = {"by hand": 1.5, "load alone": 4.0}
LARGE = 1_000_000
"""Contacts from which these count: below, most of the time is the start of the program."""
MEMORY = 3 << 30
"""Of a check of ten million contacts, in bytes."""

WORDS = ("Anna", "Bo", "Chloé", "Dmitri", "Eun", "Fatma", "Goran", "Hélène", "Ivo", "Jörg", "Kai")
PLAIN = str.maketrans("éèö", "eeo")
TOWNS = ("Lyon", "Namur", "Liège", "Nantes", "Lille", "Gand", "Brest", "Dijon", "Mons")


def write_campaign(folder: Path, contacts: int) -> dict[str, int]:
    """Write the campaign; how many rows of each kind were planted."""
    folder.joinpath(".git").mkdir()
    for name, text in (("campaign.yaml", CAMPAIGN), ("mail.txt", MAIL), ("preflight.yaml", LEDGER)):
        (folder / name).write_text(text, encoding="utf-8")
    planted = {**dict.fromkeys(PLANTED, 0), "contact-in-dispute": 0}
    kinds = {digits: rule for rule, digits in PLANTED.items()}
    files = {}
    for name, header in (
        ("contacts", HEADER), ("suppressed", "email\n"), ("left_out", "email\n"),
        ("clients", "email,relationship,known_since\n"), ("disputes", "email,since,until,allow\n"),
    ):  # fmt: skip
        files[name] = (folder / f"{name}.csv").open("w", encoding="utf-8")
        files[name].write(header)
    for row in range(contacts):
        name, email, country = WORDS[row * 31 % 11], address(row), ("FR", "BE")[row % 2]
        consent = "express"
        kind = kinds.get(row % 100)
        if kind is not None:
            planted[kind] += 1
        match kind:
            case "invalid-address":
                email = email.replace("@", "@@")
            case "empty-placeholder":
                name = ""
            case "unexpected-recipient":
                country = "DE"
            case "suppressed-recipient":
                files["suppressed"].write(f"{email}\n")
            case "missing-consent":
                consent = ""
            case "duplicate-recipient":
                name, email = WORDS[(row - 1) * 31 % 11], address(row - 1).upper()
        if row % 100 == 5:
            files["clients"].write(f"{email},client,20{row % 20 + 10}-05-17\n")
        if row % DISPUTES == 1:
            files["disputes"].write(f"{email},2026-01-10,,\n")
            planted["contact-in-dispute"] += 1
        unsubscribed = "true" if row % 50 == 33 else "false"
        if row % 200 == 67:
            files["left_out"].write(f"{email}\n")
        files["contacts"].write(
            f"{email},{name},Person{row % 8011},Company {row % 5003} & Co,{country},fr,"
            f"{TOWNS[row % 9]},basic,2024-0{row % 9 + 1}-1{row % 10},{row % 40},"
            f"2026-0{row % 9 + 1}-2{row % 9},{unsubscribed},{consent},"
            f"{'2026-0' + str(row % 9 + 1) + '-11' if consent else ''}\n"
        )
    for file in files.values():
        file.close()
    return planted


def address(row: int) -> str:
    """Of two rows in three it holds the name that stands beside it, as in most lists."""
    local = WORDS[row * 31 % 11].lower().translate(PLAIN) if row % 3 else "reader"
    return f"{local}.{row}@town{row * 7919 % 9973}.example"


CHECK = "from preflight.cli import main; main()"
SQL = """
import json, sys, duckdb
connection = duckdb.connect(":memory:", config={"memory_limit": sys.argv[2],
    "temp_directory": sys.argv[3]})
found = []
for statement in open(sys.argv[1], encoding="utf-8").read().split(";\\n"):
    if statement.strip():
        found.append(connection.execute(statement).fetchall())
print(json.dumps(found[-2:], default=str))
"""
LOOP = """
import csv, json, re
valid = re.compile(r'[^@\\s"(),:;<>\\[\\]\\\\]+@[^@\\s]+\\.[a-z]{2,}').fullmatch
nothing = re.compile(r'\\s*(?:null|none|nan|n/a|undefined|-)?\\s*', re.I).fullmatch
keys = {name: {row[0].strip().lower() for row in csv.reader(open(name + ".csv", encoding="utf-8"))}
        for name in ("suppressed", "clients", "disputes", "left_out")}
counts, first, seen = [0] * 8, [[] for _ in range(8)], set()
with open("contacts.csv", encoding="utf-8", newline="") as file:
    rows = csv.reader(file)
    next(rows)
    for number, row in enumerate(rows, 2):
        address = row[0].strip().lower()
        if row[11] == "true" or address in keys["left_out"]:
            continue
        mailbox = re.sub(r"\\+[^@]*@", "@", address)
        for kind, fault in enumerate((not valid(address), nothing(row[1]), nothing(row[6]),
                row[4] not in ("FR", "BE"), address in keys["suppressed"],
                address in keys["disputes"],
                row[4] == "BE" and not row[12] and address not in keys["clients"],
                mailbox in seen)):
            if fault:
                counts[kind] += 1
                if len(first[kind]) < 20:
                    first[kind].append(number)
        seen.add(mailbox)
print(json.dumps(counts))
"""
PANDAS = """
import json, pandas as pd
people = pd.read_csv("contacts.csv", dtype=str, keep_default_na=False)
keys = {n: set(pd.read_csv(n + ".csv", dtype=str)["email"].str.strip().str.lower())
        for n in ("suppressed", "clients", "disputes", "left_out")}
people["address"] = people["email"].str.strip().str.lower()
people = people[(people["unsubscribed"] != "true") & ~people["address"].isin(keys["left_out"])]
nothing = r"(?i)\\s*(?:null|none|nan|n/a|undefined|-)?\\s*"
mailbox = people["address"].str.replace(r"\\+[^@]*@", "@", regex=True)
faults = [~people["address"].str.fullmatch(r'[^@\\s"(),:;<>\\[\\]\\\\]+@[^@\\s]+\\.[a-z]{2,}'),
    people["first_name"].str.fullmatch(nothing), people["city"].str.fullmatch(nothing),
    ~people["country"].isin(["FR", "BE"]), people["address"].isin(keys["suppressed"]),
    people["address"].isin(keys["disputes"]), (people["country"] == "BE")
    & (people["consent"] == "") & ~people["address"].isin(keys["clients"]), mailbox.duplicated()]
print(json.dumps([int(f.sum()) for f in faults]), [list(people.index[f][:20]) for f in faults][:0])
"""
POLARS = """
import json, polars as pl
keys = {n: pl.scan_csv(n + ".csv", infer_schema=False).select(
            pl.col("email").str.strip_chars().str.to_lowercase().alias("address")).unique()
        for n in ("suppressed", "clients", "disputes", "left_out")}
people = pl.scan_csv("contacts.csv", infer_schema=False, row_index_name="n").with_columns(
    pl.col("email").str.strip_chars().str.to_lowercase().alias("address"))
people = people.filter(pl.col("unsubscribed") != "true").join(keys["left_out"], on="address",
    how="anti")
for name in ("suppressed", "disputes", "clients"):
    people = people.join(keys[name].with_columns(pl.lit(True).alias(name)), on="address",
        how="left")
nothing = r"(?i)^\\s*(?:null|none|nan|n/a|undefined|-)?\\s*$"
faults = {"invalid": ~pl.col("address").str.contains(
        r'^[^@\\s"(),:;<>\\[\\]\\\\]+@[^@\\s]+\\.[a-z]{2,}$'),
    "name": pl.col("first_name").fill_null("").str.contains(nothing),
    "city": pl.col("city").fill_null("").str.contains(nothing),
    "elsewhere": ~pl.col("country").is_in(["FR", "BE"]),
    "suppressed": pl.col("suppressed").fill_null(False),
    "disputes": pl.col("disputes").fill_null(False),
    "consent": (pl.col("country") == "BE") & pl.col("consent").fill_null("").eq("")
        & ~pl.col("clients").fill_null(False)}
asked = [expr for name, fault in faults.items() for expr in (fault.sum().alias(name),
    pl.col("n").filter(fault).bottom_k(20).implode().alias(name + "_first"))]
mailbox = pl.col("address").str.replace(r"\\+[^@]*@", "@")
asked += [(pl.len() - mailbox.n_unique()).alias("twice")]
found = people.select(asked).collect(engine="streaming")
print(json.dumps([int(found[name][0]) for name in [*faults, "twice"]]))
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor and of the clock, most memory in bytes, and what was printed."""

    cpu: float
    clock: float
    memory: int
    printed: str


def measured(command: list[str], folder: Path) -> Spent:
    wrapper = (
        "import json, resource, subprocess, sys, time\n"
        "began = time.perf_counter()\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=False)\n"
        "clock = time.perf_counter() - began\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([used.ru_utime + used.ru_stime, clock, used.ru_maxrss * 1024]))\n"
        "sys.stdout.write(done.stdout.decode())\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / ".cache")  # compiled once, as for a user
    done = subprocess.run(
        [sys.executable, "-c", wrapper, *command],
        cwd=folder, env=environment, stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    figures, _, printed = done.stdout.partition("\n")
    cpu, clock, memory = json.loads(figures)
    return Spent(cpu, clock, memory, printed)


def programs(folder: Path, others: bool) -> dict[str, list[str]]:
    """Name -> command."""
    by_hand = (HERE / "by_hand.sql").read_text("utf-8").replace("$folder", str(folder))
    load, _, rest = by_hand.partition("-- the ledger")
    (folder / "by_hand.sql").write_text(f"{load}-- the ledger{rest}", encoding="utf-8")
    (folder / "load.sql").write_text(load, encoding="utf-8")
    spill = str(folder / "spill")
    python = [sys.executable, "-c"]
    found = {
        "preflight check": [*python, CHECK, "check", "--format", "json"],
        "by hand": [*python, SQL, "by_hand.sql", "1GB", spill],
        "load alone": [*python, SQL, "load.sql", "1GB", spill],
    }
    if others:
        found |= {
            "Polars": [*python, POLARS],
            "pandas": [*python, PANDAS],
            "loop in Python": [*python, LOOP],
        }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("contacts", type=int, nargs="?", default=1_000_000)
    parser.add_argument(
        "--others",
        action="store_true",
        help="also Polars, pandas and a loop, for the planted faults alone",
    )
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    spent: dict[str, list[Spent]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        planted = write_campaign(folder, asked.contacts)
        commands = programs(folder, asked.others)
        for _ in range(asked.rounds):
            for what, command in commands.items():
                spent.setdefault(what, []).append(measured(command, folder))
    report = json.loads(spent["preflight check"][-1].printed)
    ours = [one.cpu for one in spent["preflight check"]]
    failed = False
    print(f"{asked.contacts:,} contacts, medians of {asked.rounds}\n")
    print(f"{'':18} {'cpu s':>8} {'clock s':>8} {'MiB':>7} {'check is':>9}")
    for what, runs in spent.items():
        ratio = statistics.median(a / one.cpu for a, one in zip(ours, runs, strict=True))
        budget = BUDGETS.get(what) if asked.contacts >= LARGE else None
        note = f"  budget {budget}" if budget else ""
        if budget and ratio > budget:
            failed, note = True, f"{note}: broken"
        cpu, clock = (statistics.median(map(attrgetter(by), runs)) for by in ("cpu", "clock"))
        memory = max(one.memory for one in runs) >> 20
        print(f"{what:18} {cpu:8.2f} {clock:8.2f} {memory:7,} {ratio:8.2f}x{note}")
    if max(one.memory for one in spent["preflight check"]) > MEMORY:
        failed = True
        print(f"\nmore memory than {MEMORY >> 20:,} MiB")
    found = dict.fromkeys(planted, 0)
    for annotation in report["annotations"]:
        rule, recipients = annotation["rule"], annotation["recipients"]
        found[rule] = found.get(rule, 0) + (recipients["count"] if recipients else 1)
    print(f"\n{'':24} {'planted':>10} {'found':>10}")
    for rule in sorted(found):
        print(f"{rule:24} {planted.get(rule, 0):10,} {found[rule]:10,}")
    return int(failed or found != planted)


if __name__ == "__main__":
    sys.exit(main())
