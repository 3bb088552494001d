"""What is handed to the interfaces of mail services -> `Mail`s, one for each mail they make.

Services that merge themselves do it here as well, in the plain way: a tag that has a value gets it.
A text that stands at the service (a template's number is given) cannot be seen; the mail says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from preflight.mail import Context, Mail, mail_of_parts

_MOST = 10_000  # mails that are made of one payload
_CODE = re.compile(r"\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Payload:
    """The data of one call, for a service: ``Payload("sendgrid", mail.get())``. Raises ValueError
    for a service that is not known."""

    service: str
    data: Any = field(repr=False)

    def __post_init__(self) -> None:
        if self.service not in _SERVICES:
            raise ValueError(
                f"payloads of “{self.service}” are not known; those of {', '.join(SERVICES)} are"
            )


@dataclass(slots=True)
class _Draft:
    """One mail on its way. ``values``: what the service merges, ``tag`` how it writes a name."""

    headers: list[tuple[str, str]]
    html: Any = None
    text: Any = None
    values: Mapping[str, Any] = field(default_factory=dict)
    tag: Callable[[str], str] | None = None
    elsewhere: bool = False
    model: Any = None
    raw: bytes | None = None
    bulk: bool | None = None


def mails_of_payload(payload: Payload, path: str, context: Context | None) -> Iterator[Mail]:
    """The mails that a service would make. Raises TypeError where the data has another shape."""
    try:
        drafts = list(_first(_SERVICES[payload.service](payload.data)))
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise TypeError(
            f"this is no payload of {payload.service}: {type(error).__name__}"
        ) from None
    for number, draft in enumerate(drafts, 1):
        shown = path if len(drafts) == 1 else f"{path}.{number}"
        yield _mail(draft, shown, context or Context(), payload.service)


def _first(drafts: Iterable[_Draft]) -> Iterator[_Draft]:
    for number, draft in enumerate(drafts):
        if number == _MOST:
            raise ValueError(number)
        yield draft


def _mail(draft: _Draft, path: str, context: Context, service: str) -> Mail:
    if context.bulk is None and draft.bulk is not None:
        context = replace(context, bulk=draft.bulk)
    if draft.raw is not None:
        from preflight.readers.eml import read_mail

        return read_mail(draft.raw, path, context)
    if draft.values:
        named = {str(name): value for name, value in draft.values.items()}
        context = replace(context, data={**named, **context.data})
    merge = _merger(draft)
    headers = [(name, merge(value)) for name, value in draft.headers if value]
    parts = {}
    elsewhere = draft.elsewhere
    for name, value in (("html", draft.html), ("text", draft.text)):
        if value:
            merged = merge(str(value))
            if draft.tag is not None and _CODE.search(merged):
                elsewhere = True  # a program in the service's own language
            else:
                parts[name] = merged
    if elsewhere and context.template is not None and not parts:
        from preflight.readers.at_service import mail_at_service

        mail = mail_at_service(service, path, headers, draft.model or draft.values, context)
    else:
        mail = replace(mail_of_parts(path, headers, parts, context), opaque=elsewhere)
    return replace(mail, at_service=draft.elsewhere)


def _merger(draft: _Draft) -> Callable[[str], str]:
    """Puts values in the place of their tags, all in one pass: a value is never merged again."""
    values = {str(name).casefold(): "" if v is None else str(v) for name, v in draft.values.items()}
    if draft.tag is None or not values:
        return lambda text: text
    names = "|".join(sorted(map(re.escape, values), key=len, reverse=True))
    pattern = re.compile(draft.tag(f"(?P<name>{names})"), re.IGNORECASE)
    return lambda text: pattern.sub(lambda match: values[match["name"].casefold()], text)


# --- addresses and texts as services write them ---------------------------------------------------


def _one(address: Any, key: str = "email", name: str = "name") -> str:
    if address is None or isinstance(address, str):
        return address or ""
    written = str(address.get(key) or "")
    label = str(address.get(name) or "")
    return f"{label} <{written}>" if label else written


def _many(addresses: Any, key: str = "email", name: str = "name") -> str:
    if addresses is None or isinstance(addresses, str):
        return addresses or ""
    if isinstance(addresses, Mapping):
        return _one(addresses, key, name)
    return ", ".join(_one(address, key, name) for address in addresses)


def _extra(headers: Any) -> list[tuple[str, str]]:
    if isinstance(headers, Mapping):
        return [(str(name), str(value)) for name, value in headers.items()]
    return [
        (str(one.get("Name") or one.get("name")), str(one.get("Value") or one.get("value") or ""))
        for one in headers or ()
    ]


def _listed(data: Any, key: str | None = None) -> Sequence[Any]:
    if key is not None and isinstance(data, Mapping) and key in data:
        data = data[key]
    return [data] if isinstance(data, Mapping) else list(data)


# --- the services ---------------------------------------------------------------------------------


def _sendgrid(data: Any) -> Iterator[_Draft]:
    content = {str(one["type"]).split(";")[0]: one["value"] for one in data.get("content") or ()}
    for one in data["personalizations"]:
        values = one.get("substitutions") or {}
        yield _Draft(
            [
                ("From", _one(one.get("from") or data.get("from"))),
                ("To", _many(one.get("to"))),
                ("Cc", _many(one.get("cc"))),
                ("Bcc", _many(one.get("bcc"))),
                ("Reply-To", _one(data.get("reply_to"))),
                ("Subject", str(one.get("subject") or data.get("subject") or "")),
                *_extra({**(data.get("headers") or {}), **(one.get("headers") or {})}),
            ],
            content.get("text/html"),
            content.get("text/plain"),
            values,
            (lambda name: name) if values else None,  # the names are written with their marks
            bool(data.get("template_id")),
            one.get("dynamic_template_data"),
        )


def _ses(data: Any) -> Iterator[_Draft]:
    content = data.get("Content") or {}
    raw = (content.get("Raw") or data.get("RawMessage") or {}).get("Data")
    if raw is not None:
        raw = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else bytes(raw)
        yield _Draft([], raw=raw)
        return
    simple = content.get("Simple") or data.get("Message") or {}
    body = simple.get("Body") or {}
    to = data.get("Destination") or {}
    yield _Draft(
        [
            ("From", str(data.get("FromEmailAddress") or data.get("Source") or "")),
            ("To", _many(to.get("ToAddresses"))),
            ("Cc", _many(to.get("CcAddresses"))),
            ("Bcc", _many(to.get("BccAddresses"))),
            ("Reply-To", _many(data.get("ReplyToAddresses"))),
            ("Subject", (simple.get("Subject") or {}).get("Data") or ""),
            *_extra(simple.get("Headers")),
        ],
        (body.get("Html") or {}).get("Data"),
        (body.get("Text") or {}).get("Data"),
        elsewhere=not simple,
        model=_loaded((content.get("Template") or data).get("TemplateData")),
    )


def _resend(data: Any) -> Iterator[_Draft]:
    for one in _listed(data):
        yield _Draft(
            [
                ("From", _one(one["from"])),
                ("To", _many(one["to"])),
                ("Cc", _many(one.get("cc"))),
                ("Bcc", _many(one.get("bcc"))),
                ("Reply-To", _many(one.get("reply_to") or one.get("replyTo"))),
                ("Subject", str(one.get("subject") or "")),
                *_extra(one.get("headers")),
            ],
            one.get("html"),
            one.get("text"),
            elsewhere=bool(one.get("template") or one.get("react")),
            model=(one.get("template") or {}).get("variables"),
        )


def _postmark(data: Any) -> Iterator[_Draft]:
    for one in _listed(data, "Messages"):
        yield _Draft(
            [
                ("From", _one(one["From"])),
                ("To", _many(one["To"])),
                ("Cc", _many(one.get("Cc"))),
                ("Bcc", _many(one.get("Bcc"))),
                ("Reply-To", _many(one.get("ReplyTo"))),
                ("Subject", str(one.get("Subject") or "")),
                *_extra(one.get("Headers")),
            ],
            one.get("HtmlBody"),
            one.get("TextBody"),
            elsewhere=bool(one.get("TemplateId") or one.get("TemplateAlias")),
            model=one.get("TemplateModel"),
            bulk=True if one.get("MessageStream") == "broadcast" else None,
        )


def _mailjet(data: Any) -> Iterator[_Draft]:
    shared = data.get("Globals") or {}
    for own in _listed(data["Messages"]):
        one = {**shared, **own}
        values = one.get("Variables") or {}
        merges = bool(one.get("TemplateLanguage"))
        yield _Draft(
            [
                ("From", _one(one.get("From"), "Email", "Name")),
                ("To", _many(one.get("To"), "Email", "Name")),
                ("Cc", _many(one.get("Cc"), "Email", "Name")),
                ("Bcc", _many(one.get("Bcc"), "Email", "Name")),
                ("Reply-To", _one(one.get("ReplyTo"), "Email", "Name")),
                ("Subject", str(one.get("Subject") or "")),
                *_extra(one.get("Headers")),
            ],
            one.get("HTMLPart"),
            one.get("TextPart"),
            values if merges else {},
            (lambda name: rf"\{{\{{\s*var:{name}(?::[^{{}}]*)?\s*\}}\}}") if merges else None,
            bool(one.get("TemplateID")),
            one.get("Variables"),
        )


def _brevo(data: Any) -> Iterator[_Draft]:
    versions = data.get("messageVersions") or [{}]
    for version in versions:
        one = {**data, **version}
        yield _Draft(
            [
                ("From", _one(one.get("sender"))),
                ("To", _many(one.get("to"))),
                ("Cc", _many(one.get("cc"))),
                ("Bcc", _many(one.get("bcc"))),
                ("Reply-To", _one(one.get("replyTo"))),
                ("Subject", str(one.get("subject") or "")),
                *_extra(one.get("headers")),
            ],
            one.get("htmlContent"),
            one.get("textContent"),
            one.get("params") or {},
            lambda name: rf"\{{\{{\s*params\.{name}\s*(?:\|[^{{}}]*)?\}}\}}",
            bool(one.get("templateId")),
        )


def _mandrill(data: Any) -> Iterator[_Draft]:
    message = data.get("message", data)
    shared = _variables(message.get("global_merge_vars"))
    own = {
        str(one.get("rcpt", "")).lower(): _variables(one.get("vars"))
        for one in message.get("merge_vars") or ()
    }
    handlebars = message.get("merge_language") == "handlebars"
    to = list(message.get("to") or ())
    groups = [to] if message.get("preserve_recipients") else [[one] for one in to] or [[]]
    for group in groups:
        first = str(group[0].get("email", "")).lower() if group else ""
        yield _Draft(
            [
                ("From", _one({"email": message.get("from_email"),
                               "name": message.get("from_name")})),
                *((kind.title(), _many([one for one in group if one.get("type", "to") == kind]))
                  for kind in ("to", "cc", "bcc")),
                ("Subject", str(message.get("subject") or "")),
                *_extra(message.get("headers")),
            ],
            message.get("html"),
            message.get("text"),
            {**shared, **own.get(first, {})},
            (lambda name: rf"\{{\{{\{{?\s*{name}\s*\}}?\}}\}}") if handlebars
            else (lambda name: rf"\*\|{name}\|\*"),
            bool(data.get("template_name")),
        )  # fmt: skip


def _loaded(data: Any) -> Any:
    """Values that are handed over as JSON."""
    return json.loads(data) if isinstance(data, str) else data


def _variables(listed: Any) -> dict[str, Any]:
    return {str(one["name"]): one.get("content") for one in listed or ()}


def _mailgun(data: Any) -> Iterator[_Draft]:
    variables = data.get("recipient-variables")
    values = json.loads(variables) if isinstance(variables, str) else variables or {}
    to = data.get("to")
    whole = to if isinstance(to, str) else ", ".join(map(str, to or ()))
    if values:
        from preflight.mail import mailboxes

        by_address = {str(address).lower(): own for address, own in values.items()}
        each = [(whole[one.start : one.end], by_address.get(one.address.lower(), {}))
                for one in mailboxes(whole)]  # fmt: skip
    else:
        each = [(whole, {})]
    for address, own in each:
        yield _Draft(
            [
                ("From", _one(data.get("from"))),
                ("To", address),
                ("Cc", _many(data.get("cc"))),
                ("Bcc", _many(data.get("bcc"))),
                ("Subject", str(data.get("subject") or "")),
                *((str(key)[2:], str(value)) for key, value in data.items()
                  if str(key).startswith("h:")),
            ],
            data.get("html"),
            data.get("text"),
            own,
            lambda name: rf"%recipient\.{name}%",
            bool(data.get("template")),
            _loaded(data.get("t:variables") or data.get("h:X-Mailgun-Variables")),
        )  # fmt: skip


_SERVICES: Mapping[str, Callable[[Any], Iterator[_Draft]]] = {
    "brevo": _brevo,
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "mandrill": _mandrill,
    "postmark": _postmark,
    "resend": _resend,
    "sendgrid": _sendgrid,
    "ses": _ses,
}

SERVICES = tuple(_SERVICES)
"""The services whose payloads are known."""
