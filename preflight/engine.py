"""The run: campaigns are resolved, rules are called, what they say is stamped into annotations.

One walk: a dict from the type of subject to its subjects, a call of each rule for each. Conditions
of all rules are counted in one scan of the audience. A rule that raises is out for the rest of the
campaign, becomes `rule-crashed`, and the check has failed.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preflight import ignores as ignoring
from preflight.audience.unanswered import Unanswered
from preflight.campaign.discover import repository_for
from preflight.campaign.load import load_campaign
from preflight.doing import doing
from preflight.files import Repository
from preflight.governing import Configured, Options, configure
from preflight.pages import why
from preflight.registry import Registry, Selection, Setup
from preflight.report.model import (
    Annotation,
    CheckedCampaign,
    Ignored,
    NotChecked,
    Report,
    in_order,
)
from preflight.resolve import Resolved, resolve
from preflight.rule import Check, Problem, Rows, Said, Severity, Unchecked
from preflight.schedule import Definition, Plan, Turn
from preflight.source import Source, Span
from preflight.stamp import Found, fingerprinted, merged, sort_key, stamped

if TYPE_CHECKING:
    from preflight.audience.audience import Audience
    from preflight.campaign.located import Located
    from preflight.campaign.model import Campaign


class Run:
    """One run over several campaigns. Use `check`."""

    def __init__(self, registry: Registry, options: Options, start: Path) -> None:
        self.registry = registry
        self.options = options
        self.start = start
        self.configs: dict[Path | None, Configured] = {}
        self.annotations: list[Annotation] = []
        self.ignored: list[Ignored] = []
        self.not_checked: list[NotChecked] = []
        self.campaigns: list[CheckedCampaign] = []
        self.notes: list[str] = []
        self.failed = False

    # -- one campaign ------------------------------------------------------------

    def definition(self, path: Path) -> Definition:
        """A campaign's file, read."""
        repository, config_path = repository_for(path, self.start, self.options.config)
        campaign, located, said = load_campaign(repository, path)
        dated = campaign is not None and campaign.delivery.send_at is not None
        at = self._clock(campaign) if campaign is not None and dated else None
        return Definition(path, repository, config_path, campaign, located, said, at)

    def campaign(self, one: Definition, turn: Turn) -> None:
        configured = self.configured(one.config_path, one.repository)
        self._one(one.campaign, one.located, one.said, one.repository, one.path, configured, turn)

    def campaign_in_memory(
        self, campaign: Campaign | None, located: Located | None, said: list[Said], base: Path
    ) -> None:
        """A campaign made in code; its paths are relative to ``base``."""
        path = base / "campaign.yaml"
        repository, config_path = repository_for(path, self.start, self.options.config)
        configured = self.configured(config_path, repository)
        self._one(campaign, located, said, repository, path, configured)

    def _one(
        self,
        campaign: Campaign | None,
        located: Located | None,
        said: list[Said],
        repository: Repository,
        path: Path,
        configured: Configured,
        turn: Turn | None = None,
    ) -> None:
        turn = turn or Turn()
        shown = repository.shown(path)
        marks = ignoring.Ignores(config=configured.ignores)
        if located is not None:
            marks.extend(ignoring.in_comments(located.comments, configured.registry))
        found = [self.own(one, configured) for one in said]
        checked = CheckedCampaign(shown, None, None)
        audience: Audience | None = None
        config, selection = configured.config, configured.selection
        if campaign is not None and config is not None and selection is not None:
            with tempfile.TemporaryDirectory(prefix="preflight-") as workdir:
                resolved = resolve(
                    campaign,
                    config,
                    repository=repository,
                    base=path.parent,
                    config_base=configured.path.parent if configured.path else path.parent,
                    now=self._clock(campaign),
                    workdir=Path(workdir),
                    without_lists=self.options.without_lists,
                    class_keys=sorted(
                        {
                            key
                            for setup in selection.setups
                            for one in setup.rule.checks
                            for key in one.by
                        }
                    ),
                    turn=turn,
                )
                audience = resolved.audience
                found += [self.own(one, configured) for one in resolved.said if not one.unchecked]
                self.not_checked += [
                    NotChecked(one.rule, shown, one.problem.message)
                    for one in resolved.said
                    if one.unchecked
                ]
                for template in resolved.templates:
                    source = template.excerpt.span.source
                    if source.path != campaign.path:
                        marks.extend(ignoring.in_template(source, configured.registry))
                        configured.checked.add(self.from_config(source.path, configured))
                found += self._rules(resolved, selection, shown, configured)
                found += [self.own(one, configured) for one in marks.said]
                checked = CheckedCampaign(
                    shown,
                    campaign.name,
                    campaign.purpose.value,
                    resolved.contacts,
                    audience.selected if audience else None,
                )
                self.stamp(found, shown, audience, marks, configured)
                turn.remember(audience)
                if audience is not None:
                    audience.close()
                self.notes += resolved.notes
        else:
            self.stamp(found, shown, None, marks, configured)
            reason = "needs a definition without faults" if campaign is None else ""
            reason = reason or "needs a preflight.yaml without faults"
            self.not_checked += [
                NotChecked(name, shown, reason) for name in configured.registry.rules
            ]
        configured.checked.add(self.from_config(shown, configured))
        configured.inline.inline += marks.inline
        self.campaigns.append(checked)

    def _clock(self, campaign: Campaign) -> dt.datetime:
        """The moment of sending: `send_at`, else the clock of the run."""
        send_at = campaign.delivery.send_at
        if send_at is None:
            return self.options.now
        return send_at if send_at.tzinfo else send_at.replace(tzinfo=self.options.now.tzinfo)

    # -- configuration ------------------------------------------------------------

    def configured(self, path: Path | None, repository: Repository) -> Configured:
        if path not in self.configs:
            self.configs[path] = configure(path, repository, self.registry, self.options)
            selection = self.configs[path].selection
            self.not_checked += [
                NotChecked(name, None, "comes in a later version")
                for name in (selection.later if selection else ())
            ]
        return self.configs[path]

    def own(self, said: Said, configured: Configured) -> Found:
        """What the engine itself says, with its severity; those switched off are dropped later."""
        rule = configured.registry.find(said.rule)
        severity = rule.severity if rule else Severity.ERROR
        if configured.selection is not None:
            severity = configured.selection.own.get(said.rule, severity)
        if said.problem.weaker:
            severity = severity.weaker
        return Found(said.rule, severity, said.problem, said.problem.rows)

    # -- rules ------------------------------------------------------------

    def _rules(
        self, resolved: Resolved, selection: Selection, shown: str, configured: Configured
    ) -> list[Found]:
        found: list[Found] = []
        subjects: dict[type[Any], Sequence[Any]] = {}
        for setup in selection.setups:
            name = setup.rule.name
            doing(name)
            checks = [one for one in setup.rule.checks if one.on.__name__ != "Batch"]
            if not checks:
                self.not_checked.append(NotChecked(name, shown, "needs finished mails"))
            whole = bool(checks)
            for one in checks:
                reasons = resolved.left_open(one)
                missing = resolved.missing(one)
                if missing:
                    whole, reasons = False, (missing,)
                self.not_checked += [NotChecked(name, shown, reason) for reason in reasons]
                if missing:
                    continue
                try:
                    if one.on not in subjects:
                        subjects[one.on] = resolved.subjects(one.on)
                    said = list(called(setup, one, subjects[one.on]))
                except Unanswered as reason:
                    whole = False
                    self.not_checked.append(NotChecked(name, shown, reason.reason))
                    continue
                except Exception as error:  # noqa: BLE001 - a rule's fault must not stop the others
                    found.append(self.crash(setup, error, resolved.campaign.span()))
                    whole = False
                    break
                found += [each for each in said if isinstance(each, Found)]
                self.not_checked += [
                    NotChecked(name, shown, each.reason)
                    for each in said
                    if isinstance(each, Unchecked)
                ]
            if whole:
                configured.ran.add(setup.rule.name)
        configured.ran.update(selection.own)
        return self._counted(found, resolved, selection)

    def crash(self, setup: Setup, error: Exception, span: Span) -> Found:
        """What is said of a rule that raised; the check has failed."""
        self.failed = True
        name = setup.rule.name
        self.not_checked.append(NotChecked(name, span.source.path, "it crashed"))
        frames = traceback.extract_tb(error.__traceback__)
        where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        problem = Problem(
            span,
            f"the rule {name} of {self.registry.distribution_of(name)} crashed and did not check: "
            f"{type(error).__name__}{where}",
            f"Report it to its authors with the output of --verbose; until then, rules: "
            f"{{{name}: off}} in preflight.yaml.",
        )
        detail = "".join(traceback.format_exception(error))
        return Found("rule-crashed", Severity.ERROR, problem, detail=detail)

    def _counted(self, found: list[Found], resolved: Resolved, selection: Selection) -> list[Found]:
        """Conditions become counts, in one scan; those that hit nobody are dropped."""
        audience = resolved.audience
        if audience is not None:
            found = [one for one in found if self._answerable(one, audience)]
        asking = [one for one in found if one.problem.condition is not None]
        if not asking or audience is None:
            return [one for one in found if one.problem.condition is None]
        conditions = [str(one.problem.condition) for one in asking]
        doing("counting recipients")
        try:
            rows = audience.scan(conditions)
        except Exception:  # noqa: BLE001 - find the one at fault below
            found = self._counted_apart(found, resolved, selection)
            return list(self._exact(found, audience, selection))
        answers = {id(one): answer for one, answer in zip(asking, rows, strict=True)}
        counted = [
            replace(one, rows=answers.get(id(one), one.rows))
            for one in found
            if id(one) not in answers or answers[id(one)].count
        ]
        return list(self._exact(counted, audience, selection))

    def _exact(
        self, found: list[Found], audience: Audience, selection: Selection
    ) -> Iterator[Found]:
        """The problems that a finer test leaves of those that conditions found."""
        for one in found:
            if one.problem.exactly is None:
                yield one
                continue
            try:
                problem = one.problem.exactly(audience)
            except Unanswered:  # by a database: what the condition found stands
                yield one
            except Exception as error:  # noqa: BLE001 - a rule's fault must not stop the others
                setup = next(each for each in selection.setups if each.rule.name == one.rule)
                yield self.crash(setup, error, audience.campaign.span())
            else:
                if problem is not None:
                    yield replace(one, problem=problem, rows=problem.rows)

    def _answerable(self, one: Found, audience: Audience) -> bool:
        """Whether the condition of a problem can be asked where the contacts are."""
        condition = one.problem.condition
        try:
            reason = audience.why_not(condition) if condition is not None else ""
        except Exception:  # noqa: BLE001 - a faulty condition is the rule's, found when it runs
            return True
        if reason:
            self.not_checked.append(NotChecked(one.rule, audience.campaign.path, reason))
        return not reason

    def _counted_apart(
        self, found: list[Found], resolved: Resolved, selection: Selection
    ) -> list[Found]:
        counted: list[Found] = []
        setups = {setup.rule.name: setup for setup in selection.setups}
        assert resolved.audience is not None
        crashed: set[str] = set()
        for one in found:
            if one.problem.condition is None:
                counted.append(one)
                continue
            try:
                rows = resolved.audience.scan([one.problem.condition])[0]
            except Unanswered as reason:
                self.not_checked.append(NotChecked(one.rule, resolved.campaign.path, reason.reason))
                continue
            except Exception as error:  # noqa: BLE001 - a condition that cannot run is a crash
                if one.rule not in crashed:
                    counted.append(self.crash(setups[one.rule], error, resolved.campaign.span()))
                crashed.add(one.rule)
                continue
            if rows.count:
                counted.append(replace(one, rows=rows))
        return counted

    # -- annotations ------------------------------------------------------------

    def stamp(
        self,
        found: Iterable[Found],
        shown: str | None,
        audience: Audience | None,
        marks: ignoring.Ignores,
        configured: Configured,
        *,
        on: str | None = None,
    ) -> None:
        """Make annotations of what was found, but for what is ignored. ``on``: the file that
        ``ignore:`` entries mean, where it is not the annotation's own path."""
        off = set()
        if configured.selection is not None:
            off = {
                name
                for name in configured.registry.names - configured.registry.rules.keys()
                if name not in configured.selection.own
            }
        for one in merged(list(found)):
            if one.rule in off:
                continue
            annotation = stamped(one, shown, audience)
            reason = marks.reason_for(
                annotation, self.from_config(on or annotation.path, configured)
            )
            vital = one.rule in ("rule-crashed", "invalid-configuration")
            if reason is not None and not vital:
                self.ignored.append(Ignored(annotation, reason))
            else:
                self.annotations.append(annotation)

    def from_config(self, shown: str, configured: Configured) -> str:
        """A shown path as the ``ignore:`` entries write it: from the folder of the config."""
        if configured.path is None:
            return shown
        folder = configured.path.parent.resolve()
        path = (self.start / shown).resolve()
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else shown

    # -- the end ------------------------------------------------------------

    def report(self) -> Report:
        for configured in self.configs.values():
            said = [*configured.said, *self._unused(configured), *configured.inline.said]
            self.failed = self.failed or configured.failed
            marks = ignoring.Ignores(inline=list(configured.inline.inline))
            self.stamp((self.own(one, configured) for one in said), None, None, marks, configured)
        if self.options.strict:
            self.annotations += [self._strict(one) for one in self.not_checked]
        return Report(
            campaigns=tuple(self.campaigns),
            annotations=fingerprinted(in_order(self._explained(self.annotations))),
            ignored=tuple(sorted(self.ignored, key=lambda one: sort_key(one.annotation))),
            not_checked=tuple(
                sorted(
                    dict.fromkeys(self.not_checked),
                    key=lambda one: (one.campaign or "", one.reason, one.rule),
                )
            ),
            fail_on=self.options.fail_on,
            failed=self.failed,
            notes=tuple(self.notes),
        )

    def _unused(self, configured: Configured) -> Iterator[Said]:
        reached = [
            one
            for one in configured.ignores
            if one.entry.path is None
            or one.expired
            or any(ignoring.matches(path, one.entry.path) for path in configured.checked)
        ]
        yield from ignoring.unused([*reached, *configured.inline.inline], frozenset(configured.ran))

    def _strict(self, one: NotChecked) -> Annotation:
        source = Source(one.campaign or ".", "")
        return Annotation(
            "not-checked",
            Severity.ERROR,
            f"{one.rule} was not checked: it {one.reason}"
            if one.reason.startswith("needs")
            else f"{one.rule} was not checked: {one.reason}",
            source.span(),
            one.campaign,
            help="Give it what it needs, or leave out --strict.",
        )

    def _explained(self, annotations: Iterable[Annotation]) -> Iterator[Annotation]:
        """With the reason why each matters: the first paragraph under Why of the rule's page."""
        registries = [configured.registry for configured in self.configs.values()]
        for annotation in annotations:
            name = annotation.rule
            rule = next((found for r in registries if (found := r.find(name))), None)
            yield replace(annotation, why=why(rule) if rule is not None else "")


