"""The sentences that several renderers share."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from preflight.report.model import Annotation, CheckedCampaign, Recipients, Report, Verdict
from preflight.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ABOUT_THE_CHECK = ("rule-crashed", "invalid-configuration")


def counted(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``, ``1,204 errors``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(items: Iterable[str], most: int) -> str:
    """The first ``most`` items, separated by commas, and how many more there are."""
    items = list(items)
    more = len(items) - most
    return ", ".join(items[:most]) + (f", and {more:,} more" if more > 0 else "")


def place(annotation: Annotation) -> str:
    """``path:line:column``, not yet fit to be shown."""
    line, column = annotation.span.start_place
    return f"{annotation.path}:{line}:{column}"


def counts(report: Report) -> str:
    """``3 errors, 1 warning``; "no errors" when there are none, the others only when there are."""
    errors, warnings, notices = (report.count(severity) for severity in Severity)
    parts = [counted(errors, "error") if errors else "no errors"]
    parts += [counted(warnings, "warning")] if warnings else []
    parts += [counted(notices, "notice")] if notices else []
    return ", ".join(parts)


def verdict(report: Report) -> str:
    """The outcome in a sentence that a person understands; not yet fit to be shown."""
    found = bool(report.annotations)
    match report.verdict:
        case Verdict.FAILED:
            return f"The check itself failed: {_cause(report)} Do not rely on it{_in_all(report)}."
        case Verdict.BLOCKED:
            return f"Do not send: {_worst_first(report)}{_where(report)}."
        case Verdict.NOTHING_CHECKED:
            if found:
                return f"Nothing was checked: no campaign could be read{_in_all(report)}."
            return "Nothing was checked: no campaign.yaml and no mail is below the paths given."
    if report.fail_on is None and report.count(Severity.ERROR):
        return f"{_worst_first(report)}{_where(report)}: look at them before you send."
    clear = "Clear to send"
    if report.not_checked:
        clear += ", as far as could be checked"
    return f"{clear}: {counts(report)}." if found else f"{clear}."


def _cause(report: Report) -> str:
    for annotation in report.annotations:
        if annotation.rule in _ABOUT_THE_CHECK:
            return annotation.message.rstrip(".") + "."
    return "it could not run to its end."


def _in_all(report: Report) -> str:
    return f" ({_worst_first(report)})" if report.annotations else ""


def _worst_first(report: Report) -> str:
    return counts(report) if report.count(Severity.ERROR) else counts(report)[len("no errors, ") :]


def _where(report: Report) -> str:
    hit = len({a.campaign for a in report.annotations if a.campaign is not None})
    of = max(hit, len(report.campaigns))
    if not hit:
        return ""
    what = counted(of, noun(report))
    return f" in {hit:,} of {what}" if of > hit else f" in {what}"


def noun(report: Report) -> str:
    """What was checked: campaigns, messages, or files of both."""
    mails = sum(one.is_mail for one in report.campaigns)
    if not mails:
        return "campaign"
    return "message" if mails == len(report.campaigns) else "file"


def title(campaign: CheckedCampaign) -> str:
    """What a campaign is called: its name, else its path; a mail's path and its subject."""
    if campaign.is_mail and campaign.name and not campaign.path.endswith(campaign.name):
        return f"{campaign.path}: {campaign.name}"
    return campaign.path if campaign.is_mail else campaign.name or campaign.path


def share(recipients: Recipients) -> str:
    """``37 of 312 recipients``, ``all 312 recipients``."""
    if recipients.count == recipients.of > 1:
        return f"all {recipients.of:,} recipients"
    return f"{recipients.count:,} of {counted(recipients.of, 'recipient')}"


def fix_unsaid(annotation: Annotation) -> str:
    """What the fix does, where the help does not say it already."""
    fix = annotation.fix
    if fix is None or fix.title.casefold() in annotation.help.casefold():
        return ""
    return fix.title


