"""All that a document ascribes to somebody, in reading order: cue, source and content joined, before interpretation."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spacy.tokens import Span as DocSpan
from spacy.tokens import Token

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.model import Span
from pacta.statements.contents import Content, find_content, narrowness
from pacta.statements.coreference import Resolver
from pacta.statements.cues import Cue, find_cues
from pacta.statements.grammar import child, subject
from pacta.statements.sources import Source, find_source, noun_beside

_FIRST_PERSON = frozenset({"we", "i"})
_FRAME_CONFIDENCE = {
    "clause": 0.9, "direct": 0.9, "object-of": 0.9, "source-marker": 0.85, "infinitive": 0.85, "evidence": 0.8,
    "what": 0.8, "object-as": 0.75, "object": 0.75, "preposition": 0.75, "object-infinitive": 0.75,
    "noun-complement": 0.6, "colon": 0.7, "continued": 0.75,
}
_MIN_QUOTED_WORDS = 3


@dataclass(frozen=True)
class Said:
    """One ascription. Spans refer to the text; `root`/`tokens`: the content's parse; `target`: head of who is charged."""

    speaker: str
    force: str
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    root: Token
    tokens: tuple[Token, ...]
    frame: str
    mode: str
    stance: str
    confidence: float
    sentence: int
    cue_head: Token | None
    source_head: Token | None = None
    target: Token | None = None
    headline: bool = False
    communique: bool = False
    relayed: tuple[Span, Span, str] | None = None  # cue span, source span, actor cited


def extract(page: Annotated, resolver: Resolver, texts: frozenset[int] = frozenset()) -> list[Said]:
    """Return the ascriptions of the document in reading order.

    `texts`: offsets of words that mean an agreement: what a text provides for is read, not said.
    """
    found: list[Said] = []
    before = 0
    for index, (paragraph, sentence, span) in enumerate(page.sentences):
        resolver.note_names(span[1], before)
        before = span[1]
        said = _colon(page, resolver, sentence, span, index) if paragraph.headline else None
        if said is not None:
            found.append(said)
            continue
        _note_communiques(page, resolver, sentence)
        found.extend(_of_sentence(page, resolver, sentence, span, index, paragraph.headline, texts))
        main = child(sentence.root, "nsubj", "nsubjpass")
        if main is not None and main.pos_ in ("NOUN", "PROPN") and page.quoted(sx.start(main)) is None:
            resolver.note_subject(main)
    found.extend(_continued(page, found))
    return _without_agencies(sorted(found, key=lambda s: (s.content[0], s.sentence, s.cue)), resolver)


def _of_sentence(
    page: Annotated,
    resolver: Resolver,
    sentence: DocSpan,
    span: Span,
    index: int,
    headline: bool,
    texts: frozenset[int],
) -> list[Said]:
    found: list[Said] = []
    for alternatives in find_cues(list(sentence), page.lexicon):
        cue, source, content = _best(page, alternatives)
        if source is None or _performative(page, cue) or _is_text(page, source.head, texts):
            continue
        if _strays(page, cue, content):
            continue
        direct = _direct_spans(page, cue, source, content, span) if cue.pos != "noun" else ()
        if content is None and not direct:
            continue
        said = _said(page, resolver, cue, source, content, direct, index, headline)
        if said is not None:
            found.append(said)
    return found


def _best(page: Annotated, alternatives: tuple[Cue, ...]) -> tuple[Cue, Source | None, Content | None]:
    """Choose the lexicon entry whose frame the syntax bears out; the longer lemma, then the narrower frame."""
    readings = []
    for cue in alternatives:
        if "relay" in cue.entry.frames and cue.head.tag_ == "VBG":
            continue
        source = find_source(cue, page.lexicon, _beside(page, cue))
        content = find_content(cue, source.head, page.lexicon) if source is not None else None
        rank = narrowness(content.frame) if content is not None else 99
        particles = max((len(x) for x in cue.entry.lemmas), default=1) if content is not None else 0
        readings.append((-particles, rank, cue, source, content))
    if not readings:
        return alternatives[0], None, None
    return min(readings, key=lambda r: r[:2])[2:]


def _beside(page: Annotated, cue: Cue) -> Token | None:
    """Return the speaker that stands beside a cue next to a quotation, where the parser took a quoted word for it."""
    if cue.pos != "verb":
        return None
    a, b = sx.start(cue.tokens[0]), sx.end(cue.tokens[-1])
    if page.quoted(a) is not None:
        return None
    found = find_source(cue, page.lexicon)
    if found is not None and page.quoted(sx.start(found.head)) is None:
        return None
    before = page.text[:a].rstrip()
    if any(q.span[1] == len(before) for q in page.quotations):
        return noun_beside(cue, before=False)
    after = b + len(page.text[b:]) - len(page.text[b:].lstrip(" ,:"))
    if found is not None and any(q.span[0] == after for q in page.quotations):
        return noun_beside(cue, before=True)
    return None


