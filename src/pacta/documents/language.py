"""The language of a document: one that the parser does not read is set aside by name, not mangled.

Texts of agreements pass in any language: their structure is read without the parser.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pacta.errors import InputError, OtherLanguage
from pacta.model import Document

READ = "en"
_SURE = 0.95  # probability; below it the text is read all the same
_LETTERS = 60  # fewer tell no language
_SAMPLE = 1500  # characters


def only_read(item: Document | InputError) -> Document | InputError:
    """Return a document that the parser can read, or OtherLanguage in its place; errors pass."""
    if isinstance(item, InputError) or item.metadata.agreement_text is not None:
        return item
    declared = item.metadata.language.partition("-")[0].lower()
    found = declared if declared != READ else other_language(item.text)
    if found is None:
        return item
    how = "is declared to be" if found == declared else "seems to be"
    remedy = f"set aside; give a translation into {READ!r}, or correct the field language"
    return OtherLanguage(f"the text {how} in {found!r}, which is not read", item.source_name, remedy)


def other_language(text: str) -> str | None:
    """Return the code of the language where a text is surely in another one than the parser reads.

    >>> other_language("Le ministère des affaires étrangères a déclaré mercredi que la situation était calme.")
    'fr'
    >>> other_language("The foreign ministry said on Wednesday that the situation along the ridge was calm.")
    >>> other_language("Oui, non.")
    """
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < _LETTERS:
        return None
    code, probability = _identifier().classify(sample)
    return str(code) if code != READ and probability >= _SURE else None


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """Return the identifier; its model takes half a second to load."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
