"""What a rule is, and what it says.

A rule is a plain function from one subject to problems. It never walks, opens, formats or decides
severity: the engine does. It can be called alone, with no engine, no files, no environment::

    @rule("insecure-link", on=Link, severity=Severity.WARNING)
    def insecure_link(link: Link) -> Iterator[Problem]:
        \"\"\"A link in the message goes over plain http.\"\"\"
        if link.scheme == "http":
            yield Problem(link.url_span, f"{link.url} is not encrypted")

A rule that reads a second type of subject adds a check for it with `Rule.also`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from pydantic import BaseModel

    from preflight.source import Span

S = TypeVar("S")
O_ = TypeVar("O_", bound="BaseModel")


class Severity(enum.IntEnum):
    """How bad a problem is, worst first in order."""

    ERROR = 3
    WARNING = 2
    NOTICE = 1

    @property
    def label(self) -> str:
        return self.name.lower()

    @property
    def weaker(self) -> Severity:
        """One level below; a notice stays a notice."""
        return Severity(max(self - 1, 1))

    @classmethod
    def of(cls, label: str) -> Severity:
        return cls[label.upper()]


class Need(enum.StrEnum):
    """What a rule must have besides its subject. Without it the rule is not run, and is named in
    ``report.not_checked``. Each value is the name used in the reason."""

    LISTS = "lists"
    """The recipient list (and so: the chosen contacts)."""
    KNOWN = "known"
    """Something about who is known: ``ledger.clients``, ``ledger.known``, or a column for it."""
    CLIENTS = "clients"
    PRESS = "press"
    SUPPRESSED = "suppressed"
    """Who wants no mail: ``ledger.suppressed``, or a column for it."""
    EXCLUDED = "excluded"
    """Something about whom the campaign leaves out: any of the two, or ``audience.exclude``."""
    DISPUTES = "disputes"
    HOLDS = "holds"
    REFERRALS = "referrals"
    INCIDENTS = "incidents"
    INTERNAL = "internal"
    COMPETITORS = "competitors"
    COUNTRY = "country"
    """A column of countries in the list."""
    LAST_CONTACTED = "last_contacted"
    """A column of the last mail that each contact got."""
    SUPPRESSION_AGE = "the age of the suppression list"
    CAMPAIGN = "campaign"
    """Rules on `Message` only: the campaign, which a mail handed in as it is does not have."""
    HEADERS = "headers"
    """Rules on `Message` only: the header fields, which bare HTML or text does not have."""
    BULK = "bulk"
    """Rules on `Message` only: whether the mail goes to many."""
    SEVERAL = "several"
    """Rules on `Batch` only: more than one mail."""
    PRINTED = "printed"
    """What each tag prints for everybody, which may have to be rendered; where that was not
    possible the check runs all the same, and the tags are named as not checked."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A replacement that is certain: put ``text`` in the place of ``span``."""

    span: Span
    text: str
    title: str


Place = tuple[str, int | str]
"""Where a contact stands: path and line, or its table and its key there."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Contacts that a problem speaks of: how many, and the first of them by their position in
    the audience (``audience.place_of`` tells file and line), or by their places themselves; then
    ``of`` is how many there are in all."""

    count: int
    first: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a problem."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule says: where, what, and what to do about it.

    ``span``: the smallest place that shows the fault; None means the recipients
    (``audience.contacts`` of the campaign). ``message``: one sentence that makes sense alone.
    ``help``: what to do now. ``weaker``: one level below the rule's severity.

    ``condition``: the problem holds for the chosen contacts for which this condition is true (the
    language of ``where`` and a few primitives, see `preflight.audience.predicate`). The engine
    evaluates the conditions of all rules in one scan, drops the problem when nobody is hit, and
    fills ``{recipients}`` ("37 of 312 recipients"), ``{count}``, ``{of}``, and the verbs ``{are}``,
    ``{have}``, ``{get}`` in the message and the help, but not in what stands in “” there: the
    words of a campaign are quoted so.
    ``exactly``: called with the audience when the condition hits somebody: a finer test, in Python,
    of the values that it stopped. It returns the problem with its own ``rows``, or None when none
    is left.
    ``evidence``: the ledger kind whose first matching entry is shown as a related place; of several
    kinds the first that has one.
    ``rows``: contacts found some other way (a rule on `Audience`).
    ``detail``: lines for those who ask for more (``--verbose``): what was set aside, and why.
    """

    span: Span | None
    message: str
    help: str = ""
    weaker: bool = False
    condition: str | None = None
    evidence: str | tuple[str, ...] | None = None
    rows: Rows | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    detail: str = ""
    exactly: Callable[[Any], Problem | None] | None = None


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What a rule yields where it cannot judge: an entry of ``report.not_checked``.

    ``reason``: what it needs ("needs ..."), or what was not looked at; nothing personal.
    """

    reason: str


