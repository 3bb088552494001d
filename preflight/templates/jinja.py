"""Reading Jinja templates: what they print, when, and what would make it nothing.

A template is only lexed and parsed here, never compiled or rendered: Jinja's optimizer computes
constants while compiling, so ``{{ 'x' * 10**10 }}`` would do its damage there.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from preflight.templates.conditions import FALSE, TRUE, Maybe, all_of, negate
from preflight.templates.jinja_evaluate import Evaluator, Scope
from preflight.templates.jinja_faults import explain, unknown_parts
from preflight.templates.jinja_hazards import find_hazards, is_plain
from preflight.templates.jinja_lexing import (
    RawToken,
    Region,
    all_nodes,
    lex,
    literals,
    parse,
    regions,
)
from preflight.templates.model import Parsed, SyntaxFault, Tag
from preflight.templates.values import Value, merged, union

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_MERGES = 10_000  # a long chain of elif that sets as many variables: not followed
_INNER = ("loop", "caller", "varargs", "kwargs")


def read_jinja(text: str, columns: frozenset[str] | None = None) -> Parsed:
    """What a Jinja template (line ends as ``\\n``) is made of, with offsets in the text.

    ``columns``: casefolded names of the fields that contacts have; None when no list was read, and
    then every name is taken for a field. A template that cannot be parsed gives a ``fault`` and
    nothing else. Never raises on any text.
    """
    tokens: list[RawToken] = []
    try:
        lex(text, tokens)
        tree = parse(tokens)
        every = all_nodes(tree)
        fault = unknown_parts(every, text)
        return Parsed(fault=fault, plain=False) if fault else _read(text, tokens, every, columns)
    except TemplateSyntaxError as error:
        fault = explain(text, tokens, error.message or "", error.lineno)
    except RecursionError:
        fault = SyntaxFault(0, min(len(text), 1), "the template is nested too deeply")
    except ValueError:  # Python reads no number of more than 4,300 digits
        longest = max(
            (token for token in tokens if token.type == "integer"),
            key=lambda token: len(token.text),
            default=RawToken(0, "", text[:1]),
        )
        fault = SyntaxFault(longest.start, longest.end, "the number is too long")
    return Parsed(fault=fault, plain=False)


def _read(
    text: str,
    tokens: list[RawToken],
    every: list[nodes.Node],
    columns: frozenset[str] | None,
) -> Parsed:
    walk = _Walk(every, columns, list(regions(tokens)))
    runs = list(literals(tokens))
    hazards = find_hazards(every, text)
    evaluator = walk.evaluator
    return Parsed(
        tags=tuple(walk.tags(text)),
        literals=tuple((start, end) for start, end, _raw in runs),
        code=tuple(_code(len(text), walk.regions, [(start, end) for start, end, _raw in runs])),
        samples=tuple((start, end) for start, end, raw in runs if raw),
        names=tuple(sorted(set(evaluator.uses), key=lambda use: use[1:])),
        branches=tuple(evaluator.branches),
        undecided=tuple(evaluator.undecided),
        hazards=hazards,
        plain=not hazards and is_plain(every),
    )


def _code(
    size: int, found: Sequence[Region], literal: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Everything that is no literal, cut where a region begins: blanks that ``-`` takes away
    belong to the code beside them."""
    cuts = sorted(
        {0, size, *(region.start for region in found), *(edge for run in literal for edge in run)}
    )
    inside = {start for start, _end in literal}
    return [
        (start, end)
        for start, end in itertools.pairwise(cuts)
        if start not in inside and start < end
    ]


