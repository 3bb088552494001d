"""The data files of this package: JSON, those that are learned packed with gzip."""

from __future__ import annotations

import json
import os.path
import zlib
from functools import cache
from typing import Any

_FOLDER = os.path.join(os.path.dirname(__file__), "data", "")
_GZIP = 31  # how zlib is told of gzip's header; the module of that name takes longer to import


@cache
def load(name: str) -> Any:
    """What the file ``<name>.json`` or ``<name>.json.gz`` holds."""
    packed = os.path.isfile(f"{_FOLDER}{name}.json.gz")
    with open(f"{_FOLDER}{name}.json{'.gz' * packed}", "rb") as file:
        data = file.read()
    return json.loads(zlib.decompress(data, _GZIP) if packed else data)


@cache
def there(name: str) -> bool:
    """Whether there is such a file."""
    return any(os.path.isfile(f"{_FOLDER}{name}{end}") for end in (".json", ".json.gz"))


def pack(name: str, data: Any) -> int:
    """Writes a learned file; returns its size in bytes."""
    import gzip

    text = json.dumps(data, ensure_ascii=False, indent=0) + "\n"
    packed = gzip.compress(text.encode(), mtime=0)
    with open(f"{_FOLDER}{name}.json.gz", "wb") as file:
        file.write(packed)
    load.cache_clear()
    there.cache_clear()
    return len(packed)