def _is_text(page: Annotated, head: Token, texts: frozenset[int]) -> bool:
    """Tell whether a phrase means an agreement or a part of one."""
    if sx.start(head) in texts:
        return True
    lemma, lexicon = head.lemma_.lower(), page.lexicon
    return lemma in lexicon.lemmas("AgreementNoun") and lemma not in lexicon.lemmas("CommuniqueNoun")


def _strays(page: Annotated, cue: Cue, content: Content | None) -> bool:
    """Tell whether a cue inside a quotation is none: its content leaves the marks, or is no clause."""
    quotation = page.quoted(sx.start(cue.head))
    if quotation is None or cue.pos != "verb":
        return False
    if content is None or content.frame not in ("clause", "object-of", "infinitive"):
        return True
    return any(not quotation.inner[0] <= sx.start(t) < quotation.inner[1] for t in content.tokens)


def _note_communiques(page: Annotated, resolver: Resolver, sentence: DocSpan) -> None:
    """Take in who put out a communique ("the army issued a statement"), so that "the statement said" is theirs."""
    nouns = page.lexicon.lemmas("CommuniqueNoun")
    for token in sentence:
        if token.lemma_.lower() in nouns and token.dep_ in ("dobj", "pobj") and page.quoted(sx.start(token)) is None:
            verb = token.head.head if token.dep_ == "pobj" else token.head
            found = subject(verb)
            if found is not None and found[0].pos_ in ("NOUN", "PROPN") and found[0] != token:
                actor = resolver.actor(found[0], create=False)
                if actor is not None:
                    resolver.issued(sx.start(token), actor)


def _said(
    page: Annotated,
    resolver: Resolver,
    cue: Cue,
    source: Source,
    content: Content | None,
    direct: tuple[Span, ...],
    index: int,
    headline: bool,
) -> Said | None:
    speaker = resolver.actor(source.head, speaker=True)
    if speaker is None:
        return None
    spans = direct or (_with_weekday(page, cue, content) if content is not None else ())
    tokens = [t for s in spans for t in page.tokens_in(s)]
    if not tokens:
        return None
    root = _root(content, tokens) if content else _top(tokens)
    frame = "direct" if direct else (content.frame if content else "direct")
    mode = _mode(page, frame, spans)
    force, cue_stance = cue.entry.force or "asserts", cue.entry.stance
    if mode == "direct":
        force = _performed(page, tokens) or force
    hedged = [*tokens, *_before(cue, tokens)] if frame == "evidence" else tokens
    stance = "distanced" if frame == "what" else _stance(page, cue, hedged, frame) or cue_stance or "neutral"
    relayed = None
    if source.relayed is not None:
        cited = resolver.actor(source.relayed[1], speaker=True)
        if cited is not None and cited != speaker:
            after = source.relayed[0][-1].i
            phrase = sx.span_of(page.text, [t for t in source.relayed[1].subtree if t.i > after])
            relayed = (sx.span_of(page.text, source.relayed[0]), phrase, cited)
    communique = _communique(page, cue, source)
    if communique:
        resolver.issued(sx.start(cue.tokens[0]), speaker)
    kind = resolver.entity(speaker)
    weight = 0.85 if kind.iri in resolver.local else 1.0
    return Said(
        speaker,
        force,
        (sx.span_of(page.text, cue.tokens),),
        (sx.span_of(page.text, source.tokens),),
        spans,
        root,
        tuple(tokens),
        frame,
        mode,
        stance,
        round(_FRAME_CONFIDENCE[frame] * weight, 3),
        index,
        cue.head,
        source.head,
        content.target if content else None,
        headline,
        communique,
        relayed,
    )


def _root(content: Content, tokens: list[Token]) -> Token:
    return content.root if any(t.i == content.root.i and t.doc is content.root.doc for t in tokens) else _top(tokens)


def _top(tokens: list[Token]) -> Token:
    """Return the highest token: its head lies outside, preferring a verb."""
    inside = {(id(t.doc), t.i) for t in tokens}
    tops = [t for t in tokens if t.head == t or (id(t.doc), t.head.i) not in inside]
    return next((t for t in tops if t.pos_ in ("VERB", "AUX")), tops[0] if tops else tokens[0])


def _with_weekday(page: Annotated, cue: Cue, content: Content) -> tuple[Span, ...]:
    """Return the spans of a content; a weekday at its end, which the parser does not see, belongs to it."""
    spans = [sx.span_of(page.text, run) for run in content.runs]
    a, b = spans[-1]
    gap = len(page.text) - len(page.text[b:].lstrip(" ")) - b
    match = sx.WEEKDAY.match(page.text, b + gap)
    if match is not None and gap and cue.head.i < content.runs[-1][0].i:
        spans[-1] = (a, match.end())
    return tuple(spans)


