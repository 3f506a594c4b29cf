"""Short forms of IRIs as people type them and as answers show them: actor/osce, id:actor/osce, force:denies."""

from __future__ import annotations

import re

from pacta.errors import UsageError_
from pacta.vocabulary import ID_BASE, PREFIXES, SCHEMES, VOCAB

_ABSOLUTE = re.compile(r"<?([A-Za-z][A-Za-z0-9+.-]*:(?://|\S*:)[^\s<>\"{}|\\^`]*)>?")
_PREFIXED = re.compile(r"([A-Za-z][\w-]*):([^\s<>\"{}|\\^`]*)")
_LOCAL = re.compile(r"[^\s<>\"{}|\\^`:]+")


def whole_iri(short: str, base: str = ID_BASE) -> str:
    """Return the full IRI for a full, prefixed or local form; `id:` and the local form stand on `base`.

    Prefixes are those of the project, and each concept scheme's name.

    >>> whole_iri("id:actor/osce"), whole_iri("actor/osce")
    ('https://w3id.org/pacta/id/actor/osce', 'https://w3id.org/pacta/id/actor/osce')
    >>> whole_iri("pacta:Statement")
    'https://w3id.org/pacta/ontology#Statement'
    """
    text = short.strip()
    prefixes = {**{scheme: f"{VOCAB}{scheme}/" for scheme in SCHEMES}, **PREFIXES, "id": base}
    if match := _ABSOLUTE.fullmatch(text):
        return match[1]
    if match := _PREFIXED.fullmatch(text):
        if match[1] in prefixes:
            return prefixes[match[1]] + match[2]
        known = ", ".join(f"{prefix}:" for prefix in ("id", *PREFIXES))
        raise UsageError_(f"the prefix {match[1]}: is not known", short, f"write the whole IRI, or one of {known}")
    if _LOCAL.fullmatch(text):
        return base + text.lstrip("/")
    raise UsageError_("this is no IRI", short, "write it whole, or as id:actor/…")
