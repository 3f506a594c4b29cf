"""Direct speech: which quoted parts a cue introduces, who goes on speaking, what a quotation does by itself."""

from __future__ import annotations

import re
from dataclasses import replace

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Sentence as DocSpan
from pacta.annotations.words import Token
from pacta.model import Span
from pacta.statements.cues import Cue, find_cues
from pacta.statements.extent import Content
from pacta.statements.grammar import FIRST_PERSON, child, subject
from pacta.statements.said import FRAME_CONFIDENCE, Said, top, trim
from pacta.statements.sources import Source, find_source, noun_beside

_MIN_QUOTED_WORDS = 3
_UNNAMED = 0.8  # how much less sure a quotation is that names no speaker
_REACH = 60  # sentences within which a quotation is looked for that goes on


def direct_spans(
    page: Annotated, cue: Cue, source: Source, content: Content | None, sentence: Span
) -> tuple[Span, ...]:
    """Return the quoted parts of the sentence where the cue introduces a quotation rather than words in quotes."""
    if page.quoted(sx.start(cue.head)) is not None:
        return ()
    parts: list[Span] = []
    for quotation in page.quotations_near(sentence):
        a, b = max(quotation.inner[0], sentence[0]), min(quotation.inner[1], sentence[1])
        words = re.findall(r"\w+", page.text[a:b]) if a < b else []
        broken = bool(words) and page.text[a:b].rstrip().endswith(",")  # "The road," X said
        if broken or len(words) >= _MIN_QUOTED_WORDS or (words and _has_clause(page, quotation.inner)):
            parts.append(trim(page.text, (a, b)))
    if not parts and content is None:
        parts = below_colon(page, sentence)
        parts = parts or (_just_before(page, sentence) if cue.head.dep_ == "ROOT" else [])
        return tuple(parts)
    if not parts:
        return ()
    own = sx.span_of(page.text, source.tokens)
    parts = [p for p in parts if not (own[0] <= p[0] and p[1] <= own[1])]
    if len(parts) > 1:
        parts = [p for p in parts if _adjacent(page, cue, source, p) or not _of_another(page, cue, p)]
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


def _just_before(page: Annotated, sentence: Span) -> list[Span]:
    """Return the last sentence of a quotation that ends right before: "“Stop the guns!” X said."."""
    end = sx.back_over_space(page.text, sentence[0])
    if "\n" in page.text[end : sentence[0]]:
        return []
    for quotation in page.quotations_near((max(end - 1, 0), end)):
        if quotation.span[1] == end and page.text[quotation.inner[1] - 1] in "!?.":
            inside = [s for _, _, s in page.sentences if quotation.inner[0] <= s[0] < quotation.inner[1]]
            return [trim(page.text, (inside[-1][0], quotation.inner[1]))] if inside else []
    return []


def below_colon(page: Annotated, sentence: Span) -> list[Span]:
    """Return the first sentence of a quotation set off below: "X wrote:", and the quotation begins a paragraph."""
    text, end = page.text, sentence[1]
    if ":" not in text[end - 1 : end + 1]:
        return []
    begin = end + len(text[end:]) - len(text[end:].lstrip(": \t\r\n\u00a0"))
    quotation = next((q for q in page.quotations_near((begin, begin + 1)) if q.span[0] == begin), None)
    if quotation is None or "\n" not in text[end:begin]:
        return []
    first = page.sentences[page.sentence_index(quotation.inner[0])][2]
    part = trim(text, (quotation.inner[0], min(first[1], quotation.inner[1])))
    return [part] if part[0] < part[1] else []


def _adjacent(page: Annotated, cue: Cue, source: Source, part: Span) -> bool:
    """Tell whether a comma or colon alone stands between a quoted part and the cue with its speaker."""
    beside = source.tokens if abs(source.tokens[0].i - cue.head.i) <= len(source.tokens) + 1 else ()
    words = [*cue.tokens, *beside]
    a, b = min(map(sx.start, words)), max(map(sx.end, words))
    between = page.text[part[1] : a] if part[1] <= a else page.text[b : part[0]]
    marks = between.strip(' \n"\u201c\u201d')
    before = part[1] <= a and page.text[part[1] - 1] in ",?!"
    return (marks in (",", ":") or (before and not marks)) and not re.search(r"\w", between)


