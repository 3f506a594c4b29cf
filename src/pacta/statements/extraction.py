"""All that a document ascribes to somebody, in reading order: cue, source and content joined, before interpretation."""

from __future__ import annotations

from functools import partial

from pacta.agreements.nodes import UNIT_RANKS
from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Sentence as DocSpan
from pacta.annotations.words import Token
from pacta.model import Span
from pacta.statements.contents import find_content, narrowness
from pacta.statements.coreference import Resolver
from pacta.statements.cues import Cue, find_cues
from pacta.statements.dialogue import Dialogue
from pacta.statements.direct import continued, direct_spans, is_performative, performed, source_of, strays, whole_quote
from pacta.statements.encoder import Reading
from pacta.statements.extent import Content
from pacta.statements.grammar import (
    FIRST_PERSON,
    RELATIVE,
    child,
    children,
    doer,
    is_inverted,
    is_verb,
    strip_punctuation,
    subject,
)
from pacta.statements.joining import Joiner
from pacta.statements.layout import Signed, colon, set_off
from pacta.statements.manner import in_communique, mode_of, stance_of, words_before
from pacta.statements.mending import mend
from pacta.statements.phrases import named_apart
from pacta.statements.said import FRAME_CONFIDENCE, Said, top
from pacta.statements.scoring import judged, model, weigh
from pacta.statements.sources import Source

_CUES_IN_SENTENCE = 40  # no sentence that somebody wrote has more; a list without full stops may


def extract(
    page: Annotated, resolver: Resolver, texts: frozenset[int] = frozenset(), reading: Reading | None = None
) -> list[Said]:
    """Return the ascriptions of the document in reading order.

    `texts`: offsets of words that mean an agreement: what a text provides for is read, not said. `reading`: what the
    encoder makes of the document, where there is one.
    """
    found: list[Said] = []
    joiner = Joiner(page, reading, texts) if reading is not None else None
    signed, dialogue = Signed(page), Dialogue(page)
    before = 0
    for index, (paragraph, sentence, span) in enumerate(page.sentences):
        resolver.note_names(span[1], before)
        before = span[1]
        said = colon(page, resolver, sentence, span, index) if paragraph.headline else None
        if not paragraph.headline:
            said = dialogue.of(resolver, paragraph, span, index)
        told = [said] if said is not None else signed.of(resolver, span, index)
        if told:
            found.extend(told)
            continue
        mend(sentence, page.lexicon)
        resolver.note_people(sentence)
        _note_communiques(page, resolver, sentence)
        found.extend(_of_sentence(page, resolver, sentence, span, index, paragraph.headline, texts, joiner))
        main = doer(sentence.root)
        if main is not None and main.pos_ in ("NOUN", "PROPN") and page.quoted(sx.start(main)) is None:
            resolver.note_subject(main)
    found = joiner.finish(found) if joiner is not None else found
    found.extend(continued(page, found))
    found = judged(page, found) if joiner is None else found
    return _without_agencies(sorted(found, key=lambda s: (s.content[0], s.sentence, s.cue)), resolver)


def _of_sentence(
    page: Annotated,
    resolver: Resolver,
    sentence: DocSpan,
    span: Span,
    index: int,
    headline: bool,
    texts: frozenset[int],
    joiner: Joiner | None,
) -> list[Said]:
    found: list[Said] = []
    asked = "?" in page.text[span[1] - 1 : span[1] + 2]
    for alternatives in find_cues(list(sentence), page.lexicon)[:_CUES_IN_SENTENCE]:
        cue, source, content = _best(page, alternatives)
        if source is None or is_performative(page, cue) or _is_text(page, resolver, cue, source.head, texts):
            continue
        if strays(page, cue) or (asked and is_inverted(cue.head, source.head)):
            continue
        direct = direct_spans(page, cue, source, content, span) if cue.pos != "noun" else ()
        if (content is None and not direct) or (cue.pos == "noun" and _is_named(page, cue, content, texts)):
            continue
        said = _said(page, resolver, cue, source, content, direct, index, headline)
        if said is not None:
            found.append(said)
    found = [s for s in found if not _leads_on(s, found)]
    if not found and (below := set_off(page, resolver, sentence, span, index)) is not None:
        return [below]
    make = partial(_said, page, resolver, direct=(), index=index, headline=headline)
    if joiner is not None:
        return joiner.join(sentence, span, found, make)
    weighed = weigh(page, sentence, texts, found, make)
    kept = {(s.cue, s.content) for s in weighed}
    return [s for s in found if (s.cue, s.content) not in kept and _is_relative(s)] + weighed