def share_unsaid(annotation: Annotation) -> str:
    """``37 of 312 recipients``, or nothing where the message says so itself."""
    recipients = annotation.recipients
    if recipients is None:
        return ""
    if recipients.rows and recipients.rows[0][0] == annotation.path:
        return ""  # rows of the very file: lines that are bad, not people
    said = share(recipients)
    plain = said.replace(",", "")
    return "" if said in annotation.message or plain in annotation.message else said


def first_rows(recipients: Recipients, most: int = 5) -> str:
    """``contacts.csv lines 3, 8, 9, 14, 15, and 32 more``, or by their keys ``crm.contacts:
    id 3, id 8``; nothing when no row is known."""
    by_path: dict[str, list[int | str]] = defaultdict(list)
    for path, at in recipients.rows[:most]:
        by_path[path].append(at)
    if not by_path:
        return ""
    said = "; ".join(_rows_of(path, rows) for path, rows in by_path.items())
    more = recipients.count - min(most, len(recipients.rows))
    return said + (f", and {more:,} more" if more > 0 else "")


def _rows_of(path: str, rows: list[int | str]) -> str:
    noun = ":" if isinstance(rows[0], str) else " line" if len(rows) == 1 else " lines"
    return f"{path}{noun} {', '.join(map(str, rows))}"


class Unchecked(NamedTuple):
    """Rules that did not run for the same reason; ``campaigns``: where, when not everywhere."""

    reason: str
    rules: tuple[str, ...]
    campaigns: tuple[str, ...]
    noun: str = "campaign"


def unchecked(report: Report) -> Iterator[Unchecked]:
    """What did not run, grouped by reason and campaigns, in a stable order."""
    everywhere = {campaign.path for campaign in report.campaigns}
    campaigns: dict[tuple[str, str], set[str]] = defaultdict(set)
    for skipped in report.not_checked:
        where = everywhere if skipped.campaign is None else {skipped.campaign}
        campaigns[skipped.reason, skipped.rule] |= where
    groups: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for (reason, rule), hit in campaigns.items():
        partly = () if hit >= everywhere else tuple(sorted(hit))
        groups[reason, partly].add(rule)
    for (reason, partly), rules in sorted(groups.items()):
        yield Unchecked(reason, tuple(sorted(rules)), partly, noun(report))


_LEDGER_WANTED = re.compile(r"needs (ledger\.\w+(?: or ledger\.\w+)*) in preflight\.yaml")


def unchecked_in_short(report: Report) -> list[Unchecked]:
    """As `unchecked`, with one entry for all lists that the ledger lacks: a campaign without a
    ledger would else end in a dozen lines that say the same."""
    groups = list(unchecked(report))
    wanted: dict[tuple[str, ...], list[tuple[str, Unchecked]]] = defaultdict(list)
    for group in groups:
        if match := _LEDGER_WANTED.fullmatch(group.reason):
            wanted[group.campaigns].append((match[1], group))
    short = []
    for group in groups:
        alike = wanted.get(group.campaigns, [])
        if len(alike) < 2 or not _LEDGER_WANTED.fullmatch(group.reason):
            short.append(group)
        elif group is alike[0][1]:
            rules = tuple(sorted({rule for _kind, one in alike for rule in one.rules}))
            kinds = ", ".join(kind for kind, _one in alike)
            short.append(group._replace(reason=f"needs in preflight.yaml: {kinds}", rules=rules))
    return short


def unchecked_line(group: Unchecked, most: int) -> str:
    """``3 rules (needs ledger.press): bulk-press-send, ...``; not yet fit to be shown."""
    where = ""
    if len(group.campaigns) == 1:
        where = f" in {group.campaigns[0]}"
    elif group.campaigns:
        where = f" in {counted(len(group.campaigns), group.noun)}"
    reason = group.reason.strip().rstrip(".")
    return f"{counted(len(group.rules), 'rule')}{where} ({reason}): {listed(group.rules, most)}"
