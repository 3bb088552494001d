"""From the tree of a template (`preflight.templates.tree`) to what rules read: `Parsed`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from preflight.templates.conditions import FALSE, TRUE, Maybe, all_of, negate
from preflight.templates.languages.fault_words import TOO_DEEP
from preflight.templates.model import Parsed, SyntaxFault, Tag
from preflight.templates.tree import (
    Branch,
    Code,
    Loop,
    Masked,
    Print,
    Semantics,
    Text,
    TreeNode,
)
from preflight.templates.tree_tools import code_between
from preflight.templates.tree_values import Evaluator
from preflight.templates.values import Scope, Value, merged, union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST_MERGES = 10_000  # a long chain of tests that sets as many variables: not followed


def evaluate(
    text: str,
    tree: tuple[TreeNode, ...],
    semantics: Semantics,
    columns: frozenset[str] | None = None,
    resolve: Callable[[str], str] = str,
) -> Parsed:
    """What the template with this tree prints, when, and what would make it nothing.

    ``columns``: casefolded names of the fields that contacts have; None when no list was read, and
    then every name is taken for a field. ``resolve``: the column that a name means.
    """
    walk = _Walk(Evaluator(semantics, columns, resolve))
    try:
        walk.all(tree, TRUE, Scope())
    except RecursionError:
        return Parsed(fault=SyntaxFault(0, min(len(text), 1), TOO_DEEP), plain=False)
    found = walk.evaluator
    printed = [*walk.literals, *((tag.start, tag.end) for tag in walk.tags)]
    code = code_between(len(text), printed, walk.edges)
    return Parsed(
        tags=tuple(sorted(walk.tags, key=lambda tag: tag.start)),
        literals=tuple(sorted(walk.literals)),
        code=tuple((one.start, one.end) for one in code),
        samples=tuple(sorted(walk.samples)),
        names=tuple(sorted(set(found.uses), key=lambda use: use[1:])),
        branches=tuple(found.branches),
        undecided=tuple(found.undecided),
        plain=True,
        tree=tree,
    )


class _Walk:
    """One pass over the nodes of a tree."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.tags: list[Tag] = []
        self.literals: list[tuple[int, int]] = []
        self.samples: list[tuple[int, int]] = []
        self.edges: list[int] = []
        self._seen: set[int] = set()

    def all(self, body: Iterable[TreeNode], when: Maybe, scope: Scope) -> None:
        for node in body:
            self._one(node, when, scope)

    def _one(self, node: TreeNode, when: Maybe, scope: Scope) -> None:
        match node:
            case Text():
                if node.start not in self._seen:
                    self.literals.append((node.start, node.end))
                    if node.sample:
                        self.samples.append((node.start, node.end))
                    self._seen.add(node.start)
            case Print() if node.loose and not self.evaluator.knows(node.value):
                self.literals.append((node.start, node.end))
                self._seen.add(node.start)
            case Print():
                self.evaluator.here = (node.start, node.end)
                self._tag(node, self.evaluator.evaluate(node.value, scope), when)
            case Code():
                self.edges.append(node.start)
                if node.name and node.value is not None:
                    self.evaluator.here = (node.start, node.end)
                    found = self.evaluator.evaluate(node.value, scope)
                    scope.own[node.name.casefold()] = replace(found, free=False)
            case Branch():
                self._branch(node, when, scope)
            case Loop():
                self._loop(node, when, scope)
            case Masked():
                self._masked(node, when, scope)

    def _tag(self, node: Print | Masked, found: Value, when: Maybe, source: str = "") -> None:
        if node.start in self._seen:  # a second time: a loop that is written out
            return
        self._seen.add(node.start)
        self.edges.append(node.start)
        blank = found.blank
        self.tags.append(
            Tag(
                node.start,
                node.end,
                node.source.strip() if isinstance(node, Print) else source,
                found.names,
                when.text if when else None,
                blank.text if blank else None,
            )
        )

    def _branch(self, node: Branch, when: Maybe, scope: Scope) -> None:
        outcomes: list[tuple[Value | None, Scope]] = []
        otherwise = False
        for test, body in node.arms:
            inner = Scope(scope, inner=scope.inner)
            if test is None:
                otherwise = True
                self.all(body, when, inner)
                outcomes.append((None, inner))
                break
            found = self.evaluator.branch(test, scope)
            self.all(body, all_of(when, found.truthy), inner)
            outcomes.append((found, inner))
            when = all_of(when, negate(found.truthy))
        if not otherwise:
            outcomes.append((None, Scope(scope)))
        changed = union(*(inner.own for _test, inner in outcomes))
        if len(changed) * len(outcomes) > _MOST_MERGES:
            scope.own.update(dict.fromkeys(changed, Value()))
            return
        for name in changed:
            (_none, last), *before = reversed(outcomes)
            result = last.find(name) or self.evaluator.constant(None)
            for test_value, inner in before:
                if test_value is not None:
                    one = inner.find(name) or self.evaluator.constant(None)
                    result = merged(test_value.truthy, one, result, test_value.names)
            scope.own[name] = result

    def _loop(self, node: Loop, when: Maybe, scope: Scope) -> None:
        over = self.evaluator.evaluate(node.over, scope)
        inner = Scope(scope, inner=True)
        if node.items is None:
            self.evaluator.depend(over)
            item = Value(names=over.names)
        else:
            items = [self.evaluator.evaluate(one, scope) for one in node.items]
            says = all(one.blank == FALSE for one in items)
            item = Value(FALSE if says else None, names=union(*(one.names for one in items)))
        if node.name:
            inner.own[node.name.casefold()] = item
        self.all(node.body, when if node.items else all_of(when, None), inner)
        never = FALSE if node.items else None
        self.all(node.otherwise, all_of(when, never), Scope(scope, inner=True))

    def _masked(self, node: Masked, when: Maybe, scope: Scope) -> None:
        self.evaluator.here = (node.start, node.end)
        found = self.evaluator.evaluate(node.value, scope)
        self.evaluator.depend(found)
        if node.body:
            self.edges.append(node.start)
            self.all(node.body, all_of(when, None), Scope(scope, inner=True))
        else:
            self._tag(node, replace(found, blank=None), when)