def _is_named(page: Annotated, cue: Cue, content: Content | None, texts: frozenset[int]) -> bool:
    """Tell whether a noun names a text and nobody's words: "broke the joint declaration of 3 May"."""
    words = [t for t in content.tokens if t.is_alpha or t.like_num] if content is not None else []
    within = (
        [t for time in page.times_in(sx.span_of(page.text, words)) for t in page.tokens_in(time.span)] if words else []
    )
    return sx.start(cue.head) in texts or (bool(words) and set(words) <= set(within))


def _leads_on(said: Said, found: list[Said]) -> bool:
    """Tell whether a participle only says what somebody spoke about: "Speaking of the roads, N said that …"."""
    head = said.cue_head
    if head is None or head.tag_ != "VBG" or head.dep_ != "advcl" or said.force != "asserts":
        return False
    return said.frame == "preposition" and any(
        s.cue_head == head.head and s.frame in ("clause", "direct") for s in found
    )


def _best(page: Annotated, alternatives: tuple[Cue, ...]) -> tuple[Cue, Source | None, Content | None]:
    """Choose the lexicon entry whose frame the syntax bears out; the longer lemma, then the narrower frame."""
    readings = []
    for cue in alternatives:
        if "relay" in cue.entry.frames and cue.head.tag_ == "VBG":
            continue
        source = source_of(page, cue)
        content = find_content(cue, source.head, page.lexicon) if source is not None else None
        rank = narrowness(content.frame) if content is not None else 99
        particles = max((len(x) for x in cue.entry.lemmas), default=1) if content is not None else 0
        readings.append((-particles, rank, cue, source, content))
    if not readings:
        return alternatives[0], None, None
    return min(readings, key=lambda r: r[:2])[2:]


def _is_text(page: Annotated, resolver: Resolver, cue: Cue, head: Token, texts: frozenset[int]) -> bool:
    """Tell whether a phrase means an agreement or a part of one.

    "The statement said" means what was put out, where somebody put out a statement: an agreement "says".
    """
    lemma, lexicon = head.lemma_.lower(), page.lexicon
    told = cue.head.tag_ == "VBD" and lemma in lexicon.lemmas("CommuniqueNoun")
    if told and resolver.issuer_before(sx.start(head)) is not None:
        return False
    if sx.start(head) in texts:
        return True
    if lemma in UNIT_RANKS:  # "the first six points of that document"
        wholes = [child(head, "poss"), *(child(p, "pobj") for p in children(head, "prep") if p.lower_ in ("of", "in"))]
        known = lexicon.lemmas("AgreementNoun") | lexicon.lemmas("CommuniqueNoun")
        return any(w is not None and (sx.start(w) in texts or w.lemma_.lower() in known) for w in wholes)
    return lemma in lexicon.lemmas("AgreementNoun") and lemma not in lexicon.lemmas("CommuniqueNoun")


