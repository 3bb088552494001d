"""A report with a bit of everything, for the tests of the renderers."""

from __future__ import annotations

from preflight.report.model import (
    Annotation,
    CheckedCampaign,
    Ignored,
    NotChecked,
    Recipients,
    Report,
    in_order,
)
from preflight.rule import Fix, Related, Severity
from preflight.source import Source, Span

CAMPAIGN = Source(
    "campaigns/autumn/campaign.yaml",
    """\
name: autumn-networking
purpose: prospecting
language: fr
register: vous
from: Stéphanie Durand <stephanie@example.org>
subject: "{{ first_name }}, faisons connaissance"
body:
  html: invitation.html
audience:
  contacts: network.csv
  where: relationship is not null and unsubscribed is not true
  exclude: [known.csv]
""",
)
HTML = Source(
    "campaigns/autumn/invitation.html",
    "<html>\n<body>\n"
    "\t<p>Bonjour {FirstName}, 你好 🎉 et bienvenue</p>\n"
    '\t<p>Écrivez à <a href="mailto:stephanie.durand@example.org">Stéphanie</a> ou visitez '
    '<a class="button" style="color:#ffffff;background:#003366" '
    'href="http://shop.example.org/automne?source=mail&amp;campaign=autumn">notre boutique</a>'
    "</p>\n</body>\n</html>\n",
)
LIST = Source(
    "campaigns/autumn/network.csv",
    'Zoé,"Martin,zoe.martin@example.org,FR',
    first_line=214,
    personal=True,
)
CLIENTS = Source("crm/clients.csv", "Anna,anna@example.com,2009", first_line=12, personal=True)


def span(source: Source, text: str) -> Span:
    start = source.text.index(text)
    return source.span(start, start + len(text))


def annotation(
    rule: str = "some-rule",
    message: str = "something is wrong",
    where: Span | None = None,
    severity: Severity = Severity.ERROR,
    **more: object,
) -> Annotation:
    return Annotation(
        rule=rule,
        severity=severity,
        message=message,
        span=where or span(CAMPAIGN, "prospecting"),
        campaign=CAMPAIGN.path,
        **more,  # type: ignore[arg-type]
    )


def report() -> Report:
    rows = tuple(("campaigns/autumn/network.csv", line) for line in (3, 8, 9, 14, 15, 20, 21))
    found = [
        annotation(
            "known-contact-in-cold-campaign",
            "37 of 312 recipients are people you know, and this is a first-contact campaign",
            span(CAMPAIGN, "relationship is not null"),
            recipients=Recipients(37, 312, rows),
            related=(
                Related(LIST.span(0, 3), "the first of them"),
                Related(CLIENTS.span(), "anna@example.com has been a client since 2009"),
            ),
            help="Turn the clause round: “relationship is null”. It chooses 88 people, none of "
            "whom you know.",
            why="Somebody who has known you for years and gets “let us get to know each other” "
            "asks whether\nyour relationship has become so distant. Clients are among them.",
        ),
        annotation(
            "unrendered-placeholder",
            "“{FirstName}” is no tag of jinja, so all 312 recipients would read it as it stands",
            span(HTML, "{FirstName}"),
            help="Write {{ first_name }}.",
            fix=Fix(span(HTML, "{FirstName}"), "{{ first_name }}", "use the jinja tag"),
        ),
        annotation(
            "insecure-link",
            "http://shop.example.org/automne is not encrypted",
            span(HTML, "http://shop.example.org/automne?source=mail&amp;campaign=autumn"),
            Severity.WARNING,
            help="Use https; the page answers there, too.",
            fix=Fix(span(HTML, "http://"), "https://", "use https"),
        ),
        annotation(
            "malformed-row",
            "the row of zoe.martin@example.org has an opening quote that is never closed",
            LIST.span(4, 11),
            help="Remove the quote, or close it after the name.",
        ),
        annotation(
            "missing-preheader",
            "there is no preheader, so the inbox shows the first words of the mail",
            span(CAMPAIGN, "subject"),
            Severity.NOTICE,
        ),
    ]
    accepted = annotation(
        "role-address", "2 of 312 recipients are role addresses", severity=Severity.WARNING
    )
    return Report(
        campaigns=(
            CheckedCampaign(CAMPAIGN.path, "autumn-networking", "prospecting", 400, 312),
            CheckedCampaign("campaigns/news/campaign.yaml", "news", "newsletter", 40, 40),
        ),
        annotations=in_order(found),
        ignored=(Ignored(accepted, "newsrooms are reached there"),),
        not_checked=(
            NotChecked("bulk-press-send", CAMPAIGN.path, "needs ledger.press in preflight.yaml"),
            NotChecked("bulk-press-send", None, "needs ledger.press in preflight.yaml"),
            NotChecked("impersonal-press-mail", None, "needs ledger.press in preflight.yaml"),
            NotChecked("contact-in-dispute", CAMPAIGN.path, "needs ledger.disputes"),
        ),
        notes=("preflight.yaml was read from the repository root",),
    )
