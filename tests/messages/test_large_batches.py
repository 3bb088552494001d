"""Ten thousand mails at once: memory for what is said of them, not for what they say."""

from __future__ import annotations

import gc
import tracemalloc

from preflight import Checker, check_batch

BODY = "<p>Dear {name},</p>" + "".join(
    f"<p>Paragraph {n} tells of the garden, the beans and the bench behind the school.</p>"
    for n in range(12)
)


def mails(count: int, every: int):
    for number in range(count):
        name = "{FirstName}" if number % every == 0 else f"Reader{number}"
        yield (
            f"From: a@garden.example\nTo: r{number}@home{number}.example\nSubject: News {number}\n"
            f"Content-Type: text/html\n\n{BODY.format(name=name)}\n"
        ).encode()


def peak(count: int) -> tuple[int, object]:
    checker = Checker(
        select=["unrendered-placeholder", "duplicate-recipient", "same-value-for-all"]
    )
    checker.check_batch(mails(20, 10))
    gc.collect()
    tracemalloc.start()
    report = checker.check_batch(mails(count, 10))
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest, report


def test_memory_for_what_is_said_only():
    small, _ = peak(100)
    large, report = peak(1_000)
    assert len(report.annotations) == 100
    # A mail of 1 KB with its tree takes some 60 KB while it is looked at.
    assert (large - small) / 900 < 12_000


def test_thousands_of_mails():
    report = check_batch(
        f"To: r{n}@home{n}.example\nSubject: News {n}\n\nDear Reader,\n\nHello {n}\n"
        for n in range(3_000)
    )
    assert len(report.campaigns) == 3_000
    assert report.annotations == ()
    assert len(report.not_checked) < 100


def test_a_fault_in_every_mail():
    report = check_batch(
        f"To: r{n}@home{n}.example\nSubject: News\n\nDear {{FirstName}},\n" for n in range(2_000)
    )
    assert len(report.annotations) == 2_000
    assert len({one.fingerprint for one in report.annotations}) == 2_000
    last = max(report.annotations, key=lambda one: int(one.path.split()[1]))
    assert (last.span.text, last.span.start_place) == ("{FirstName}", (4, 6))
