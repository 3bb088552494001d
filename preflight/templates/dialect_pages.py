"""What ``preflight dialects`` prints: all dialects in a table, or what is known of one."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.templates.profiles import Profile, known_dialects

_GAP = "  "


def table() -> Iterator[str]:
    """One line a dialect: short name, mailer, a tag, the same with words for an empty value."""
    rows = [
        (one.id, one.mailer, one.example, _fallback(one) or "none: a default in the account")
        for one in known_dialects()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in [("NAME", "MAILER", "TAG", "WITH A FALLBACK"), *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield _GAP.join([*cells, row[3]]).rstrip()


def page(one: Profile) -> Iterator[str]:
    """All that is known of one dialect."""
    facts = [
        ("short name", ", ".join((one.id, *one.aliases))),
        ("tag", one.example),
        ("with a fallback", _fallback(one) or "none: set a default for the field in the account"),
        ("an empty value prints", _missing(one)),
        ("unsubscribe", _listed(one.unsubscribe)),
        ("view online", _listed(one.online)),
        ("postal address", _listed(one.address)),
        ("filled in by it", ", ".join(one.reserved)),
        ("read", _read(one)),
    ]
    yield one.mailer
    width = max(len(name) for name, _fact in facts)
    for name, fact in facts:
        if fact:
            yield f"  {name:<{width}}  {fact}"


def _fallback(one: Profile) -> str:
    """The usual tag with a fallback, for a field called as in the example."""
    return one.with_fallback(_field(one), "friend") if one.fallback else ""


def _field(one: Profile) -> str:
    """The name of the field in the example, with the object that it is in."""
    from preflight.templates.dialects import read_template

    parsed = read_template(one.example, one.id)
    for _name, start, end in parsed.names if parsed else ():
        return one.example[start:end]
    return "first_name"


def _missing(one: Profile) -> str:
    printed = one.semantics.missing
    if printed is None and one.semantics.empty_cell == "nothing":
        return "the tag as it is written"
    return f"“{printed}”" if printed and one.semantics.empty_cell == "nothing" else "nothing"


def _listed(tags: tuple[str, ...]) -> str:
    return ",  ".join(tag for tag in tags if tag[-1:] not in "'\"")


def _read(one: Profile) -> str:
    if one.reader == "jinja":
        return "by Jinja's own parser; proved for every row, rendered by Jinja"
    own = {"liquid": "python-liquid's parser", "django": "Django's own parser"}
    by = own.get(one.reader, "a parser of its own")
    return f"by {by}; proved for every row, messages written from its tree"
