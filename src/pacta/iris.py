"""IRIs: one method for each kind of resource, computed from content and position, never from a clock or a counter.

Whatever text goes in, only `[A-Za-z0-9._+-]` comes out between the slashes: `slug` for names that people wrote,
`segment` for codes that are mostly clean already.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from pacta.vocabulary import ID_BASE

KEY_LENGTH = 12
SLUG_LENGTH = 60

_SAFE_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_SAFE_BASE = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(?:/[A-Za-z0-9._~+-]*)*[/#]")
_SEPARATORS = re.compile(r"[\s_‐‑‒–—-]+")
_UNSAFE = re.compile(r"[^a-z0-9-]+")


def digest(*parts: str, length: int = KEY_LENGTH) -> str:
    """Return the first `length` hex digits of the sha256 of `parts`, kept apart by a line feed."""
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:length]


def slug(text: str) -> str:
    """Return `text` as lower-case `[a-z0-9-]`, at most 60 characters; what was lost is kept apart by a hash suffix.

    >>> slug("Red Valley Front")
    'red-valley-front'
    >>> slug("Café <del Mar>")
    'cafe-del-mar-51ad3ad5'
    """
    whole = _SEPARATORS.sub("-", unicodedata.normalize("NFKC", text).lower().strip()).strip("-")
    plain = "".join(c for c in unicodedata.normalize("NFKD", whole) if not unicodedata.combining(c))
    kept = _SEPARATORS.sub("-", _UNSAFE.sub("-", plain)).strip("-")
    if kept == whole and 0 < len(kept) <= SLUG_LENGTH:
        return kept
    suffix = digest(whole, length=8)
    return f"{kept[: SLUG_LENGTH - 9].strip('-') or 'x'}-{suffix}"


def segment(text: str) -> str:
    """Return `text` itself where it is safe between two slashes of an IRI, and its slug where it is not."""
    return text if _SAFE_SEGMENT.fullmatch(text) else slug(text)


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs of one data space. `base` ends in "/" or "#"; `key` is everywhere the document's 12 hex digits.

    >>> Iris().span("0a1b2c3d4e5f", 10, 40)
    'https://w3id.org/pacta/id/capture/0a1b2c3d4e5f#char=10,40'
    """

    base: str = ID_BASE

    def __post_init__(self) -> None:
        if not _SAFE_BASE.fullmatch(self.base):
            raise ValueError(f"{self.base!r} is no base for data IRIs: give an http(s) IRI that ends in '/' or '#'")

    # --- source ---------------------------------------------------------------------------------------------------
    def document(self, key: str) -> str:
        return self._of("document", key)

    def capture(self, key: str) -> str:
        return self._of("capture", key)

    def span(self, key: str, start: int, end: int) -> str:
        """Return the IRI of a half-open code-point interval of a capture (RFC 5147)."""
        return f"{self.capture(key)}#char={start:d},{end:d}"

    def run(self, version: str, parser_model: str, knowledge_hash: str) -> str:
        """Return the IRI of a run: the same for all documents read by one version with one parser and one knowledge."""
        return f"{self.base}run/{segment(version)}-{digest(version, parser_model, knowledge_hash)}"

    # --- named graphs ---------------------------------------------------------------------------------------------
    def record(self, key: str, version: str) -> str:
        """Return the IRI that is both the Record and the named graph of one capture read by one converter version."""
        return f"{self._of('graph/record', key)}-v{segment(version)}"

    def text_graph(self, key: str) -> str:
        return self._of("graph/text", key)

    def reference_graph(self) -> str:
        return f"{self.base}graph/reference"

    def agreement_graph(self, code: str) -> str:
        return self._of("graph/agreement", code)

    def editorial_graph(self, who: str) -> str:
        return self._of("graph/editorial", who)

    def derived_graph(self) -> str:
        return f"{self.base}graph/derived"

    def provenance_graph(self) -> str:
        return f"{self.base}graph/provenance"

    # --- discourse and content: `local` is the id without the key, as in the model ----------------------------------
    def statement(self, key: str, local: str) -> str:
        return self._of("statement", key, local)

    def attribution(self, key: str, local: str) -> str:
        return self._of("attribution", key, local)

    def communique(self, key: str, number: int) -> str:
        return self._of("communique", key, str(number))

    def proposition(self, key: str, local: str) -> str:
        return self._of("proposition", key, local)

    def incident(self, key: str, local: str) -> str:
        return self._of("incident", key, local)

    def participation(self, key: str, stem: str, role: str, number: int) -> str:
        return self._of("participation", key, stem, role, str(number))

    def obligation(self, key: str, stem: str, number: int) -> str:
        return self._of("obligation", key, stem, str(number))

    def link(self, key: str, stem: str, number: int) -> str:
        return self._of("link", key, stem, str(number))

    def time(self, key: str, start: int, end: int) -> str:
        return self._of("time", key, str(start), str(end))

    def location(self, key: str, start: int, end: int) -> str:
        return self._of("location", key, str(start), str(end))

    # --- actors and places ----------------------------------------------------------------------------------------
    def actor(self, code: str) -> str:
        """Return an actor's IRI from its code: "aze", "osce", "f-0001"."""
        return self._of("actor", code)

    def organ(self, iso3: str, function: str) -> str:
        """Return the IRI of a state's organ from ISO 3166 alpha-3 code and the notation of the organ function."""
        return self._of("actor", iso3.lower(), function.lower())

    def outlet(self, name: str) -> str:
        return self._of("actor", "o", slug(name))

    def place(self, code: str) -> str:
        return self._of("place", code)

    def name(self, subject: str, language: str, form: str) -> str:
        """Return the IRI of a name from the IRI of what it names, its language tag and its form."""
        tail = subject.removeprefix(self.base)
        for kind in ("actor/", "place/", "agreement/"):
            tail = tail.removeprefix(kind)
        return self._of("name", tail, language.lower(), slug(form))

    def local_actor(self, key: str, label: str) -> str:
        """Return the IRI of an actor that only one record describes."""
        return self._of("actor", key, slug(label))

    def local_place(self, key: str, label: str) -> str:
        return self._of("place", key, slug(label))

    def local_agreement(self, key: str, label: str) -> str:
        return self._of("agreement", key, slug(label))

    # --- agreements: `agreement` and `text` are IRIs ----------------------------------------------------------------
    def agreement(self, code: str) -> str:
        """Return an agreement's IRI from sorted party codes and month: "arm-aze-rus-2020-11"."""
        return self._of("agreement", code)

    def clause(self, agreement: str, number: str) -> str:
        return f"{agreement}/clause/{segment(number)}"

    def reading(self, clause: str, local: str) -> str:
        return f"{clause}/reading/{segment(local)}"

    def agreement_text(self, agreement: str, publisher: str, language: str, edition: str | None = None) -> str:
        """Return a text's IRI; `edition` tells apart several texts by one publisher in one language."""
        tail = f"-{segment(edition)}" if edition else ""
        return f"{agreement}/text/{segment(publisher)}-{segment(language.lower())}{tail}"

    def clause_text(self, text: str, number: str) -> str:
        return f"{text}/clause/{segment(number)}"

    # --- derived --------------------------------------------------------------------------------------------------
    def dispute(self, code: str) -> str:
        return self._of("dispute", code)

    def dispute_side(self, dispute: str, code: str) -> str:
        return f"{dispute}/side/{segment(code)}"

    def _of(self, kind: str, *parts: str) -> str:
        return f"{self.base}{kind}/{'-'.join(segment(part) for part in parts)}"
