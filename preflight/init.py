"""``preflight init``: a campaign to start from; an example, or one for files that are there."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from preflight.files import FileProblem, Repository

if TYPE_CHECKING:
    from preflight.audience.lists import LoadedList
    from preflight.templates.model import Parsed

EXAMPLE = ("campaign.yaml", "preflight.yaml", "mail.html", "mail.txt", "contacts.csv",
           "unsubscribed.csv")  # fmt: skip
TEMPLATE_LIMIT = 2 << 20
LIST_LIMIT = 8 << 30
_SUBJECT = re.compile(r"\A(?:[A-Za-z-]+:.*\n)*?Subject:[ \t]*(?P<subject>.+)\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the campaign to check, and lines for the person who asked for it."""

    campaign: Path
    said: tuple[str, ...]


def example(folder: Path, *, force: bool = False) -> Written:
    """Write the commented example. Raises FileProblem when a file of it is there already."""
    there = [name for name in EXAMPLE if (folder / name).exists()]
    if there and not force:
        raise FileProblem(
            f"{', '.join(there)} is there already",
            "Choose another folder with --folder, or overwrite with --force.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    source = files("preflight.data").joinpath("example")
    for name in EXAMPLE:
        _write(folder / name, source.joinpath(name).read_text("utf-8"))
    _write_schemas(folder)
    said = [f"Wrote {folder / name}" for name in EXAMPLE]
    return Written(folder / "campaign.yaml", tuple(said))


def for_files(
    template: Path, contacts: Path, folder: Path | None = None, *, force: bool = False
) -> Written:
    """Write the campaign for a template and a list. What could not be known is marked CHANGE.

    Raises FileProblem when a file cannot be read, or a campaign.yaml is there already.
    """
    folder = folder if folder is not None else template.parent
    target = folder / "campaign.yaml"
    if target.exists() and not force:
        raise FileProblem(
            f"{target} is there already",
            "Choose another folder with --folder, or overwrite it with --force.",
        )
    parts = _parts(template)
    loaded, email = _read_list(contacts)
    texts = {part: _text(path) for part, path in parts.items()}
    dialect, fields = _merge_tags(texts.values(), loaded)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "# yaml-language-server: $schema=.preflight/campaign.schema.json",
        f"# Written by preflight init for {template.name} and {contacts.name}.",
        "# Lines marked CHANGE could not be known from the files.",
        f"name: {_scalar(template.stem)}",
        "purpose: newsletter  # CHANGE: prospecting, newsletter, promotion, relationship, ...",
        'from: "[Your Name] <you@your-domain.example>"  # CHANGE: the sender',
        *_subject_line(texts),
        "body:",
        *(f"  {part}: {_scalar(_relative(path, folder))}" for part, path in parts.items()),
        *([f"  dialect: {dialect}"] if dialect else []),
        "audience:",
        f"  contacts: {_scalar(_relative(contacts, folder))}",
        *_columns_lines(loaded, email),
        "  # where: subscribed and country = 'FR'    # who gets it; without it, the whole list",
        f"  expect: {{count: {loaded.rows}}}  # so many are on the list today",
        "delivery: {mode: individual}",
        "",
    ]
    _write(target, "\n".join(lines))
    _write_schemas(folder)
    return Written(target, tuple(_said(target, loaded, dialect, fields, email)))


def _parts(template: Path) -> dict[str, Path]:
    """The template, and its twin of the other kind when it lies beside it."""
    if template.suffix.lower() in (".html", ".htm"):
        twins = [template.with_suffix(ending) for ending in (".txt", ".text")]
        parts = {"html": template}
        other = "text"
    else:
        twins = [template.with_suffix(ending) for ending in (".html", ".htm")]
        parts = {"text": template}
        other = "html"
    for twin in twins:
        if twin.is_file():
            parts[other] = twin
            break
    return dict(sorted(parts.items()))


def _repository(path: Path) -> Repository:
    return Repository(path.resolve().parent, Path.cwd())


def _text(path: Path) -> str:
    from preflight.campaign.decoding import Fault, decode

    data = _repository(path).read(path.name, path.resolve().parent, limit=TEMPLATE_LIMIT)
    try:
        return decode(data, str(path)).text
    except Fault as fault:
        raise FileProblem(f"{path}: {fault.message}", fault.help) from None