class _Walk:
    """One pass over the statements of a template, of which all nodes are given."""

    def __init__(
        self, every: list[nodes.Node], columns: frozenset[str] | None, found: list[Region]
    ) -> None:
        set_names = [n.name for n in every if type(n) is nodes.Name and n.ctx == "store"]
        macros = [node.name for node in every if type(node) is nodes.Macro]
        ever_set = frozenset((*set_names, *macros))
        self.evaluator = Evaluator(columns, ever_set)
        # What macros and blocks see of a variable depends on where they are called.
        self._unknown = dict.fromkeys(ever_set, Value())
        self.regions = found
        self._starts = [region.start for region in found]
        self._printed: dict[int, list[tuple[Maybe, Value]]] = {}
        extends = any(type(node) is nodes.Extends for node in every)
        self._all(every[0].iter_child_nodes(), None if extends else TRUE, Scope())

    def tags(self, text: str) -> list[Tag]:
        """The printed expressions in order."""
        found = []
        for number, region in enumerate(self.regions):
            printed = self._printed.get(number, [])
            if not printed and region.kind != "variable":
                continue
            when: Maybe = None
            blank: Maybe = None
            if printed:
                when = printed[0][0]
                blank = all_of(*(value.blank for _when, value in printed))
            found.append(
                Tag(
                    region.start,
                    region.end,
                    text[slice(*region.inner)].strip(),
                    union(*(value.names for _when, value in printed)),
                    when.text if when else None,
                    blank.text if blank else None,
                )
            )
        return found

    def _all(
        self, body: Iterable[nodes.Node], when: Maybe, scope: Scope, *, opaque: bool = False
    ) -> None:
        for node in body:
            self._one(node, when, scope, opaque)

    def _one(self, node: nodes.Node, when: Maybe, scope: Scope, opaque: bool) -> None:
        evaluate = self.evaluator.evaluate
        match node:
            case nodes.Output():
                self._output(node, when, scope, opaque)
            case nodes.If():
                self._if(node, when, scope, opaque)
            case nodes.For():
                self._for(node, when, scope, opaque)
            case nodes.Assign():
                self._bind(node.target, evaluate(node.node, scope), scope)
            case nodes.AssignBlock():
                if node.filter is not None:
                    evaluate(node.filter, scope)
                before = len(self.evaluator.uses)
                self._all(node.body, None, _inside(scope), opaque=opaque)
                used = union(use[0] for use in self.evaluator.uses[before:])
                self._bind(node.target, Value(names=used), scope)
            case nodes.With():
                inner = _inside(scope)
                for target, given in zip(node.targets, node.values, strict=True):
                    self._bind(target, evaluate(given, scope), inner)
                self._all(node.body, when, inner, opaque=opaque)
            case nodes.FilterBlock():
                evaluate(node.filter, scope)
                self._all(node.body, when, _inside(scope), opaque=True)
            case nodes.Macro() | nodes.CallBlock():
                self._macro(node, scope)
            case nodes.Block():
                self._all(node.body, when, _inside(Scope(scope, self._unknown)), opaque=opaque)
            case nodes.ScopedEvalContextModifier():
                self._all(node.body, when, _inside(scope), opaque=opaque)
            case nodes.Import() | nodes.FromImport():
                evaluate(node.template, scope)
                names = [node.target] if isinstance(node, nodes.Import) else node.names
                for name in names:
                    scope.own[name if isinstance(name, str) else name[1]] = Value()
            case _:
                for child in node.iter_child_nodes():
                    evaluate(child, scope)

    def _output(self, node: nodes.Output, when: Maybe, scope: Scope, opaque: bool) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                continue
            found = self.evaluator.evaluate(child, scope)
            number = bisect_right(self._starts, child.lineno) - 1
            if opaque:
                found = Value(names=found.names)
            self._printed.setdefault(number, []).append((when, found))

    def _if(self, node: nodes.If, when: Maybe, scope: Scope, opaque: bool) -> None:
        outcomes: list[tuple[Value, Scope]] = []
        for branch in (node, *node.elif_):
            test = self.evaluator.branch(branch.test, scope)
            inner = Scope(scope, inner=scope.inner)
            self._all(branch.body, all_of(when, test.truthy), inner, opaque=opaque)
            outcomes.append((test, inner))
            when = all_of(when, negate(test.truthy))
        last = Scope(scope, inner=scope.inner)
        self._all(node.else_, when, last, opaque=opaque)
        changed = union(last.own, *(inner.own for _test, inner in outcomes))
        if len(changed) * len(outcomes) > _MOST_MERGES:
            scope.own.update(dict.fromkeys(changed, Value()))
            return
        for name in changed:
            result = self._seen(last, name)
            for test, inner in reversed(outcomes):
                result = merged(test.truthy, self._seen(inner, name), result, test.names)
            scope.own[name] = result

    def _seen(self, scope: Scope, name: str) -> Value:
        found = scope.find(name)
        return self.evaluator.field(name) if found is None else found

    def _for(self, node: nodes.For, when: Maybe, scope: Scope, opaque: bool) -> None:
        source = self.evaluator.evaluate(node.iter, scope)
        self.evaluator.depend(source)
        inner = _inside(scope, ("loop",))
        self._bind(node.target, Value(names=source.names), inner)
        certain = node.test is None and isinstance(node.iter, nodes.List) and node.iter.items
        if node.test is not None:
            self.evaluator.depend(self.evaluator.evaluate(node.test, inner))
        self._all(node.body, when if certain else all_of(when, None), inner, opaque=opaque)
        never = FALSE if certain else None
        self._all(node.else_, all_of(when, never), _inside(scope), opaque=opaque)

    def _macro(self, node: nodes.Macro | nodes.CallBlock, scope: Scope) -> None:
        if isinstance(node, nodes.CallBlock):
            self.evaluator.evaluate(node.call, scope)
        else:
            scope.own[node.name] = Value()
        for default in node.defaults:
            self.evaluator.evaluate(default, scope)
        inner = _inside(Scope(scope, self._unknown), _INNER)
        for argument in node.args:
            self._bind(argument, Value(), inner)
        self._all(node.body, None, inner)

    def _bind(self, target: nodes.Node, found: Value, scope: Scope) -> None:
        if isinstance(target, nodes.Name):
            scope.own[target.name] = replace(found, free=False)
            return
        for name in target.find_all(nodes.Name):
            scope.own[name.name] = Value(names=found.names)


def _inside(scope: Scope, unknown: Iterable[str] = ()) -> Scope:
    """A scope that ends with its block, where nothing is known of some names."""
    return Scope(scope, dict.fromkeys(unknown, Value()), inner=True)
