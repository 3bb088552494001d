"""What the YAML parser complains of, in plain words, at the place where the cause is.

The C parser and the pure one name faults differently, and often where they gave up rather than
where the slip is.
"""

from __future__ import annotations

import re
from typing import Any

from preflight.campaign.located import YamlFault
from preflight.campaign.places import clipped
from preflight.source import Source, Span

_NO_COLON = "Write `key: value`, or indent the line if it belongs to the value above."
_QUOTE_IT = "Put the whole value in quotes."
_TEMPLATE = re.compile(r"(?:^|(?<=[:\-,\[] ))[ ]*(\{\{|\{%)")
_ESCAPE_HELP = "Write the backslash twice, or use single quotes."


def explain(source: Source, error: Exception, skipped: int, open_bracket: int | None) -> YamlFault:
    """The fault behind an error of the parser. ``skipped``: characters of the source that the
    parser did not see (a byte order mark). ``open_bracket``: where the innermost ``[`` or ``{``
    stands that was not closed."""
    return _Explanation(source, error, skipped, open_bracket).fault()


def incomplete_escape(span: Span) -> YamlFault:
    """The fault of an escape that stands for no character."""
    return YamlFault(
        span, f"“{clipped(span.text)}” is no complete escape inside double quotes", _ESCAPE_HELP
    )


