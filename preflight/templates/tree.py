"""What a template of any dialect consists of: the tree that every reader but Jinja's makes.

A reader turns the text of its dialect into these nodes; one evaluator (`preflight.templates.
evaluate`) then tells what each printed expression comes to, and one writer makes the message. All
offsets count in the template's text. Whatever a reader cannot read becomes `Unknown`: it is masked
and named, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as Choice

# --- expressions -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the contact, by the name that the list would have for it: prefixes of the mailer
    (``contact.``, ``person|lookup:``) are taken off. ``start`` and ``end``: where it is written."""

    name: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the template: text, a number, a boolean, or None."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class System:
    """What the mailer itself fills in, for everybody: the unsubscribe link, the postal address."""

    name: str


@dataclass(frozen=True, slots=True)
class Fallback:
    """``otherwise`` in the place of ``value`` where that is caught.

    ``catches``: ``missing`` (no such field, or NULL), ``empty`` (also the empty text), ``falsy``
    (whatever the dialect takes for false), or ``blank`` (also nothing but blanks).
    """

    value: Expression
    otherwise: Expression
    catches: Choice["missing", "empty", "falsy", "blank"] = "empty"


@dataclass(frozen=True, slots=True)
class Call:
    """A filter, helper or function by its lower-cased name: ``upper``, ``lower``, ``trim``,
    ``capitalize``, ``escape``, ``append``, ``truncate``, ``length``, ``pad`` (with blanks),
    ``choose`` (of a test, a value, and another), ...; of others nothing is known but the fields
    they depend on. The first argument is what it is applied to."""

    name: str
    arguments: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Compare:
    """``operator``: eq, ne, lt, lteq, gt, gteq, contains (right in left), in (left in right)."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Both:
    """``and``."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Either:
    """``or``: where the dialect prints it, the first that counts as true."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not:
    value: Expression


@dataclass(frozen=True, slots=True)
class Exists:
    """A test of its own: ``{{#if}}``, ``*|IF:X|*``, ``?has_content``, ``empty()`` negated.
    ``counts``: what the value must be to pass, see `Fallback.catches`."""

    value: Expression
    counts: Choice["missing", "empty", "falsy", "blank"] = "empty"


@dataclass(frozen=True, slots=True)
class Unknown:
    """An expression that cannot be read here; it depends on these fields at least."""

    fields: tuple[Field, ...] = ()


Expression = (
    Field | Constant | System | Fallback | Call | Compare | Both | Either | Not | Exists | Unknown
)

# --- nodes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Printed as it stands. ``sample``: a raw block, which shows tags on purpose."""

    start: int
    end: int
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Print:
    """A tag that prints a value. ``source``: the expression as written, without delimiters.
    ``loose``: prose and code look so too (``[city]``, ``{name}``), so it is a tag only where a
    contact has such a field, and else printed as it is written."""

    start: int
    end: int
    value: Expression
    source: str
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Prints nothing: a comment, a delimiter of a block, an assignment. ``name`` is set to
    ``value`` for what follows, where it is an assignment."""

    start: int
    end: int
    name: str = ""
    value: Expression | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """The first of ``arms`` whose test is true is printed; a test of None is the last, ``else``."""

    arms: tuple[tuple[Expression | None, tuple[TreeNode, ...]], ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """The body once for each item of ``over``; ``name`` is the item. ``otherwise`` where there is
    none. ``items``: a fixed list in the template, else None."""

    over: Expression
    name: str
    body: tuple[TreeNode, ...]
    otherwise: tuple[TreeNode, ...] = ()
    items: tuple[Expression, ...] | None = None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A file that is printed in the place of a tag: its ``name`` as written, the values that it is
    ``given`` under names of its own, and whether it is ``alone``: sees nothing else."""

    name: str
    given: tuple[tuple[str, Expression], ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Masked:
    """A stretch whose output cannot be told: a helper or block that this reader does not know.
    ``body`` may be printed none, one or several times. ``file``: what is printed there where that
    file is at hand."""

    start: int
    end: int
    value: Expression = Unknown()
    body: tuple[TreeNode, ...] = ()
    file: Inclusion | None = None


TreeNode = Text | Print | Code | Branch | Loop | Masked
