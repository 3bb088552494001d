"""A mail without a subject."""

from __future__ import annotations

from collections.abc import Iterator

from preflight.campaign.model import Campaign
from preflight.rule import Need, Problem, Severity, Unchecked, rule
from preflight.templates.message import Message
from preflight_rules.origin import empty_tag_between


@rule("missing-subject", on=Campaign, severity=Severity.ERROR)
def missing_subject(campaign: Campaign) -> Iterator[Problem]:
    """The mail has no subject, or a blank one."""
    if campaign.subject is None:
        yield Problem(
            campaign.key_span("from"),
            "the mail has no subject",
            "Add subject: to the campaign.",
        )
    elif not campaign.subject.strip():
        yield Problem(
            campaign.key_span("subject"),
            "the subject is blank",
            "Write what the mail is about, in a few words.",
        )


@missing_subject.also(on=Message, needs=(Need.HEADERS,))
def blank_when_rendered(message: Message) -> Iterator[Problem | Unchecked]:
    """The subject comes out blank for some recipients, by a branch of its template; a finished
    mail has none."""
    subject = message.subject
    if message.mail is not None and message.mail.at_service and subject is None:
        yield Unchecked("needs the subject, which stands at the mail service")
        return
    if message.mail is not None and (subject is None or not subject.text.strip()):
        yield Problem(
            message.span if subject is None else subject.excerpt.span,
            "the mail has no subject" if subject is None else "the subject is blank",
            "Write what the mail is about, in a few words.",
        )
    if subject is None or subject.text.strip() or message.approximate or subject.template is None:
        return
    template = subject.template
    if template.text.strip() and not empty_tag_between(message, subject, 0, len(subject.text)):
        yield Problem(
            template.span(0, len(template.text)),
            "{recipients} would get a mail without a subject: no branch of it writes anything",
            "Give the condition an else.",
        )
