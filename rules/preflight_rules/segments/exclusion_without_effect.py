"""An exclusion list that excludes nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.audience.audience import Audience, Exclusion
from preflight.rule import Problem, Severity, rule

# A list of opt-outs is a safety net: that it catches nobody is no fault in itself.
_SAFETY_NET = re.compile(
    r"unsub|suppress|bounce|opt.?out|complain|block.?list|black.?list|robinson|d[ée]s(inscri|abonn)|"
    r"abgemeldet|abmeld|disiscri|uitgeschreven|do.?not|dnc|bajas?\b",
    re.IGNORECASE,
)


@rule("exclusion-without-effect", on=Audience, severity=Severity.WARNING)
def exclusion_without_effect(audience: Audience) -> Iterator[Problem]:
    """An exclusion list takes nobody away."""
    if not audience.contacts:
        return
    for exclusion in audience.exclusions:
        if exclusion.contacts:
            continue  # whom it hits may be dropped by the filter already: it does its work
        if not exclusion.entries:
            yield Problem(
                exclusion.span,
                f"“{exclusion.path}” is empty: it leaves nobody out",
                "Export it again, or remove it here.",
            )
        elif not exclusion.keyed or not _has_keys(audience, exclusion):
            yield Problem(
                exclusion.span,
                f"“{exclusion.path}” holds no addresses or domains: it leaves nobody out",
                "Contacts are found by their address: export the list with a column “email” or "
                "“domain”.",
            )
        else:
            entry = "entry" if exclusion.entries == 1 else f"{exclusion.entries:,} entries"
            yield Problem(
                exclusion.span,
                f"“{exclusion.path}” leaves nobody out: none of the contacts is in it"
                f" ({exclusion.entries:,} {entry.split()[-1]})",
                "Look whether it is the right list, and of today.",
                weaker=_SAFETY_NET.search(exclusion.path) is not None,
            )


def _has_keys(audience: Audience, exclusion: Exclusion) -> bool:
    """Whether any entry looks like an address or a domain."""
    found = audience.query(
        f"SELECT count(*) FROM exclusion_{exclusion.index} WHERE strpos(address, '@') > 1 "
        "OR regexp_full_match(domain, '[^\\s@]+[.][^\\s@.]+')"
    )
    return bool(found[0][0])