def _note_communiques(page: Annotated, resolver: Resolver, sentence: DocSpan) -> None:
    """Take in who put out a communique ("the army issued a statement"), so that "the statement said" is theirs."""
    nouns = page.lexicon.lemmas("CommuniqueNoun")
    for token in sentence:
        if token.lemma_.lower() in nouns and token.dep_ in ("dobj", "pobj") and page.quoted(sx.start(token)) is None:
            verb = token.head.head if token.dep_ == "pobj" else token.head
            # "a letter in which N complained" is N's, whoever it reached
            within = next((c for c in children(token, "relcl") if any(t.lower_ == "which" for t in c.subtree)), None)
            inside = child(within, "nsubj") if within is not None else None
            told = inside is not None and inside.lower_ not in RELATIVE and inside.pos_ in ("NOUN", "PROPN")
            found = (inside, within) if told and within is not None and inside is not None else subject(verb)
            if found is not None and found[0].pos_ in ("NOUN", "PROPN") and found[0] != token:
                resolver.read_out(token, found[0])
                actor = resolver.actor(found[0], create=told and found[0].pos_ == "PROPN")
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
    narrator = speaker == resolver.outlet and source.head.lower_ in FIRST_PERSON
    if speaker is None or (narrator and cue.entry.force not in (None, "asserts")):
        return None  # who writes may know and think; "we demand" is said by somebody who is not named
    spans = direct or (_with_weekday(page, cue, content) if content is not None else ())
    tokens = [t for s in spans for t in page.tokens_in(s)]
    if not tokens:
        return None
    meant = _sentence_before(page, index, tokens, cue)
    if meant:
        content, spans, tokens = None, (sx.span_of(page.text, meant),), meant
    root = _root(content, tokens) if content else top(tokens)
    frame = "direct" if direct else (content.frame if content else "direct")
    mode = mode_of(page, frame, spans)
    force, cue_stance = cue.entry.force or "asserts", cue.entry.stance
    if mode == "direct":
        force = performed(page, tokens) or force
    hedged = [*tokens, *words_before(cue, tokens)] if frame == "evidence" else tokens
    stance = "distanced" if frame == "what" else stance_of(page, cue, hedged, frame) or cue_stance or "neutral"
    for prep in children(cue.head, "prep"):
        voice = child(prep, "pobj") if prep.lower_ in ("through", "via") else None
        if voice is not None and not _inside(page, voice, spans):  # "said through its spokesman, N N"
            resolver.actor(voice, speaker=True)
    relayed = None
    told_by = (sx.span_of(page.text, source.tokens),)
    if source.relayed is not None:
        cited = resolver.actor(source.relayed[1], speaker=True) if _may_speak(page, source.relayed[1]) else None
        if cited is not None and resolver.entity(speaker).type == "MediaOutlet":
            # an agency that cites passes on: the one it cites has spoken
            speaker, told_by = cited, (sx.span_of(page.text, list(source.relayed[1].subtree)),)
        elif cited is not None and cited != speaker and not _inside(page, source.relayed[0][0], spans):
            after = source.relayed[0][-1].i
            below = [t for t in source.relayed[1].subtree if t.i > after]
            phrase = sx.span_of(page.text, below or [source.relayed[1]])
            relayed = (sx.span_of(page.text, source.relayed[0]), phrase, cited)
    communique = in_communique(page, cue, source)
    if communique:
        resolver.issued(sx.start(cue.tokens[0]), speaker)
    kind = resolver.entity(speaker)
    verb = cue.head if cue.pos == "verb" else cue.head.head  # "expresses its concern"
    if is_verb(verb) and not direct and not headline:
        own = verb.tag_ == "VBZ" and force != "asserts" and kind.type in ("State", "Organ", "DeFactoEntity")
        if own or verb.tag_ == "VBD":
            resolver.performs = (speaker, verb.doc) if own else None
    weight = 0.85 if kind.iri in resolver.local else 1.0
    return Said(
        speaker,
        force,
        (sx.span_of(page.text, cue.tokens),),
        told_by,
        spans,
        root,
        tuple(tokens),
        frame,
        mode,
        stance,
        round(FRAME_CONFIDENCE[frame] * weight, 3),
        index,
        cue.head,
        content.target if content else None,
        headline,
        communique,
        relayed,
        _others(page, resolver, source, speaker) if relayed is None else (),
    )


def _others(page: Annotated, resolver: Resolver, source: Source, speaker: str) -> tuple[str, ...]:
    """Return those named beside the first of several who say the same: "X, Y and Z condemned …", "both sides"."""
    pair = resolver.both(source.head)
    if pair is not None and speaker == pair[0]:
        return pair[1:]
    apart = named_apart(source.head)
    if page.names.covering(sx.start(source.head)) is None and not apart:
        return ()
    found: list[str] = []
    stack = children(source.head, "conj")
    while stack:
        noun = stack.pop(0)
        stack += children(noun, "conj")
        named = noun in apart or child(noun, "appos") is not None
        if noun in source.tokens and (named or page.names.covering(sx.start(noun)) is not None):
            actor = resolver.actor(noun, create=named)
            found += [actor] if actor is not None and actor not in (speaker, *found) else []
    return tuple(found)