class _Explanation:
    def __init__(self, source: Source, error: Any, skipped: int, open_bracket: int | None) -> None:
        self.source = source
        self.text = source.text
        self.skipped = skipped
        self.open_bracket = open_bracket
        self.problem = str(getattr(error, "problem", None) or getattr(error, "reason", "") or "")
        self.context = str(getattr(error, "context", None) or "")
        self.at = self._offset(getattr(error, "problem_mark", None))
        self.opened = self._offset(getattr(error, "context_mark", None), default=self.at)
        self.line_start = self.text.rfind("\n", 0, self.at) + 1
        end = self.text.find("\n", self.at)
        self.line_end = len(self.text) if end < 0 else end
        self.line = self.text[self.line_start : self.line_end]
        self.char = self.text[self.at : self.at + 1]

    def _offset(self, mark: Any, default: int = 0) -> int:
        if mark is None:
            return default
        return max(0, min(int(mark.index) + self.skipped, len(self.text)))

    def _fault(self, start: int, end: int, message: str, help: str = "") -> YamlFault:
        end = max(start, min(end, len(self.text)))
        return YamlFault(Span(self.source, start, end), message, help)

    def _here(self, message: str, help: str = "") -> YamlFault:
        return self._fault(self.at, self.at + (self.char not in ("", "\n")), message, help)

    def _rest(self, message: str, help: str = "") -> YamlFault:
        """At the text from here to the end of the line."""
        end = self.line_start + len(self.line.rstrip())
        return self._fault(self.at, max(self.at, end), message, help)

    def _line_of(self, message: str, help: str = "") -> YamlFault:
        """At the words of this line."""
        start = self.line_start + len(self.line) - len(self.line.lstrip())
        return self._fault(start, self.line_start + len(self.line.rstrip()), message, help)

    def fault(self) -> YamlFault:
        problem = self.problem
        return (
            self._tab()
            or self._template()
            or self._quoted()
            or self._mapping()
            or self._collection()
            or self._other()
            or self._here(f"this is not valid YAML: {problem or 'it cannot be read'}", _QUOTE_IT)
        )

    def _tab(self) -> YamlFault | None:
        indentation = len(self.line) - len(self.line.lstrip(" \t"))
        tab = self.line.find("\t", 0, indentation)
        if tab < 0 or "quoted scalar" in self.context:
            return None
        start = self.line_start + tab
        return self._fault(
            start,
            start + 1,
            "this line is indented with a tab",
            "Indent with spaces only.",
        )

    def _template(self) -> YamlFault | None:
        """An unquoted value that begins with a merge tag: YAML takes the brace for a mapping."""
        if "quoted scalar" in self.context:
            return None
        match = _TEMPLATE.search(self.line)
        if match is None:
            return None
        start = self.line_start + match.start(1)
        return self._fault(
            start,
            self.line_start + len(self.line.rstrip()),
            f"a value that begins with “{match[1]}” must be in quotes",
            _QUOTE_IT,
        )

    def _quoted(self) -> YamlFault | None:
        problem = self.problem
        if "quoted scalar" not in self.context:
            return None
        if "unexpected end of stream" in problem or "document" in problem:
            return self._fault(
                self.opened,
                self.opened + 1,
                "the quotation mark that opens here is not closed",
                "Close it, or write the same mark twice where it is part of the text.",
            )
        start = max(self.text.rfind("\\", self.opened, self.at + 1), self.opened)
        if "escape character" in problem and "unknown" in problem:
            return self._fault(
                start,
                start + 2,
                f"“{self.text[start : start + 2]}” is no escape inside double quotes",
                _ESCAPE_HELP,
            )
        escape = re.compile(r"\\[xuU]?[0-9A-Fa-f]*").match(self.text, start)
        return incomplete_escape(Span(self.source, start, escape.end() if escape else start))

    def _mapping(self) -> YamlFault | None:
        problem = self.problem
        if "mapping values are not allowed" in problem:
            return self._stray_colon()
        if "could not find expected ':'" in problem:
            self._move_to(self.opened)
            return self._line_of("there is no colon after this key", _NO_COLON)
        if "sequence entries are not allowed" in problem:
            return self._here(
                "a list cannot begin on the line of its key",
                "Begin it on the next line, or put the value in quotes if it is text.",
            )
        fits = "did not find expected key" in problem or "did not find expected '-'" in problem
        if not fits and "expected <block end>" not in problem:
            return None
        before = self.text[self.line_start : self.at].rstrip()
        if not before and self.char == "-":
            return self._here(
                "a list item stands where a key belongs",
                "Indent it below its key, or remove the dash.",
            )
        if not before and self.char == ":":
            return self._here("a key is missing before this colon", "Write `key: value`.")
        if not before and "collection" in self.context:
            return self._line_of(
                "this stands where a list item belongs",
                "Begin it with a dash, or indent it as its mapping is.",
            )
        if not before:
            return self._line_of(
                "the indentation fits no line above",
                "Begin the line under the key it belongs beside.",
            )
        if before.endswith(('"', "'")):
            return self._rest(
                "text follows the closing quotation mark",
                "Put all of it inside the quotes; a quotation mark inside is written twice in "
                'single quotes, and as \\" in double quotes.',
            )
        return self._rest("this does not belong here", _QUOTE_IT)

    def _move_to(self, at: int) -> None:
        self.at = at
        self.line_start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        self.line_end = len(self.text) if end < 0 else end
        self.line = self.text[self.line_start : self.line_end]

    def _stray_colon(self) -> YamlFault:
        before = self.text[self.line_start : self.at]
        if re.search(r":[ \t]", before):
            return self._here("a colon stands in a value without quotes", _QUOTE_IT)
        above = self.text[: max(self.line_start - 1, 0)].rstrip()
        start = above.rfind("\n") + 1
        line = above[start:]
        words = line.lstrip(" ")
        tight = re.match(r"[\w-]+:(?=[^\s/])", words)
        if tight:
            colon = start + len(line) - len(words) + tight.end() - 1
            return self._fault(
                colon, colon + 1, "a blank is missing after this colon", "Write `key: value`."
            )
        if words and not re.search(r":(\s|$)", words) and not words.startswith(("#", "-")):
            return self._fault(
                start + len(line) - len(words),
                len(above),
                "there is no colon after this key",
                _NO_COLON,
            )
        return self._line_of(
            "this line is indented too far",
            "Begin it under the key it belongs beside, or put the value above in quotes.",
        )

    def _collection(self) -> YamlFault | None:
        if not re.search(r"flow (sequence|mapping|node)", self.context):
            return None
        if not self.text[self.at :].strip() and self.open_bracket is not None:
            self.opened = self.open_bracket
        bracket = self.text[self.opened : self.opened + 1]
        closing = {"[": "]", "{": "}"}.get(bracket)
        if closing is None:
            return self._here("a value is missing here", "Remove a comma, or write the value.")
        message = f"“{bracket}” is not closed"
        if self.text[self.at :].strip():
            message += f", or a comma is missing by line {self.source.place(self.at).line}"
        return self._fault(
            self.opened,
            self.opened + 1,
            message,
            f"Close it with “{closing}”, or put the value in quotes if it is text.",
        )

    def _other(self) -> YamlFault | None:
        problem, context = self.problem, self.context
        if "cannot start any token" in problem:
            return self._here(f"a value cannot begin with “{self.char}”", _QUOTE_IT)
        if "node content" in problem and self.char:
            return self._here(f"“{self.char}” does not belong here", _QUOTE_IT)
        if "scanning an alias" in context or "scanning an anchor" in context:
            sign = self.text[self.opened : self.opened + 1]
            return self._fault(
                self.opened, self.opened + 1, f"a value cannot begin with “{sign}”", _QUOTE_IT
            )
        if "tag" in context or "tag" in problem:
            self._move_to(self.opened)
            return self._rest("tags (“!...”) are not supported", _QUOTE_IT)
        if "scanning a block scalar" in context:
            return self._rest(
                "after “|” or “>” the text begins on the next line",
                "Begin the text on the next line, indented, or put it in quotes.",
            )
        if "directive" in context or "incompatible YAML" in problem:
            return self._line_of("this YAML directive is not supported", "Remove the line.")
        if "<document start>" in problem:
            return self._line_of(
                "this stands outside the document",
                "Keep one document in a file, all keys at one indentation.",
            )
        return None