def _read_list(path: Path) -> tuple[LoadedList, str | None]:
    """The list, and the header of its address column where its name does not tell."""
    from preflight.audience.columns import guess_email
    from preflight.audience.lists import load_list
    from preflight.audience.load import connect

    file = _repository(path).locate(path.name, path.resolve().parent, limit=LIST_LIMIT)
    with tempfile.TemporaryDirectory(prefix="preflight-") as workdir:
        connection = connect(Path(workdir))
        try:
            loaded = load_list(connection, "list", file, str(path), workdir=Path(workdir))
            if any(column.name.casefold() == "email" for column in loaded.columns):
                return loaded, None
            guess = guess_email(connection, "list", loaded.columns)
        finally:
            connection.close()
    if guess is None:
        raise FileProblem(
            f"no column of {path} holds e-mail addresses",
            "Give the list a header line and a column of addresses.",
        )
    return loaded, guess.header


def _merge_tags(texts: Iterable[str], loaded: LoadedList) -> tuple[str | None, list[str]]:
    """The dialect, when it is clear, and the fields that are printed but not in the list."""
    from preflight.audience.columns import aliases
    from preflight.templates.detection import detect
    from preflight.templates.dialects import read_template

    texts = list(texts)
    known = frozenset(name for column in loaded.columns for name in aliases(column))
    dialect = detect(texts)
    missing: dict[str, None] = {}
    for text in texts:
        parsed: Parsed | None = read_template(text, dialect or "jinja", known)
        for name, _, _ in parsed.names if parsed else ():
            if name.casefold() not in known:
                missing[name] = None
    return dialect, list(missing)


def _subject_line(texts: dict[str, str]) -> list[str]:
    subject = ""
    if "html" in texts:
        from bs4 import BeautifulSoup

        title = BeautifulSoup(texts["html"], "html.parser").title
        subject = " ".join(title.get_text().split()) if title else ""
    if not subject and "text" in texts:
        match = _SUBJECT.match(texts["text"])
        subject = match["subject"].strip() if match else ""
    if subject:
        return [f"subject: {_scalar(subject)}  # CHANGE: taken from the template"]
    return ['subject: "[Your Subject]"  # CHANGE']


def _columns_lines(loaded: LoadedList, email: str | None) -> list[str]:
    lines = []
    if email is not None:
        lines.append(f"  columns: {{{_scalar(email)}: email}}")
    names = [
        column.header
        if column.header.casefold() == column.name.casefold()
        else f"{column.header} (as {column.name})"
        for column in loaded.columns
    ]
    lines.append("  # columns found: " + _comment(", ".join(names)))
    return lines


def _said(
    target: Path, loaded: LoadedList, dialect: str | None, missing: list[str], email: str | None
) -> Iterable[str]:
    separator = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    how = separator.get(loaded.separator or "", "")
    written = f", {loaded.encoding}" + (f", separated by {how}" if how else "")
    yield f"Wrote {target}"
    yield f"The list has {loaded.rows:,} contacts and {len(loaded.columns)} columns{written}."
    if email is not None:
        yield f"The addresses are in the column “{_comment(email)}”."
    if dialect:
        yield f"The merge tags are {dialect}."
    else:
        yield "The dialect of the merge tags is not clear."
    if missing:
        yield f"The mail prints what the list does not have: {_comment(', '.join(missing))}."
    yield "Look at the lines marked CHANGE; then check again."


def _scalar(text: str) -> str:
    """A YAML scalar: bare where that is safe, else in double quotes."""
    if re.fullmatch(r"[A-Za-z][\w ./-]*[\w]", text) and text.lower() not in ("null", "true"):
        return text
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    from preflight.visible import visible

    return visible(" ".join(text.split()))[:300]


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileProblem(f"{path} cannot be written: {error.strerror}") from error


def _write_schemas(folder: Path) -> None:
    """The schemas that the first line of the files names: editors complete and check by them."""
    target = folder / ".preflight"
    target.mkdir(exist_ok=True)
    for name in ("campaign", "preflight"):
        text = files("preflight").joinpath("schemas", f"{name}.schema.json").read_text("utf-8")
        _write(target / f"{name}.schema.json", text)