# --- direct speech ----------------------------------------------------------------------------------------------------
def _direct_spans(
    page: Annotated, cue: Cue, source: Source, content: Content | None, sentence: Span
) -> tuple[Span, ...]:
    """Return the quoted parts of the sentence where the cue introduces a quotation rather than words in quotes."""
    if page.quoted(sx.start(cue.head)) is not None:
        return ()
    parts: list[Span] = []
    for quotation in page.quotations:
        a, b = max(quotation.inner[0], sentence[0]), min(quotation.inner[1], sentence[1])
        words = re.findall(r"\w+", page.text[a:b]) if a < b else []
        if len(words) >= _MIN_QUOTED_WORDS or (words and _has_clause(page, quotation.inner)):
            parts.append(_trim(page.text, (a, b)))
    if not parts:
        return ()
    own = sx.span_of(page.text, source.tokens)
    parts = [p for p in parts if not (own[0] <= p[0] and p[1] <= own[1])]
    if any(_adjacent(page, cue, source, p) for p in parts):
        return tuple(parts)
    if content is None:
        speaks = {"clause", "source-marker"} & cue.entry.frames
        return tuple(p for p in parts if speaks and _has_clause(page, p))
    if content.frame not in ("clause", "source-marker", "object"):
        return ()
    covered = tuple(sx.span_of(page.text, run) for run in content.runs)
    if page.quoted_share(covered) < 0.9 or page.quoted(sx.start(content.root)) is None:
        return ()
    return tuple(parts)


def _adjacent(page: Annotated, cue: Cue, source: Source, part: Span) -> bool:
    """Tell whether a comma or colon alone stands between a quoted part and the cue with its speaker."""
    beside = source.tokens if abs(source.tokens[0].i - cue.head.i) <= len(source.tokens) + 1 else ()
    words = [*cue.tokens, *beside]
    a, b = min(map(sx.start, words)), max(map(sx.end, words))
    between = page.text[part[1] : a] if part[1] <= a else page.text[b : part[0]]
    marks = between.strip(" \n\"\u201c\u201d")
    before = part[1] <= a and page.text[part[1] - 1] in ",?!"
    return (marks in (",", ":") or before and not marks) and not re.search(r"\w", between)


def _has_clause(page: Annotated, part: Span) -> bool:
    return any(t.pos_ in ("VERB", "AUX") and child(t, "nsubj", "nsubjpass", "expl") for t in page.tokens_in(part))


def _trim(text: str, span: Span) -> Span:
    a, b = span
    while a < b and text[a].isspace():
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in ",;"):
        b -= 1
    return a, b


def _continued(page: Annotated, found: list[Said]) -> list[Said]:
    """Give sentences that stand wholly inside quotation marks to the speaker of the quotation they go on with."""
    by_sentence: dict[int, list[Said]] = {}
    for said in found:
        by_sentence.setdefault(said.sentence, []).append(said)
    carriers: dict[int, Said] = {i: s[-1] for i, s in by_sentence.items() for x in s if x.mode == "direct"}
    extra: list[Said] = []
    sentences = page.sentences
    pending = [i for i, (_, s, span) in enumerate(sentences) if _wholly_quoted(page, s) and not _own_direct(by_sentence, i)]
    for i in pending:
        carrier = _carrier(page, carriers, i)
        if carrier is None:
            continue
        part = _trim(page.text, sentences[i][2])
        tokens = [t for t in page.tokens_in(part)]
        if not any(t.pos_ in ("VERB", "AUX", "NOUN") for t in tokens):
            continue
        force = _performed(page, tokens) or "asserts"
        said = replace(
            carrier, force=force, content=(part,), tokens=tuple(tokens), root=_top(tokens), frame="continued",
            mode="direct", sentence=i, target=None, relayed=carrier.relayed,
            confidence=round(_FRAME_CONFIDENCE["continued"] * carrier.confidence / 0.9, 3),
        )
        extra.append(said)
        carriers[i] = said
    return extra


def _own_direct(by_sentence: dict[int, list[Said]], index: int) -> bool:
    return any(s.mode == "direct" for s in by_sentence.get(index, ()))


def _wholly_quoted(page: Annotated, sentence: DocSpan) -> bool:
    words = [t for t in sentence if not t.is_punct]
    return bool(words) and all(page.quoted(sx.start(t)) is not None for t in words)