def _of_another(page: Annotated, cue: Cue, part: Span) -> bool:
    """Tell whether a quoted part stands right beside another word of speech with a speaker of its own."""
    for token in cue.head.sent:
        speaker = child(token, "nsubj") if token.i != cue.head.i and page.quoted(sx.start(token)) is None else None
        if speaker is None or not page.lexicon.of("ReportingCue", token.lemma_.lower(), "verb"):
            continue
        a, b = min(sx.start(token), sx.start(speaker.left_edge)), max(sx.end(token), sx.end(speaker.right_edge))
        between = page.text[part[1] : a] if part[1] <= a else page.text[b : part[0]]
        if not between.strip(' ,.:?!\n"\u201c\u201d'):
            return True
    return False


def _has_clause(page: Annotated, part: Span) -> bool:
    return any(t.pos_ in ("VERB", "AUX") and child(t, "nsubj", "nsubjpass", "expl") for t in page.tokens_in(part))


def source_of(page: Annotated, cue: Cue) -> Source | None:
    """Return the source of a cue: what the syntax gives, or the speaker beside a quotation it took a word of."""
    found = find_source(cue, page.lexicon)
    a, b = sx.start(cue.tokens[0]), sx.end(cue.tokens[-1])
    if cue.pos != "verb" or page.quoted(a) is not None:
        return found
    if found is not None and page.quoted(sx.start(found.head)) is None:
        return found
    before, after = sx.back_over_space(page.text, a), sx.over(page.text, b, " ,:")
    near = page.quotations_near((max(before - 1, 0), b + 3))
    beside = None
    if any(q.span[1] == before for q in near):
        beside = noun_beside(cue, before=False)
    elif found is not None and any(q.span[0] == after for q in near):
        beside = noun_beside(cue, before=True)
    return find_source(cue, page.lexicon, beside) if beside is not None else found


def strays(page: Annotated, cue: Cue) -> bool:
    """Tell whether a cue stands inside a quotation: what it tells of others is the quoted speaker's own claim."""
    return cue.pos == "verb" and page.quoted(sx.start(cue.head)) is not None


def continued(page: Annotated, found: list[Said]) -> list[Said]:
    """Give sentences that stand wholly inside quotation marks to the speaker of the quotation they go on with."""
    by_sentence: dict[int, list[Said]] = {}
    for said in found:
        by_sentence.setdefault(said.sentence, []).append(said)
    # who is quoted within a quotation speaks for one clause alone; the quotation stays with the one who is quoted
    outer = {i: [x for x in s if not _within(page, x)] for i, s in by_sentence.items()}
    carriers = {i: told for i, s in outer.items() if (told := [x for x in s if x.mode == "direct"])}
    extra: list[Said] = []
    sentences = page.sentences
    begun = {s.content[0][0] for s in found if s.mode == "direct"}  # "“Stop!” X cried.": the cue stands one sentence on
    pending = [
        i
        for i, (_, s, span) in enumerate(sentences)
        if _wholly_quoted(page, s) and not _own_direct(outer, i) and trim(page.text, span)[0] not in begun
    ]
    for i in pending:
        carrier = _carrier(page, carriers, i) or _last_speaker(page, outer, i)
        if carrier is None:
            continue
        part = trim(page.text, sentences[i][2])
        tokens = list(page.tokens_in(part))
        if not any(t.pos_ in ("VERB", "AUX", "NOUN") for t in tokens):
            continue
        force = performed(page, tokens) or "asserts"
        said = replace(
            carrier,
            force=force,
            content=(part,),
            tokens=tuple(tokens),
            root=top(tokens),
            frame="continued",
            mode="direct",
            sentence=i,
            target=None,
            relayed=carrier.relayed,
            confidence=round(FRAME_CONFIDENCE["continued"] * carrier.confidence / 0.9, 3),
        )
        extra.append(said)
        carriers[i] = [said]
    return extra


