"""Rendering Jinja templates that nobody vouches for.

The environment is Jinja's immutable sandbox. A name that the recipients lack prints nothing, so
that the rest of the mail can still be judged (`unknown-field` names it); going deeper into such a
name, an attribute of it or arithmetic with it, is an error of the template. Reaching for Python
internals is always an error. Time and memory are bounded by the process this runs in
(`preflight.templates.worker`); here only the length of the output is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from jinja2 import (
    BaseLoader,
    Environment,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from preflight.files import FileProblem, Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from preflight.templates.marks import Alphabet

MAX_INCLUDED = 1_000_000  # bytes of one included file
MAX_RUNS = 20_000  # places kept for one rendered part


@dataclass(frozen=True, slots=True)
class Limits:
    """What rendering may cost, all templates and recipients of a campaign together.

    ``seconds``: processor time. ``wall``: seconds by the clock. ``memory``: bytes. ``part``:
    characters of one part of one message. ``total``: characters of all of them.
    """

    seconds: int = 5
    wall: float = 8.0
    memory: int = 512 * 1024 * 1024
    part: int = 5_000_000
    total: int = 32_000_000


class Order(NamedTuple):
    """One template to render for all recipients.

    ``part``: its position among the templates. ``versions``: its text with marks, with fewer
    marks, ..., and as written. ``watched``: the template may look at its own output, so a marked
    version counts only when it makes the same text as the version without marks. ``files``:
    for each version the files that it includes, by name. ``probed``: not the text is wanted, but
    what each marked tag comes to.
    """

    part: int
    versions: tuple[str, ...]
    watched: bool
    files: tuple[Mapping[str, str], ...] = ()
    probed: bool = False


class Begun(NamedTuple):
    """Work on a template has begun."""

    part: int


class Output(NamedTuple):
    """The output for one recipient; ``runs`` as in `Alphabet.remove`."""

    part: int
    row: int
    text: str
    runs: list[int]


class Probed(NamedTuple):
    """What the marked tags came to for one recipient, by the index of the mark; None when the
    template had a hand in the marks."""

    part: int
    row: int
    pieces: list[tuple[int, str]] | None


class Failed(NamedTuple):
    """A template that failed for one recipient, or (``hazard``) is unsafe for all.

    ``line``: of the template, from 1; 0 when unknown. ``stretch``: index of the printed tag that
    was being worked out; -1 when unknown.
    """

    part: int
    row: int
    hazard: bool
    message: str
    line: int
    stretch: int


Event = Begun | Output | Probed | Failed


class _TooLong(Exception):
    pass


class _Forbidden(SecurityError):
    """What is forbidden, in words for people."""


class _AnyCase(Context):
    """Names are found without regard to case; a column wins over Jinja's function of that name."""

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        folded = key.casefold()
        value = self.parent.get(folded, missing)
        if folded != key and value is self.environment.globals.get(folded, missing):
            value = missing
        return self.parent.get(key, missing) if value is missing else value