def check(
    paths: Iterable[Path],
    registry: Registry,
    options: Options,
    start: Path,
    progress: Callable[[Path], None] | None = None,
    mails: Sequence[Path] = (),
) -> Report:
    """Check campaign files, in the order in which they are sent, then files of finished mail;
    reported in the order given. Paths are shown relative to ``start``."""
    run = Run(registry, options, start)
    with Plan(run.definition(path) for path in paths) as plan:
        for one, turn in plan.turns():
            if progress is not None:
                progress(one.path)
            run.campaign(one, turn)
    order = {one.repository.shown(one.path): n for n, one in enumerate(plan.definitions)}
    run.campaigns.sort(key=lambda checked: order[checked.path])
    if mails:
        from preflight.mail_files import check_mail_files

        check_mail_files(run, mails, progress)
    return run.report()


def called(setup: Setup, check: Check, subjects: Iterable[Any]) -> Iterator[Found | Unchecked]:
    """What a check says of each subject."""
    for subject in subjects:
        for problem in setup.rule.run(check, subject, setup.options):
            if isinstance(problem, Unchecked):
                yield problem
                continue
            severity = setup.severity.weaker if problem.weaker else setup.severity
            rows = problem.rows
            if rows is None and check.on.__name__ == "Message" and subject.mail is None:
                rows = Rows(subject.count, subject.first)
            yield Found(setup.rule.name, severity, problem, rows, problem.detail)
