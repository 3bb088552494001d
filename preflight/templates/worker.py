"""Rendering in a child process with resource limits: both ends of the pipe.

The child gets one JSON document on its input and writes one JSON array a line: the events of
`preflight.templates.sandbox.render_all`. It has no environment, may open few files and write none,
and is killed with its group when its time is over. Where the system has no resource limits
(Windows) only the clock bounds it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING

from preflight.templates.marks import Alphabet
from preflight.templates.sandbox import (
    Begun,
    Event,
    Failed,
    Limits,
    Order,
    Output,
    Probed,
    needs_memory,
    needs_time,
    render_all,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_EVENTS: Mapping[str, type[Event]] = {
    kind.__name__: kind for kind in (Begun, Output, Probed, Failed)
}
_START = (
    "import sys; sys.path += {paths!r}; sys.dont_write_bytecode = True; "
    "from preflight.templates.worker import main; main()"
)


class NoChild(Exception):
    """A process of its own could not be started, or ended before it began."""


def render_in_child(
    orders: Sequence[Order],
    rows: Sequence[Mapping[str, object]],
    alphabet: Alphabet | None,
    base: Path | None,
    limits: Limits,
    seconds: float,
) -> Iterator[Event]:
    """`render_all` in a process of its own, killed after ``seconds`` by the clock.

    When it had to be killed, or died, the last event is the hazard of the template that was being
    rendered; templates after it have no events. Raises NoChild when it did not get so far.
    """
    request = json.dumps(
        {
            "orders": orders,
            "rows": [dict(row) for row in rows],
            "first": alphabet.first if alphabet else None,
            "base": str(base) if base else None,
            "limits": asdict(limits),
        }
    ).encode("ascii")
    current: int | None = None
    stopped = False
    with _child(request, seconds) as (process, expired):
        for event in _events(process.stdout, 8 * limits.total + 64_000_000):
            if isinstance(event, Begun):
                current = event.part
            stopped = isinstance(event, Failed) and event.hazard
            yield event
    code = process.returncode
    if code == 0:
        return
    if current is None:
        late = "was not rendered: no time was left for it"
        raise NoChild(late if expired.is_set() else "the process to render it in did not start")
    timed_out = expired.is_set() or code == -getattr(signal, "SIGXCPU", 0)
    message = needs_time(limits) if timed_out else needs_memory(limits)
    if not stopped:
        yield Failed(current, -1, True, message, 0, -1)


@contextlib.contextmanager
def _child(
    request: bytes, seconds: float
) -> Iterator[tuple[subprocess.Popen[bytes], threading.Event]]:
    """A child that is fed ``request``; killed after ``seconds``, and at the end in any case."""
    import jinja2
    import markupsafe

    here = Path(__file__)
    folders = [
        here.parents[2],
        Path(jinja2.__file__).parents[1],
        Path(markupsafe.__file__).parents[1],
    ]
    paths = list(dict.fromkeys(str(folder.resolve()) for folder in folders))
    keep = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    if not sys.executable:
        raise NoChild("this Python has no executable to render the template with")
    try:
        process = subprocess.Popen(  # noqa: S603 - our own code, by a fixed command
            [sys.executable, "-I", "-S", "-c", _START.format(paths=paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=keep,
            start_new_session=True,
        )
    except OSError as error:
        raise NoChild(f"no process could be started to render the template: {error}") from None
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        _kill(process)

    timer = threading.Timer(seconds, expire)
    writer = threading.Thread(target=_feed, args=(process.stdin, request), daemon=True)
    timer.start()
    writer.start()
    try:
        yield process, expired
    finally:
        timer.cancel()
        _kill(process, unless_ended=True)
        process.wait()
        writer.join()
        if process.stdout:
            process.stdout.close()


def _kill(process: subprocess.Popen[bytes], *, unless_ended: bool = False) -> None:
    if unless_ended:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
    if process.poll() is not None:
        return
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _feed(pipe: IO[bytes] | None, request: bytes) -> None:
    if pipe:
        with contextlib.suppress(OSError), pipe:
            pipe.write(request)


def _events(pipe: IO[bytes] | None, most: int) -> Iterator[Event]:
    """The events a child writes, up to ``most`` bytes; a line that was cut off is left out."""
    while pipe and most > 0:
        line = pipe.readline(most)
        most -= len(line)
        if not line.endswith(b"\n"):
            return
        name, *fields = json.loads(line.decode("utf-8", "surrogatepass"))
        yield _EVENTS[name](*fields)


def main() -> None:
    """The child: limits first, then read, render, write."""
    import random

    request = json.loads(sys.stdin.buffer.read())
    limits = Limits(**request["limits"])
    _restrict(limits)
    events = render_all(
        [Order(*order) for order in request["orders"]],
        request["rows"],
        None if request["first"] is None else Alphabet(request["first"]),
        Path(request["base"]) if request["base"] else None,
        limits,
        reset=lambda: random.seed(0),
    )
    output = sys.stdout.buffer
    for event in events:
        line = json.dumps([type(event).__name__, *event], ensure_ascii=False)
        output.write(line.encode("utf-8", "surrogatepass") + b"\n")
        output.flush()


def _restrict(limits: Limits) -> None:
    try:
        import resource
    except ImportError:
        return
    wanted = (
        ("RLIMIT_CPU", limits.seconds, limits.seconds + 1),
        ("RLIMIT_AS", limits.memory, limits.memory),
        ("RLIMIT_NOFILE", 32, 32),
        ("RLIMIT_FSIZE", 0, 0),
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_NPROC", 0, 0),
    )
    for name, soft, hard in wanted:
        kind = getattr(resource, name, None)
        if kind is not None:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (soft, hard))