CheckFunction = Callable[[S], Iterable[Problem | Unchecked]]
CheckWithOptions = Callable[[S, O_], Iterable[Problem | Unchecked]]
F = TypeVar("F", bound=Callable[..., Iterable[Problem | Unchecked]])


@dataclass(frozen=True, slots=True)
class Check:
    """What a rule does with one type of subject: ``on``, and what it must have for it."""

    on: type[Any]
    function: Callable[..., Iterable[Problem | Unchecked]]
    needs: tuple[Need, ...] = ()
    by: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule as the registry knows it. Call it with a subject (and options) to run it alone.

    ``checks``: one for each type of subject that it reads, the first is the one it was made with.
    """

    name: str
    severity: Severity
    checks: list[Check]
    options: type[BaseModel] | None = None
    page_path: Path | None = field(default=None, repr=False)
    module: str = ""

    def __call__(self, subject: object, options: BaseModel | None = None) -> list[Problem]:
        """The problems of one subject. Raises TypeError for a subject of a type that the rule does
        not read, and for options of another rule."""
        for check in self.checks:
            if isinstance(subject, check.on):
                said = self.run(check, subject, options)
                return [one for one in said if isinstance(one, Problem)]
        kinds = " or ".join(check.on.__name__ for check in self.checks)
        raise TypeError(f"{self.name} reads {kinds}, not {type(subject).__name__}")

    def run(
        self, check: Check, subject: Any, options: BaseModel | None = None
    ) -> list[Problem | Unchecked]:
        """What one of the checks says of a subject of its type."""
        if self.options is None:
            return list(check.function(subject))
        if options is None:
            options = self.options()
        if not isinstance(options, self.options):
            raise TypeError(f"{self.name} takes {self.options.__name__}, not {options!r}")
        return list(check.function(subject, options))

    def also(
        self, *, on: type[Any], needs: Iterable[Need] = (), by: Iterable[str] = ()
    ) -> Callable[[F], F]:
        """Make a function a further check of this rule, for another type of subject. It takes the
        same options. Where one type is not at hand the checks of the others run, and the report
        names the rule under ``not_checked``. Raises ValueError for a type it reads already."""
        if any(check.on is on for check in self.checks):
            raise ValueError(f"{self.name} reads {on.__name__} already")

        def register(function: F) -> F:
            self.checks.append(Check(on, function, tuple(needs), tuple(by)))
            return function

        return register

    @property
    def summary(self) -> str:
        """The first line of the first check's docstring."""
        return (self.checks[0].function.__doc__ or "").strip().split("\n", 1)[0]

    @property
    def page(self) -> str:
        """The text of the rule's page (Markdown). Raises OSError where it was not shipped."""
        if self.page_path is None:
            raise FileNotFoundError(f"{self.name} has no page")
        return self.page_path.read_text(encoding="utf-8")


@overload
def rule(
    name: str,
    *,
    on: type[S],
    severity: Severity,
    needs: Iterable[Need] = (),
    by: Iterable[str] = (),
) -> Callable[[CheckFunction[S]], Rule]: ...
@overload
def rule(
    name: str,
    *,
    on: type[S],
    severity: Severity,
    options: type[O_],
    needs: Iterable[Need] = (),
    by: Iterable[str] = (),
) -> Callable[[CheckWithOptions[S, O_]], Rule]: ...
def rule(
    name: str,
    *,
    on: type[S],
    severity: Severity,
    options: type[BaseModel] | None = None,
    needs: Iterable[Need] = (),
    by: Iterable[str] = (),
) -> Callable[[Callable[..., Iterable[Problem | Unchecked]]], Rule]:
    """Make a check into a rule.

    ``name``: kebab-case, names the fault, reads well after "allow". ``on``: the type of subject;
    the check is called once for each. ``severity``: the default, anyone can change it.
    ``options``: a frozen pydantic model; the check then takes it as its second argument.
    ``needs``: what else must be there. ``by`` (rules on `Message` only): further columns or facts
    that split the classes of recipients, for contacts that have them; or conditions.
    The page is the file of the same name beside the module, with the ending ``.md``.
    """

    def register(function: Callable[..., Iterable[Problem | Unchecked]]) -> Rule:
        file = Path(function.__code__.co_filename) if hasattr(function, "__code__") else None
        return Rule(
            name=name,
            severity=severity,
            checks=[Check(on, function, tuple(needs), tuple(by))],
            options=options,
            page_path=file.with_suffix(".md") if file else None,
            module=function.__module__,
        )

    return register


@dataclass(frozen=True, slots=True)
class Said:
    """A problem of the engine itself (loading, "about the check itself"), under its rule's name;
    ``unchecked``: what could not be looked at, an entry of ``report.not_checked``."""

    rule: str
    problem: Problem
    unchecked: bool = False
