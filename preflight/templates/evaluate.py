"""From the tree of a template (`preflight.templates.tree`) to what rules read: `Parsed`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from preflight.templates.conditions import FALSE, TRUE, Maybe, all_of, negate
from preflight.templates.languages.fault_words import TOO_DEEP
from preflight.templates.model import Included, Parsed, SyntaxFault, Tag
from preflight.templates.partials import DEEPEST, sees_enough
from preflight.templates.profiles import Semantics
from preflight.templates.tree import (
    Branch,
    Code,
    Inclusion,
    Loop,
    Masked,
    Print,
    Text,
    TreeNode,
)
from preflight.templates.tree_tools import code_between
from preflight.templates.tree_values import Evaluator
from preflight.templates.values import Scope, Value, merged, union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from preflight.templates.partials import Partial, Partials

_MOST_MERGES = 10_000  # a long chain of tests that sets as many variables: not followed


def evaluate(
    text: str,
    tree: tuple[TreeNode, ...],
    semantics: Semantics,
    columns: frozenset[str] | None = None,
    resolve: Callable[[str], str] = str,
    partials: Partials | None = None,
) -> Parsed:
    """What the template with this tree prints, when, and what would make it nothing.

    ``columns``: casefolded names of the fields that contacts have; None when no list was read, and
    then every name is taken for a field. ``resolve``: the column that a name means.
    ``partials``: finds the files that it prints; without it they are not followed.
    """
    walk = _Walk(Evaluator(semantics, columns, resolve), partials)
    try:
        walk.all(tree, TRUE, Scope())
    except RecursionError:
        return Parsed(fault=SyntaxFault(0, min(len(text), 1), TOO_DEEP), plain=False)
    found = walk.evaluator
    return replace(
        walk.parsed(text, tree, found.uses),
        branches=tuple(found.branches),
        undecided=tuple(found.undecided),
        included=tuple(
            Included(name, file.source, _parsed_file(file, walks))
            for name, (file, walks) in walk.files.items()
        ),
    )


def _parsed_file(file: Partial, walks: list[Parsed]) -> Parsed:
    """A file that is printed in one place or in several: a tag that does not come to the same in
    all of them is undecided."""
    if isinstance(file.tree, SyntaxFault):
        return Parsed(fault=file.tree, plain=False)
    tags: dict[int, Tag] = {}
    for walked in walks:
        for tag in walked.tags:
            known = tags.setdefault(tag.start, tag)
            if known == tag:
                continue
            names = union(known.names, tag.names)
            same = known.blank == tag.blank and None not in (known.when, tag.when)
            when = f"({known.when}) or ({tag.when})" if same else None
            if "true" in (known.when, tag.when) and same:
                when = "true"
            blank = known.blank if same else None
            tags[tag.start] = replace(known, names=names, when=when, blank=blank)
    uses = {use for walked in walks for use in walked.names}
    literals = {run for walked in walks for run in walked.literals}
    return replace(
        walks[0],
        tags=tuple(tags[start] for start in sorted(tags)),
        literals=tuple(sorted(literals)),
        names=tuple(sorted(uses, key=lambda use: use[1:])),
    )


class _Walk:
    """One pass over the nodes of a tree."""

    def __init__(
        self, evaluator: Evaluator, partials: Partials | None = None, around: tuple[str, ...] = ()
    ) -> None:
        """``around``: the names of the files in which this one is printed, outermost first."""
        self.evaluator = evaluator
        self.partials = partials
        self.around = around
        self.elsewhere: list[tuple[int, int]] = []
        self.files: dict[str, tuple[Partial, list[Parsed]]] = {}
        self.tags: list[Tag] = []
        self.literals: list[tuple[int, int]] = []
        self.samples: list[tuple[int, int]] = []
        self.edges: list[int] = []
        self._seen: set[int] = set()

    def parsed(
        self, text: str, tree: tuple[TreeNode, ...], uses: Iterable[tuple[str, int, int]]
    ) -> Parsed:
        """What was found in this text."""
        printed = [*self.literals, *((tag.start, tag.end) for tag in self.tags)]
        code = code_between(len(text), printed, self.edges)
        return Parsed(
            tags=tuple(sorted(self.tags, key=lambda tag: tag.start)),
            literals=tuple(sorted(self.literals)),
            code=tuple((one.start, one.end) for one in code),
            samples=tuple(sorted(self.samples)),
            names=tuple(sorted(set(uses), key=lambda use: use[1:])),
            plain=True,
            tree=tree,
            elsewhere=tuple(sorted(set(self.elsewhere))),
        )

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

    def _included(self, node: Masked, file: Inclusion, when: Maybe, scope: Scope) -> bool:
        """Follow a file that is printed here; whether it is at hand."""
        found = self.partials.open(file.name) if self.partials is not None else None
        if found is None or file.name in self.around or len(self.around) >= DEEPEST:
            return False
        source, tree = found
        if isinstance(tree, SyntaxFault):
            self.files.setdefault(file.name, (found, []))
            return False
        if not sees_enough(file, tree):
            return False
        inner = Scope()
        self.evaluator.here = (node.start, node.end)
        for name, given in file.given:
            known = self.evaluator.evaluate(given, scope)
            inner.own[name.casefold()] = replace(known, free=False)
        self.edges.append(node.start)
        uses, self.evaluator.uses = self.evaluator.uses, []
        walk = _Walk(self.evaluator, self.partials, (*self.around, file.name))
        walk.files = self.files
        walk.all(tree, when, inner)
        parsed = walk.parsed(source.text, tree, self.evaluator.uses)
        self.evaluator.uses = uses
        self.files.setdefault(file.name, (found, []))[1].append(parsed)
        return True

    def _masked(self, node: Masked, when: Maybe, scope: Scope) -> None:
        if node.file is not None:
            if self._included(node, node.file, when, scope):
                return
            self.elsewhere.append((node.start, node.end))
        self.evaluator.here = (node.start, node.end)
        found = self.evaluator.evaluate(node.value, scope)
        self.evaluator.depend(found)
        if node.body:
            self.edges.append(node.start)
            self.all(node.body, all_of(when, None), Scope(scope, inner=True))
        else:
            self._tag(node, replace(found, blank=None), when)