class _Folder(BaseLoader):
    """Included templates: those that were read already, then regular files of the campaign's
    folder, nothing else."""

    def __init__(self, base: Path | None, files: Mapping[str, str] | None = None) -> None:
        self.base = base
        self.files = files or {}

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002
        template: str,
    ) -> tuple[str, str | None, Any]:
        if template in self.files:
            return self.files[template], None, None
        if self.base is None:
            raise TemplateNotFound(template, f"“{template}” cannot be included here")
        try:
            inside = (self.base / template).resolve().is_relative_to(self.base.resolve())
        except (OSError, RuntimeError, ValueError):
            inside = True  # told below
        if not inside:
            raise _Forbidden(f"“{template}” leads out of the campaign's folder")
        try:
            data = Repository(self.base, self.base).read(template, self.base, limit=MAX_INCLUDED)
            return data.decode("utf-8-sig"), None, None
        except UnicodeDecodeError:
            raise TemplateNotFound(template, f"“{template}” is not UTF-8") from None
        except FileProblem as problem:
            raise TemplateNotFound(template, problem.message) from None


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment. ``base``: the folder that includes are read from; None allows none."""

    context_class = _AnyCase

    def __init__(self, base: Path | None = None) -> None:
        super().__init__(
            keep_trailing_newline=True, optimized=False, autoescape=False, loader=_Folder(base)
        )
        self.base = base

    def unsafe_undefined(self, obj: Any, attribute: str) -> NoReturn:  # noqa: ARG002
        raise _Forbidden(f"reaches for Python internals: “{attribute}”")

    def template(self, text: str) -> Template:
        """The text as a template. Raises what Jinja and the compiler raise."""
        return Template.from_code(self, self.compile(text), self.make_globals(None))


def render_all(
    orders: Sequence[Order],
    rows: Sequence[Mapping[str, object]],
    alphabet: Alphabet | None,
    base: Path | None,
    limits: Limits,
    reset: Callable[[], object] = lambda: None,
) -> Iterator[Event]:
    """Render each template for each row of values (names casefolded).

    ``reset`` is called before each rendering, to make chance repeat itself. Never raises on
    account of a template.
    """
    sandbox = Sandbox(base)
    total = 0
    for order in orders:
        yield Begun(order.part)
        work = _Work(sandbox, order, alphabet, limits, reset)
        for row, values in enumerate(rows):
            try:
                if order.probed:
                    probed = Probed(order.part, row, work.probe(values))
                else:
                    text, runs = work.render(values)
            except Exception as error:  # noqa: BLE001 - whatever a template provokes
                failed = work.failed(row, error)
                yield failed
                if failed.hazard:
                    break
                continue
            if order.probed:
                yield probed
                continue
            total += len(text)
            if total > limits.total:
                yield Failed(order.part, row, True, "its messages are too long altogether", 0, -1)
                return
            yield Output(order.part, row, text, runs)


class _Work:
    """Rendering of one template, row after row."""

    def __init__(
        self,
        sandbox: Sandbox,
        order: Order,
        alphabet: Alphabet | None,
        limits: Limits,
        reset: Callable[[], object],
    ) -> None:
        self.sandbox = sandbox
        self.order = order
        self.alphabet = alphabet
        self.limits = limits
        self.reset = reset
        self.compiled: dict[int, Template] = {}
        self.loaders = [_Folder(sandbox.base, files) for files in order.files]
        self.pieces: list[str] = []  # the output of the rendering in hand

    def render(self, values: Mapping[str, object]) -> tuple[str, list[int]]:
        """The output without marks, and its runs. Raises what the template provokes."""
        last = len(self.order.versions) - 1
        if not self.order.watched:
            found = self._unmarked(0, values) if last else None
            return found or (self._output(last, values), [])
        text = self._output(last, values)
        for version in range(last):
            try:
                found = self._unmarked(version, values)
            except Exception:  # noqa: BLE001, S112 - only the marks can have caused it
                continue
            if found and found[0] == text:
                return found
        return text, []

    def probe(self, values: Mapping[str, object]) -> list[tuple[int, str]] | None:
        """What the marked tags come to; None when the template has a hand in the marks."""
        assert self.alphabet is not None
        output = self._output(0, values)
        if self.order.watched:
            found = self.alphabet.remove(output, 0)
            if found is None or found[0] != self._output(1, values):
                return None
        return self.alphabet.pieces(output)

    def _unmarked(self, version: int, values: Mapping[str, object]) -> tuple[str, list[int]] | None:
        output = self._output(version, values)
        return self.alphabet.remove(output, MAX_RUNS) if self.alphabet else None

    def _output(self, version: int, values: Mapping[str, object]) -> str:
        template = self.compiled.get(version)
        if template is None:
            template = self.sandbox.template(self.order.versions[version])
            self.compiled[version] = template
        if self.loaders:
            self.sandbox.loader = self.loaders[version]
        self.reset()
        self.pieces = []
        left = self.limits.part
        for piece in template.root_render_func(template.new_context(dict(values))):
            left -= len(piece)
            if left < 0:
                raise _TooLong
            self.pieces.append(piece)
        return "".join(self.pieces)

    def failed(self, row: int, error: Exception) -> Failed:
        """What an exception says about the template."""
        message = self._hazard(error)
        return Failed(
            self.order.part,
            row,
            message is not None,
            message or _fault(error),
            self._line(error),
            self._tag_in_hand(),
        )

    def _tag_in_hand(self) -> int:
        if self.alphabet is None or not self.pieces:
            return -1
        return self.alphabet.open_at_end(self.pieces[-1])

    def _hazard(self, error: Exception) -> str | None:
        match error:
            case _TooLong():
                return _too_long(self.limits.part)
            case _Forbidden():
                return str(error)
            case SecurityError():
                return f"reaches for what templates must not touch: {error}"
            case MemoryError():
                return needs_memory(self.limits)
            case RecursionError():
                return "is nested without end, or calls itself without end"
            case OverflowError():
                return "computes something too large"
        return None

    def _line(self, error: Exception) -> int:
        if isinstance(error, TemplateSyntaxError) and error.name is None:
            return error.lineno
        line = 0
        traceback = error.__traceback__
        while traceback is not None:
            of = traceback.tb_frame.f_globals.get("__jinja_template__")
            if of is not None and of in self.compiled.values():
                line = of.get_corresponding_lineno(traceback.tb_lineno)
            traceback = traceback.tb_next
        return line


def needs_memory(limits: Limits) -> str:
    return f"needs more than {limits.memory // (1024 * 1024)} MB of memory"


def needs_time(limits: Limits) -> str:
    return f"takes more than {limits.seconds} seconds"


def _too_long(characters: int) -> str:
    if characters >= 1_000_000:
        return f"writes more than {characters // 1_000_000} MB"
    return f"writes more than {characters:,} characters"


def _fault(error: Exception) -> str:
    """A runtime error in one sentence. Values that Python quotes in it are cut short."""
    text = error.message if isinstance(error, TemplateSyntaxError) else str(error)
    return (text or type(error).__name__).strip()[:200]