def _within(page: Annotated, said: Said) -> bool:
    """Tell whether the cue itself stands in quotation marks: the quoted one speaks of what another says."""
    return said.cue_head is not None and page.quoted(sx.start(said.cue_head)) is not None


def _own_direct(by_sentence: dict[int, list[Said]], index: int) -> bool:
    return any(s.mode == "direct" for s in by_sentence.get(index, ()))


def _wholly_quoted(page: Annotated, sentence: DocSpan) -> bool:
    words = [t for t in sentence if not t.is_punct]
    return bool(words) and all(page.quoted(sx.start(t)) is not None for t in words)


def _carrier(page: Annotated, carriers: dict[int, list[Said]], index: int) -> Said | None:
    """Find whose quotation the sentence belongs to: the same marks, the sentence before, or a quotation left open."""
    here = page.sentences[index]
    quotation = page.quoted(here[2][0])
    close = [i for step in range(_REACH) for i in (index - step, index + step) if i in carriers]
    for said in [s for i in close for s in carriers[i]]:
        if quotation is not None and any(quotation.inner[0] <= a < quotation.inner[1] for a, _ in said.content):
            return said
    if index == 0 or index - 1 not in carriers:
        return None
    previous = carriers[index - 1][-1]
    before = page.sentences[index - 1]
    if before[0] is here[0]:
        return previous
    last = page.quoted(sx.start([t for t in before[1] if not t.is_punct][-1])) if len(before[1]) else None
    return previous if last is not None and last.continued else None


def _last_speaker(page: Annotated, outer: dict[int, list[Said]], index: int) -> Said | None:
    """Return what was said right before a paragraph that is one quotation and names nobody: the speaker goes on."""
    if not index or page.sentences[index - 1][0] is page.sentences[index][0]:
        return None
    a, b = page.sentences[index][0].span
    unmarked = [t for t in page.tokens_in((a, b)) if not t.is_punct and page.quoted(sx.start(t)) is None]
    before = outer.get(index - 1)
    if unmarked or not before or before[-1].headline:
        return None
    return replace(before[-1], confidence=round(before[-1].confidence * _UNNAMED, 3))


def is_performative(page: Annotated, cue: Cue) -> bool:
    """Tell whether the cue is said by the speaker of a quotation of itself: "We reject", inside the marks."""
    if page.quoted(sx.start(cue.head)) is None or cue.pos != "verb":
        return False
    found = subject(cue.head)
    return found is None or found[0].lower_ in FIRST_PERSON


def performed(page: Annotated, tokens: list[Token]) -> str | None:
    """Return the force that a quotation performs by itself: "we condemn …" condemns."""
    for cue in (c for alternatives in find_cues(tokens, page.lexicon) for c in alternatives):
        if cue.pos == "verb" and cue.entry.force not in (None, "asserts"):
            found = subject(cue.head)
            own = child(cue.head, "xcomp")
            of_self = own is not None and child(own, "nsubj") is None and child(cue.head, "dobj") is None
            if of_self and cue.entry.force == "demands":
                continue  # "we want to stress": who wants to do something asks nobody
            if found is not None and found[0].lower_ in FIRST_PERSON and cue.head.tag_ in ("VBP", "VB", "VBG"):
                return cue.entry.force
    return None


def whole_quote(page: Annotated, span: Span) -> Span:
    """Take in the closing mark of a quotation that opens inside the span and ends right after it."""
    for quotation in page.quotations_near(span):
        opens = span[0] <= quotation.span[0] < span[1] < quotation.span[1] <= span[1] + 2
        if opens and not page.text[span[1] : quotation.inner[1]].strip(".,;!?"):
            return span[0], quotation.span[1]
    return span
