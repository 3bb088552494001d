"""Mails whose text stands at the mail service, with the text that the caller knows of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from preflight.mail import Context, Mail, mail_of_parts
from preflight.rule import Problem, Said
from preflight.source import Source

_DIALECTS = {
    "brevo": "brevo",
    "mailgun": "mailgun-template",
    "mailjet": "mailjet",
    "mandrill": "mandrill",
    "postmark": "postmark",
    "resend": "resend",
    "sendgrid": "sendgrid",
    "ses": "ses",
}
_HTML = re.compile(r"<(?:html|body|table|div|p|br|h[1-6]|a|!doctype)\b", re.IGNORECASE)


def mail_at_service(
    service: str,
    path: str,
    headers: Sequence[tuple[str, str]],
    model: Any,
    context: Context,
) -> Mail:
    """The mail that a service makes of ``context.template``. ``model``: the values that the payload
    hands over. What they do not tell counts as filled in: the service may know it."""
    from preflight.templates.dialects import profile, read_template
    from preflight.templates.write import write_known

    text = context.template or ""
    known = profile(_DIALECTS[service])
    parsed = read_template(text, known.id) if known is not None else None
    if known is None or parsed is None:
        return replace(mail_of_parts(path, headers, {}, context), opaque=True)
    kind = "html" if _HTML.search(text) else "text"
    if parsed.fault is not None:
        fault = parsed.fault
        span = Source(f"{path}#template", text).span(fault.start, fault.end)
        problem = Problem(span, fault.message, "Correct the template.")
        said = (Said("template-syntax", problem),)
        return replace(mail_of_parts(path, headers, {}, context, said), opaque=True)
    named = {**(model if isinstance(model, Mapping) else {}), **context.data}
    values = {str(name).casefold(): value for name, value in named.items() if _is_plain(value)}
    written, exact = write_known(text, parsed, values, known.semantics)
    data = {str(name): value for name, value in named.items()}
    mail = mail_of_parts(path, headers, {kind: written}, replace(context, data=data))
    return replace(mail, approximate=not exact)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))
