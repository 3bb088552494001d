"""The data files of this package: JSON, those that are learned packed with gzip."""

from __future__ import annotations

import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"
_GZIP = 31  # how zlib is told of gzip's header; the module of that name takes longer to import


@cache
def load(name: str) -> Any:
    """What the file ``<name>.json`` or ``<name>.json.gz`` holds."""
    plain = _FOLDER / f"{name}.json"
    if plain.is_file():
        return json.loads(plain.read_bytes())
    return json.loads(zlib.decompress((_FOLDER / f"{name}.json.gz").read_bytes(), _GZIP))


@cache
def there(name: str) -> bool:
    """Whether there is such a file."""
    return any((_FOLDER / f"{name}{end}").is_file() for end in (".json", ".json.gz"))


def pack(name: str, data: Any) -> int:
    """Writes a learned file; returns its size in bytes."""
    import gzip

    text = json.dumps(data, ensure_ascii=False, indent=0) + "\n"
    packed = gzip.compress(text.encode(), mtime=0)
    (_FOLDER / f"{name}.json.gz").write_bytes(packed)
    load.cache_clear()
    there.cache_clear()
    return len(packed)