def _is_relative(said: Said) -> bool:
    """Tell whether a speaker is taken up by a relative pronoun ("N, which said that …"): the corpus of the model has
    the pronoun as source, so that what the model makes of the noun says nothing."""
    head = said.cue_head
    pronoun = child(head, "nsubj") if head is not None and head.dep_ == "relcl" else None
    return pronoun is not None and pronoun.lower_ in RELATIVE and said.frame == "clause"


def _may_speak(page: Annotated, noun: Token) -> bool:
    """Tell whether somebody can be cited by a noun: a name, an office, people told of in the plural; no "reasons"."""
    if noun.pos_ != "NOUN" or page.names.covering(sx.start(noun)) is not None:
        return True
    lemma, scorer = noun.lemma_.lower(), model()
    known = scorer.rates.sources.get(lemma) if scorer is not None else None
    if page.lexicon.of("PersonNoun", lemma) or known is None:
        return True
    bare = noun.tag_ == "NNS" and child(noun, "det", "poss", "nummod") is None
    return known[0] > (0.25 if bare else 0.1) * known[1]


def _sentence_before(page: Annotated, index: int, tokens: list[Token], cue: Cue) -> list[Token]:
    """Return the sentence that "this" takes up as what was said: "This was stated by N", right after it."""
    if len(tokens) != 1 or tokens[0].lower_ != "this" or tokens[0].dep_ != "nsubjpass" or not index:
        return []
    before, sentence, _ = page.sentences[index - 1]
    if cue.entry.force in ("denies", "dismisses", "confirms") or before is not page.sentences[index][0]:
        return []
    return strip_punctuation(list(sentence))


def _root(content: Content, tokens: list[Token]) -> Token:
    return content.root if any(t.i == content.root.i and t.doc is content.root.doc for t in tokens) else top(tokens)


def _inside(page: Annotated, token: Token, spans: tuple[Span, ...]) -> bool:
    return any(a <= sx.start(token) < b for a, b in spans)


def _with_weekday(page: Annotated, cue: Cue, content: Content) -> tuple[Span, ...]:
    """Return the spans of a content; a weekday at its end, which the parser does not see, belongs to it."""
    spans = [sx.span_of(page.text, run) for run in content.runs]
    a, b = spans[-1]
    after = sx.over(page.text, b, " ")
    match = sx.WEEKDAY.match(page.text, after)
    if match is not None and after > b and cue.head.i < content.runs[-1][0].i:
        spans[-1] = (a, match.end())
    return tuple(whole_quote(page, span) for span in spans)


def _as_saying(prep: Token) -> bool:
    """Tell whether a verb passes on what another says: "quoted X as saying that"."""
    said = child(prep, "pcomp") if prep.lower_ == "as" and prep.dep_ == "prep" else None
    return said is not None and said.tag_ == "VBG"


def _without_agencies(found: list[Said], resolver: Resolver) -> list[Said]:
    """Drop "X reports" of an outlet around what somebody else said: passing on is not asserting."""

    def encloses(outer: Said) -> bool:
        a, b = outer.content[0][0], outer.content[-1][1]
        if any(s is not outer and a <= s.content[0][0] and s.content[-1][1] <= b for s in found):
            return True
        quotes = outer.cue_head is not None and any(_as_saying(c) for c in outer.cue_head.children)
        return quotes and any(s is not outer and s.content[0][0] <= a and b <= s.content[-1][1] for s in found)

    def passes_on(said: Said) -> bool:
        """An outlet, or an unknown name with a present-tense cue at the end: "…, N N said, X reports."."""
        entity = resolver.entity(said.speaker)
        if said.cue_head is not None and any(_as_saying(c) for c in said.cue_head.children):
            return True
        last = said.cue_head is not None and said.cue_head.tag_ == "VBZ" and said.content[-1][1] <= said.cue[0][0]
        return entity.type == "MediaOutlet" or (last and entity.type == "Actor" and entity.iri in resolver.local)

    return [s for s in found if not (passes_on(s) and encloses(s))]
