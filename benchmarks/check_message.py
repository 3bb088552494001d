"""What a check costs a mailer, as a ratio to building the message that is checked: 19 KB, 11 KB of
HTML, 120 links. In processor time, the two in turn. Exit code 1 when the median
is over the budget.
"""

import argparse
import statistics
import sys
import time
from email.message import EmailMessage

import preflight

BUDGET = 5.0


def build() -> tuple[EmailMessage, bytes]:
    """A newsletter as a program makes it, and its bytes."""
    message = EmailMessage()
    message["From"] = "The gardeners <hello@garden.example>"
    message["To"] = "Inès <ines@atelier.example>"
    message["Subject"] = "Inès, here is what grows in October"
    message["List-Unsubscribe"] = "<https://garden.example/u/1>"
    links = "".join(
        f'<li><a href="https://garden.example/beds/{n}?by=mail">Bed {n}, beans and peas</a></li>\n'
        for n in range(120)
    )
    lines = "".join(
        f"Bed {n}, with beans: https://garden.example/beds/{n}?from=mail\n" for n in range(120)
    )
    message.set_content(
        f"Dear Inès,\n\nhere is what grows.\n\n{lines}\nUnsubscribe: https://garden.example/u/1\n"
    )
    message.add_alternative(
        '<!doctype html><html lang="en"><head><title>October</title></head><body>'
        f"<p>Dear Inès,</p><p>here is what grows.</p><ul>{links}</ul>"
        '<p><a href="https://garden.example/u/1">Unsubscribe</a></p></body></html>\n',
        subtype="html",
    )
    return message, message.as_bytes()


def seconds(work: object) -> float:
    began = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    pairs = parser.parse_args().pairs
    message, data = build()
    report = preflight.check_message(message)  # words and patterns are loaded
    assert report.ok, report.annotations
    over = False
    print(f"{len(data):,} bytes")
    print(f"{'':12} {'ours':>9} {'building':>9} {'ratio':>7} {'budget':>7}")
    for title, given in (("EmailMessage", message), ("bytes", data)):
        times = [
            (seconds(lambda given=given: preflight.check_message(given)), seconds(build))
            for _ in range(pairs)
        ]
        ratio = statistics.median(a / b for a, b in times)
        ours, building = (statistics.median(column) for column in zip(*times, strict=True))
        over |= ratio > BUDGET
        print(f"{title:12} {ours * 1e3:7.2f}ms {building * 1e3:7.2f}ms {ratio:7.2f} {BUDGET:7.2f}")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
