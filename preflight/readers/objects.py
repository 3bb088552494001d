"""What programs hand in -> `Mail`s: messages of the standard library and of frameworks, bytes,
text, and the payloads of mail services."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message as Parsed
from typing import Any

from preflight.mail import Context, Mail, mail_of_parts
from preflight.readers.eml import MAIL_LIMIT, mail_of_message, read_mail
from preflight.readers.payload import Payload, mails_of_payload

_FIELD = re.compile(r"\s{0,3}(?:From [^\n]*\n)?[!-9;-~]{1,60}[ \t]*:")
_KNOWN = re.compile(
    r"^(?:from|to|subject|date|mime-version|content-type|received|return-path|message-id)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_HTML = re.compile(
    r"<(?:!doctype|html|head|body|table|div|p|br|a|span|h[1-6]|img|center|ul|ol|td|tr)\b[^<>]*>",
    re.IGNORECASE,
)
_READABLE = {"text/html": "html", "text/plain": "text"}
_DEPTH = 3  # message() of message(): no library nests deeper


def mails_of(message: Any, path: str, context: Context | None) -> Iterator[Mail]:
    """The mails in what a program hands in: one, or those of a payload. Raises TypeError for what
    is no message."""
    if isinstance(message, Mail):
        yield message.known(context)
    elif isinstance(message, Payload):
        yield from mails_of_payload(message, path, context)
    else:
        yield _mail(message, path, context, _DEPTH)


def _mail(message: Any, path: str, context: Context | None, depth: int) -> Mail:
    if isinstance(message, Parsed):
        return mail_of_message(message, path, context)
    if isinstance(message, (bytes, bytearray, memoryview)):
        return mail_of_bytes(bytes(message), path, context)
    if isinstance(message, str):
        return mail_of_text(message, path, context)
    if hasattr(message, "body") and hasattr(message, "subject") and hasattr(message, "to"):
        return _of_django(message, path, context)
    for method in ("message", "as_bytes"):
        made = getattr(message, method, None)
        if callable(made) and depth:
            return _mail(made(), path, context, depth - 1)
    raise TypeError(
        f"{type(message).__name__} is no message: give an EmailMessage, bytes, text, a Payload, or "
        "what has message() or as_bytes()"
    )


def mail_of_bytes(data: bytes, path: str, context: Context | None = None) -> Mail:
    """The mail in some bytes; HTML or text alone where they have no header fields."""
    head = data[:4_000].decode("latin-1").lstrip("\ufeff\u00ef\u00bb\u00bf")
    if is_mail(head) or len(data) > MAIL_LIMIT:
        return read_mail(data, path, context)
    from preflight.readers.encoded import text_of

    return mail_of_text(text_of(data, "utf-8").text, path, context, bare=True)


def mail_of_text(
    text: str, path: str, context: Context | None = None, *, bare: bool = False
) -> Mail:
    """The mail in a text: a whole one, or its HTML or its words alone."""
    if not bare and is_mail(text[:4_000]):
        return read_mail(text.encode("utf-8", "surrogatepass"), path, context)
    return bare_mail(text, path, "html" if _HTML.search(text) else "text", context)


def bare_mail(text: str, path: str, kind: str, context: Context | None = None) -> Mail:
    """A mail that is one part and nothing else, placed in itself."""
    from preflight.source import Excerpt, Source, normalise

    source = Source(path, normalise(text))
    return Mail(path, None, {kind: Excerpt.whole(source)}, source.span(0, 0), context or Context())


def is_mail(head: str) -> bool:
    """Whether a text begins with the header fields of a mail."""
    block = re.split(r"\r?\n\r?\n", head.lstrip("\r\n"), maxsplit=1)[0]
    return _FIELD.match(block) is not None and _KNOWN.search(block) is not None


def _of_django(message: Any, path: str, context: Context | None) -> Mail:
    """Django's and Flask's messages, by their attributes: building the mail would encode every
    attachment, twice."""
    headers = [("Subject", _text(message.subject))]
    sender = getattr(message, "from_email", None) or getattr(message, "sender", None)
    if sender:
        headers.append(("From", _address(sender)))
    for name, keys in (
        ("To", ("to", "recipients")),
        ("Cc", ("cc",)),
        ("Bcc", ("bcc",)),
        ("Reply-To", ("reply_to",)),
    ):
        value = next((v for key in keys if (v := getattr(message, key, None))), None)
        if value and not callable(value):
            headers.append((name, _listed(value)))
    extra = getattr(message, "extra_headers", None)
    for name, value in dict(extra or {}).items():
        if str(name).lower() not in {one.lower() for one, _ in headers}:
            headers.append((str(name), _text(value)))
    parts: dict[str, str] = {}
    kind = "html" if getattr(message, "content_subtype", "plain") == "html" else "text"
    if message.body:
        parts[kind] = _text(message.body)
    for alternative in getattr(message, "alternatives", None) or ():
        content, mimetype = _alternative(alternative)
        if mimetype in _READABLE:
            parts.setdefault(_READABLE[mimetype], _text(content))
    html = getattr(message, "html", None)
    if isinstance(html, str) and html:
        parts.setdefault("html", html)
    return mail_of_parts(path, headers, parts, context)


def _alternative(alternative: Any) -> tuple[Any, str]:
    try:
        content, mimetype = alternative
    except (TypeError, ValueError):
        content = getattr(alternative, "content", "")
        mimetype = getattr(alternative, "mimetype", "")
    return content, str(mimetype)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if value is not None else ""


def _address(value: Any) -> str:
    """One address; Flask-Mail takes pairs of a name and an address."""
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return f"{_text(value[0])} <{_text(value[1])}>"
    return _text(value)


def _listed(value: Any) -> str:
    if isinstance(value, (str, bytes)):
        return _text(value)
    return ", ".join(map(_address, value)) if isinstance(value, Iterable) else _text(value)