def _carrier(page: Annotated, carriers: dict[int, Said], index: int) -> Said | None:
    """Find whose quotation the sentence belongs to: the same marks, the sentence before, or a quotation left open."""
    here = page.sentences[index]
    quotation = page.quoted(here[2][0])
    for other, said in sorted(carriers.items(), key=lambda item: abs(item[0] - index)):
        if quotation is not None and any(quotation.inner[0] <= a < quotation.inner[1] for a, _ in said.content):
            return said
    previous = carriers.get(index - 1)
    if previous is None or index == 0:
        return None
    before = page.sentences[index - 1]
    if before[0] is here[0]:
        return previous
    last = page.quoted(sx.start([t for t in before[1] if not t.is_punct][-1])) if len(before[1]) else None
    return previous if last is not None and last.continued else None


def _performative(page: Annotated, cue: Cue) -> bool:
    """Tell whether the cue is said by the speaker of a quotation of itself: "We reject", inside the marks."""
    if page.quoted(sx.start(cue.head)) is None or cue.pos != "verb":
        return False
    found = subject(cue.head)
    return found is None or found[0].lower_ in _FIRST_PERSON


def _performed(page: Annotated, tokens: list[Token]) -> str | None:
    """Return the force that a quotation performs by itself: "we condemn …" condemns."""
    for cue in (c for alternatives in find_cues(tokens, page.lexicon) for c in alternatives):
        if cue.pos == "verb" and cue.entry.force not in (None, "asserts"):
            found = subject(cue.head)
            if found is not None and found[0].lower_ in _FIRST_PERSON and cue.head.tag_ in ("VBP", "VB", "VBG"):
                return cue.entry.force
    return None


# --- manner -----------------------------------------------------------------------------------------------------------
def _mode(page: Annotated, frame: str, spans: tuple[Span, ...]) -> str:
    if frame == "evidence":
        return "shown-evidence"
    share = page.quoted_share(spans)
    return "direct" if share > 0.9 else "mixed" if share > 0 else "indirect"


def _stance(page: Annotated, cue: Cue, tokens: list[Token], frame: str) -> str | None:
    """Return the narrator's distance that words near the cue or, outside quotes, in the content express."""
    near = [c for c in cue.head.children if c.dep_ == "advmod"]
    inside = [t for t in tokens if page.quoted(sx.start(t)) is None]
    for token in [*near, *inside]:
        for lemma, entry in page.lexicon.starting("NarratorMarker", token.lower_):
            words = token.doc[token.i : token.i + len(lemma)]
            if entry.pos != "verb" and [t.lower_ for t in words] == list(lemma) and (token in near or frame == "evidence" or token.dep_ == "advmod"):
                return entry.stance
    return None


def _before(cue: Cue, tokens: list[Token]) -> list[Token]:
    """Return the words between the cue and its content ("photographs purportedly showing")."""
    first = tokens[0]
    return list(first.doc[cue.head.i + 1 : first.i]) if first.doc is cue.head.doc and cue.head.i < first.i else []


def _communique(page: Annotated, cue: Cue, source: Source) -> bool:
    nouns = page.lexicon.lemmas("CommuniqueNoun")
    phrases = [p for p in cue.head.children if p.dep_ == "prep" and p.lower_ in ("in", "on", "via", "through")]
    if any((n := child(p, "pobj")) is not None and n.lemma_.lower() in nouns for p in phrases):
        return True
    return any(t.lemma_.lower() in nouns and t.pos_ in ("NOUN", "PROPN") for t in source.tokens)


def _colon(page: Annotated, resolver: Resolver, sentence: DocSpan, span: Span, index: int) -> Said | None:
    """Read a headline in colon style, "Speaker: what they say", where the left part names an actor."""
    text = page.text[span[0] : span[1]]
    at = text.find(": ")
    if at <= 0:
        return None
    left = [t for t in page.tokens_in((span[0], span[0] + at)) if not t.is_punct]
    right = [t for t in page.tokens_in((span[0] + at + 1, span[1]))]
    if not left or len(left) > 8 or len(right) < 3 or any(t.pos_ == "VERB" for t in left[:-1]):
        return None
    speaker = resolver.actor(left[-1], speaker=True, create=False)
    if speaker is None:
        return None
    content = _trim(page.text, sx.span_of(page.text, right))
    return Said(
        speaker, "asserts", (), (sx.span_of(page.text, left),), (content,), _top(right), tuple(right), "colon",
        _mode(page, "colon", (content,)), "neutral", _FRAME_CONFIDENCE["colon"], index, None, left[-1], headline=True,
    )


def _without_agencies(found: list[Said], resolver: Resolver) -> list[Said]:
    """Drop "X reports" of an outlet around what somebody else said: passing on is not asserting."""

    def encloses(outer: Said) -> bool:
        a, b = outer.content[0][0], outer.content[-1][1]
        return any(s is not outer and a <= s.content[0][0] and s.content[-1][1] <= b for s in found)

    return [s for s in found if resolver.entity(s.speaker).type != "MediaOutlet" or not encloses(s)]
