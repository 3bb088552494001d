"""A walk over the statements of a Jinja template and of the files it includes: what each tag
prints, and when. Nothing is rendered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from jinja2 import nodes

from preflight.templates import jinja_paths as paths
from preflight.templates.conditions import FALSE, TRUE, Maybe, any_of, negate
from preflight.templates.jinja_evaluate import Evaluator
from preflight.templates.jinja_file import Find, JinjaFile, Printed
from preflight.templates.jinja_files import Files, Naming
from preflight.templates.jinja_folding import Folder
from preflight.templates.jinja_loops import Turn, numbers_of, turns
from preflight.templates.jinja_paths import Macro, Path, inside, is_super
from preflight.templates.values import NOTHING, Scope, Value, merged, union

_MOST_MERGES = 10_000  # a long chain of elif that sets as many variables: not followed
_MOST_STEPS = 30_000  # statements walked, each turn of a loop and each call of a macro counted
_DEEPEST = 20  # calls inside each other
_INNER = ("caller", "varargs", "kwargs")
_ANY = "=*"  # stands for every field: who prints a body that is kept for later, nobody knows
_KEPT = (_ANY,)
_KEEPING = frozenset({"safe", "e", "escape", "forceescape", "string"})


class Walk:
    """One pass over a template. ``files``: the other files that were read, by name."""

    def __init__(self, main: JinjaFile, columns: frozenset[str] | None, find: Find | None) -> None:
        self.main = main
        self._files = Files(find)
        self.files = self._files.read
        self.evaluator = Evaluator(columns, main, self._called)
        self._folder = Folder()
        self._path = Path()
        self._direct: nodes.Node | None = None  # the call whose output a tag prints as it is
        self._macros = paths.DefinedMacros(self.evaluator.field)
        self._blocks: dict[str, list[tuple[JinjaFile, nodes.Block]]] = defaultdict(list)
        self._super: list[tuple[str, int]] = []
        self._done: set[int] = set()  # blocks that were met
        self._assigned: dict[str, dict[str, None]] = defaultdict(dict)
        self._log: list[tuple[str, ...]] = []  # fields that output depends on
        self._steps = 0
        self._depth = 0
        self.blind = False  # too much to follow: nothing can be told of any tag

    def run(self) -> None:
        self._template(self.main, Path(), Scope())
        loose = [one for one in self._macros.all if one.name in self.evaluator.loose]
        for macro in loose:
            self._body(macro, Path(None, _KEPT), {})
        for macro in [one for one in self._macros.all if not (one.called or one in loose)]:
            self._body(macro, Path(FALSE), {})
        files = [self.main, *(file for _source, file in self.files.values())]
        self._assigned[_ANY[1:]] = {name: None for file in files for name, _at, _to in file.uses}

    def names(self, some: Iterable[str]) -> tuple[str, ...]:
        """The fields among names; those of a variable ("=name") are what it was ever given."""
        return paths.fields_among(some, self._assigned)

    # -- files ------------------------------------------------------------------------------

    def _template(self, file: JinjaFile, path: Path, scope: Scope) -> None:
        """A file with blocks of its own; those that were not printed at their place are met at
        last, for ``self.name()`` may print them anywhere."""
        before, self._blocks = self._blocks, defaultdict(list)
        self._whole(file, path, scope)
        for name, chain in list(self._blocks.items()):
            loose = f"self.{name}" in self.evaluator.loose
            for level, (_file, block) in enumerate(chain):
                if loose or id(block) not in self._done:
                    self._block(name, level, Path(None, _KEPT) if loose else Path(FALSE), Scope())
        self._blocks = before

    def _whole(self, file: JinjaFile, path: Path, scope: Scope) -> None:
        """A file from its first statement to its last, and the one that it extends."""
        extends = [node for node in file.every if type(node) is nodes.Extends]
        for block in file.blocks:
            self._blocks[block.name].append((file, block))
        self._files.active.append(file)
        with self._inside_of(file):
            above = [node for node in file.body if type(node) is nodes.Extends]
            if not extends:
                self._all(file.body, path, scope)
            elif len(extends) == len(above) == 1:
                self._child(file, path, scope)
                found = self._named(above[0])
                for parent in found[:1]:
                    self._whole(parent, path, scope)
            else:
                self._all(file.body, replace(path, when=None), scope)
        self._files.active.pop()

    def _child(self, file: JinjaFile, path: Path, scope: Scope) -> None:
        """A file that extends another: only what it sets and its blocks count."""
        unprinted = path.under(FALSE)
        for node in file.body:
            if not isinstance(node, (nodes.Block, nodes.Extends)):
                self._one(node, unprinted if isinstance(node, nodes.Output) else path, scope)

    @contextmanager
    def _inside_of(self, file: JinjaFile) -> Iterator[None]:
        before = self.evaluator.file
        self.evaluator.file = file
        self.evaluator.macro_names |= file.macros.keys()
        try:
            yield
        finally:
            self.evaluator.file = before

    def _named(self, node: Naming) -> list[JinjaFile]:
        """The file that a statement names, if it is there and can be followed."""
        found = self._files.named(node, self.evaluator.file)
        if not found:
            self.evaluator.evaluate(node.template, Scope())
        return found if found and not found[0].fault else []

    def _include(self, node: nodes.Include, path: Path, scope: Scope) -> None:
        for file in self._named(node):
            inner = Scope(scope) if node.with_context else Scope(bare=True)
            self._template(file, path, inner)

    def _module(self, node: nodes.Import | nodes.FromImport, scope: Scope) -> Value:
        """What an imported file defines, as a value with parts."""
        for file in self._named(node):
            inner = Scope(Scope(scope) if node.with_context else None, bare=not node.with_context)
            self._template(file, Path(FALSE), inner)
            return Value(names=union(*(one.names for one in inner.own.values())), parts=inner.own)
        return Value()

    # -- statements ---------------------------------------------------------------------------

    def _all(self, body: Iterable[nodes.Node], path: Path, scope: Scope) -> None:
        for node in body:
            self._one(node, path, scope)

    def _one(self, node: nodes.Node, path: Path, scope: Scope) -> None:
        self._steps += 1
        if self._steps > 3 * _MOST_STEPS:
            self.blind = True
            return
        evaluate = self.evaluator.evaluate
        self._path, self._direct = path, None
        match node:
            case nodes.Output():
                self._output(node, path, scope)
            case nodes.If():
                self._if(node, path, scope)
            case nodes.For():
                self._for(node, path, scope)
            case nodes.Assign():
                self._bind(node.target, evaluate(node.node, scope), scope)
            case nodes.AssignBlock():
                found = [evaluate(node.filter, scope)] if node.filter is not None else []
                begun = len(self._log)
                kept = Path(None, union(path.names, _KEPT), True)
                self._all(node.body, kept, inside(scope))
                used = union(*self._log[begun:], *(one.names for one in found))
                used = tuple(name for name in used if name != _ANY)
                self._path = path
                self._bind(node.target, Value(names=used), scope)
            case nodes.With():
                inner = inside(scope)
                for target, given in zip(node.targets, node.values, strict=True):
                    self._bind(target, evaluate(given, scope), inner)
                self._all(node.body, path, inner)
            case nodes.FilterBlock():
                evaluate(node.filter, scope)
                self._all(node.body, replace(path, opaque=True), inside(scope))
            case nodes.Macro():
                self._defined(node, scope)
            case nodes.CallBlock():
                self._direct = node.call
                self._called_with(node, path, scope)
            case nodes.Block():
                self._block(node.name, 0, path, scope)
            case nodes.ScopedEvalContextModifier():
                self._all(node.body, path, inside(scope))
            case nodes.Include():
                self._include(node, path, scope)
            case nodes.Import():
                scope.own[node.target] = self._module(node, scope)
            case nodes.FromImport():
                parts = self._module(node, scope).parts or {}
                for name in node.names:
                    original, alias = (name, name) if isinstance(name, str) else name
                    scope.own[alias] = parts.get(original, Value())
                    self.evaluator.rename(original, alias)
            case _:
                for child in node.iter_child_nodes():
                    evaluate(child, scope)

    def _output(self, node: nodes.Output, path: Path, scope: Scope) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                continue
            inner: nodes.Node | None = child
            while isinstance(inner, nodes.Filter) and inner.name in _KEEPING and not inner.args:
                inner = inner.node
            self._path, self._direct = path, inner
            file = self.evaluator.file
            if is_super(inner) and self._super:
                name, level = self._super[-1]
                self._block(name, level + 1, path, scope)
                found = Value(FALSE)
            else:
                found = self.evaluator.evaluate(child, scope)
            if path.opaque:
                found = Value(names=found.names)
            self._log.append(union(found.names, path.names))
            printed = Printed(path.when, found, path.names)
            file.printed[file.region(child.lineno)].append(printed)

    def _if(self, node: nodes.If, path: Path, scope: Scope) -> None:
        outcomes: list[tuple[Value, Scope]] = []
        for branch in (node, *node.elif_):
            self._path, self._direct = path, None
            test = self.evaluator.branch(branch.test, scope)
            self._log.append(test.names)
            inner = Scope(scope, inner=scope.inner)
            self._all(branch.body, path.under(test.truthy, test.names), inner)
            outcomes.append((test, inner))
            path = path.under(negate(test.truthy), test.names)
        last = Scope(scope, inner=scope.inner)
        self._all(node.else_, path, last)
        changed = union(last.own, *(inner.own for _test, inner in outcomes))
        tests = union(*(test.names for test, _inner in outcomes))
        if len(changed) * len(outcomes) > _MOST_MERGES:
            for name in changed:
                scope.own[name] = Value(names=union(tests, (f"={name}",)))
            return
        for name in changed:
            result = self._seen(last, name)
            for test, inner in reversed(outcomes):
                result = merged(test.truthy, self._seen(inner, name), result, test.names)
            scope.own[name] = result

    def _seen(self, scope: Scope, name: str) -> Value:
        found = scope.find(name)
        if found is not None:
            return found
        return NOTHING if scope.bare else self.evaluator.field(name)

    def _for(self, node: nodes.For, path: Path, scope: Scope) -> None:
        source = self.evaluator.evaluate(node.iter, scope)
        numbers = numbers_of(node.iter, scope, self.evaluator, self._folder)
        found = turns(node, source, numbers)
        if found is not None and self._steps + len(found) * 10 < _MOST_STEPS:
            self._unrolled(node, found, path, scope)
            return
        some = source.truthy if source.form and not node.recursive else None
        if numbers is not None:
            some = TRUE if numbers else FALSE
        self.evaluator.hangs_on(replace(source, truthy=some))
        self._log.append(source.names)
        inner = inside(scope, {"loop": Value(names=source.names)})
        self._bind(node.target, Value(names=source.names), inner)
        names = source.names
        if node.test is not None:
            test = self.evaluator.evaluate(node.test, inner)
            self.evaluator.depend(test)
            some, names = (FALSE if some == FALSE else None), union(names, test.names)
        self._all(node.body, path.under(some, names), inner)
        never = None if node.test is not None else negate(some)
        self._all(node.else_, path.under(never, names), inside(scope))

    def _unrolled(self, node: nodes.For, found: Sequence[Turn], path: Path, scope: Scope) -> None:
        """A loop whose turns are known: one after the other."""
        tests: list[Maybe] = []
        names: tuple[str, ...] = ()
        for turn in found:
            here = path
            loop = Value(
                names=union(names, path.names), parts=None if node.test is not None else turn.loop
            )
            inner = inside(scope, {"loop": loop})
            for target, value in turn.bound:
                self._bind(target, value, inner)
            if node.test is not None:
                test = self.evaluator.branch(node.test, inner)
                tests.append(test.truthy)
                names = union(names, test.names)
                here = path.under(test.truthy, test.names)
            self._log.append(names)
            self._all(node.body, here, inner)
        some = any_of(*tests) if node.test is not None else (TRUE if found else FALSE)
        self._all(node.else_, path.under(negate(some), names), inside(scope))

    def _bind(self, target: nodes.Node, found: Value, scope: Scope) -> None:
        names = union(found.names, self._path.names)
        if isinstance(target, nodes.Name):
            self._assigned[target.name].update(dict.fromkeys(names))
            scope.own[target.name] = replace(found, free=False)
            return
        if isinstance(target, nodes.NSRef):  # seen wherever the namespace is
            self._assigned[target.name].update(dict.fromkeys(names))
            owner: Scope | None = scope
            while owner is not None:
                if target.name in owner.own:
                    owner.own[target.name] = Value(names=(f"={target.name}",))
                owner = owner.parent
            return
        for name in target.find_all(nodes.Name):
            self._assigned[name.name].update(dict.fromkeys(names))
            scope.own[name.name] = Value(names=found.names)

    # -- macros and blocks --------------------------------------------------------------------

    def _defined(self, node: nodes.Macro, scope: Scope) -> None:
        macro = Macro(node.name, node, self.evaluator.file, scope)
        self._macros.add(macro)
        scope.own[node.name] = Value(macro=macro)

    def _called_with(self, node: nodes.CallBlock, path: Path, scope: Scope) -> None:
        """``{% call m() %}body{% endcall %}``: the macro prints the body where it calls it."""
        caller = Macro("caller", node, self.evaluator.file, scope)
        found = self.evaluator.macro(node.call.node, scope)
        if found is None:
            self.evaluator.evaluate(node.call, scope)
            self._body(caller, Path(None, union(path.names, _KEPT)), {})
            return
        self._follow(found.macro, node.call, path, scope, Value(macro=caller))
        if not caller.called:
            self._body(caller, Path(FALSE), {})

    def _called(self, found: Value, node: nodes.Call, scope: Scope) -> Value:
        """What a call of a macro in an expression comes to."""
        direct = node is self._direct
        names = self._path.names
        path = self._path if direct else Path(None, union(names, _KEPT), opaque=True)
        begun = len(self._log)
        given = self._follow(found.macro, node, path, scope, None)
        names = tuple(n for n in union(given, *self._log[begun:]) if n != _ANY)
        # What a macro prints is judged where its own tags stand.
        return Value(FALSE if direct else None, names=names)

    def _follow(
        self, macro: Macro, call: nodes.Call, path: Path, scope: Scope, caller: Value | None
    ) -> tuple[str, ...]:
        evaluate = self.evaluator.evaluate
        direct, self._direct = self._direct, None
        bound, names = paths.bound_arguments(macro, call, lambda node: evaluate(node, scope))
        self._direct = direct
        if caller is not None:
            bound["caller"] = caller
        self._body(macro, path, bound, complete=True)
        return names

    def _body(
        self, macro: Macro, path: Path, bound: Mapping[str, Value], *, complete: bool = False
    ) -> None:
        """The body of a macro with its arguments. ``complete``: an argument that is not given is
        not there; else nothing is known of it."""
        macro.called = True
        if self._depth >= _DEEPEST or (complete and self._steps > _MOST_STEPS):
            self.evaluator.loose[macro.name] = None  # once more at the end, with nothing known
            return
        before, super_ = self._path, self._super
        self._depth, self._super = self._depth + 1, []
        unknown = (
            {} if isinstance(macro.node, nodes.CallBlock) else self._macros.seen_from(macro.file)
        )
        inner = inside(Scope(macro.scope, unknown), dict.fromkeys(_INNER, Value()))
        first_default = len(macro.node.args) - len(macro.node.defaults)
        with self._inside_of(macro.file):
            for index, parameter in enumerate(macro.node.args):
                found = bound.get(parameter.name)
                if found is None and not complete:
                    found = Value()
                elif found is None and index >= first_default:
                    default = macro.node.defaults[index - first_default]
                    found = self.evaluator.evaluate(default, inner)
                inner.own[parameter.name] = replace(found or NOTHING, free=False)
            if "caller" in bound:
                inner.own["caller"] = bound["caller"]
            self._all(macro.node.body, path, inner)
        self._depth, self._super, self._path = self._depth - 1, super_, before

    def _block(self, name: str, level: int, path: Path, scope: Scope) -> None:
        """A block where it stands; the innermost child's counts, and ``super()`` is the next."""
        chain = self._blocks[name]
        if level >= len(chain) or self._depth >= _DEEPEST:
            return
        file, block = chain[level]
        self._done.add(id(block))
        self._depth += 1
        self._super.append((name, level))
        with self._inside_of(file):
            self._all(block.body, path, inside(Scope(scope, self._macros.seen_from(file))))
        self._super.pop()
        self._depth -= 1
