"""Where ontology/, shapes/, queries/ and seeds/ are: in PACTA_HOME, in the wheel, or in the checkout.

>>> path("queries").name
'queries'
"""

from __future__ import annotations

import os
from pathlib import Path

from pacta.errors import KnowledgeError

KINDS = ("ontology", "shapes", "queries", "seeds")
_PACKAGE = Path(__file__).resolve().parent


def path(kind: str) -> Path:
    """Return the folder of one of KINDS.

    `PACTA_HOME` names a folder that holds all four and wins where it is set; a wheel carries them inside the package;
    in a checkout they lie beside `src/`.
    """
    if kind not in KINDS:
        raise KnowledgeError(f"there is no kind of resource named {kind!r}", remedy=f"take one of {', '.join(KINDS)}")
    home = os.environ.get("PACTA_HOME")
    places = (Path(home),) if home else (_PACKAGE, _PACKAGE.parents[1])
    for place in places:
        if (place / kind).is_dir():
            return place / kind
    remedy = f"give PACTA_HOME a folder that holds {', '.join(KINDS)}" if home else "install pacta again"
    raise KnowledgeError(f"the folder {kind}/ is missing", where=" or ".join(map(str, places)), remedy=remedy)


def files(kind: str, pattern: str) -> tuple[Path, ...]:
    """Return the files of `kind` that match `pattern` ("**/*.ttl"), sorted by path; none at all is an error."""
    folder = path(kind)
    found = tuple(sorted((p for p in folder.glob(pattern) if p.is_file()), key=lambda p: p.relative_to(folder).parts))
    if not found:
        raise KnowledgeError(
            f"no file matches {pattern}", where=str(folder), remedy="check that the folder is complete"
        )
    return found
