"""The tree of errors. Each says what is wrong, where, and what to do.

PactaError
├── InputError                 a document that cannot be read; the documents beside it go on
│   ├── NotUtf8                bytes that are not UTF-8
│   ├── EmptyDocument          nothing but white space
│   ├── TooLarge               more bytes than the limit
│   ├── BinaryInput            a picture, an archive, a PDF: not text
│   ├── BadJsonLine            a line of JSON Lines that is broken or lacks its text
│   ├── BadDate                a date that is none
│   ├── BadMetadata            a sidecar or a metadata field that cannot be used
│   ├── OtherLanguage          a text in a language that is not read
│   ├── UnknownInput           a file whose format is not known
│   └── UnreadableFile         a file that is missing or may not be read
├── KnowledgeError             an ontology, shape, query, seed or lexicon file with a fault
├── QueryError                 a question that cannot be asked
│   ├── UnknownQuery           no query of that name
│   ├── QuerySyntaxError_      not SPARQL 1.1
│   ├── UnknownParameter       the query has no parameter of that name
│   └── BadParameter           a value that does not fit its parameter
├── StoreError                 a store that cannot be opened, read or written
│   └── DamagedStore           one whose files are not as they were written
├── ConversionError            a document that could be read, but not converted
├── ValidationError_           a graph that could not be validated at all (violations are a report, not an error)
└── UsageError_                options or arguments that do not go together

>>> str(BadDate("'soon' is no date", where="a.json", remedy="write it as 2021-08-13"))
"'soon' is no date (a.json). Write it as 2021-08-13."
"""

from __future__ import annotations


class PactaError(Exception):
    """Say `what` is wrong, `where` (file:line or IRI), and the `remedy`."""

    def __init__(self, what: str, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        message = self.what.rstrip(".")
        if self.where:
            message += f" ({self.where})"
        if self.remedy:
            remedy = self.remedy.rstrip(".")
            message += f". {remedy[:1].upper()}{remedy[1:]}."
        return _visible(message)


def _visible(text: str) -> str:
    """Return a text with what no terminal should get (control characters, undecoded bytes) as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


class InputError(PactaError):
    """A document that cannot be read."""


class NotUtf8(InputError):
    """Bytes that are not UTF-8."""


class EmptyDocument(InputError):
    """Nothing but white space."""


class TooLarge(InputError):
    """More bytes than the limit."""


class BinaryInput(InputError):
    """Not text."""


class BadJsonLine(InputError):
    """A line of JSON Lines that is broken or lacks its text."""


class BadDate(InputError):
    """A date that is none."""


class BadMetadata(InputError):
    """A sidecar or a metadata field that cannot be used."""


class OtherLanguage(InputError):
    """A text in a language that is not read."""


class UnknownInput(InputError):
    """A file whose format is not known."""


class UnreadableFile(InputError):
    """A file that is missing or may not be read."""


class KnowledgeError(PactaError):
    """An ontology, shape, query, seed or lexicon file with a fault."""


class QueryError(PactaError):
    """A question that cannot be asked."""


class UnknownQuery(QueryError):
    """No query of that name."""


class QuerySyntaxError_(QueryError):
    """Not SPARQL 1.1."""


class UnknownParameter(QueryError):
    """The query has no parameter of that name."""


class BadParameter(QueryError):
    """A value that does not fit its parameter."""


class StoreError(PactaError):
    """A store that cannot be opened, read or written."""


class DamagedStore(StoreError):
    """A store whose files are not as they were written."""


class ConversionError(PactaError):
    """A document that could be read, but not converted."""


class ValidationError_(PactaError):
    """A graph that could not be validated at all."""


class UsageError_(PactaError):
    """Options or arguments that do not go together."""
