"""What is asked of an engine that holds contacts, whichever it is."""

from __future__ import annotations

from typing import Any, Protocol


class Answer(Protocol):
    """The rows of one statement."""

    def fetchall(self) -> list[Any]: ...

    def fetchone(self) -> Any: ...


class Connection(Protocol):
    """An engine that takes the SQL of the embedded one."""

    def execute(self, query: str, parameters: Any = ..., /) -> Answer: ...

    def close(self) -> None: ...
