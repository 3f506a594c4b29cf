"""Where the content of a cue stands: one finder for each content frame of the lexicon."""

from __future__ import annotations

from collections.abc import Callable

from pacta.annotations.words import Token
from pacta.lexicon import Lexicon
from pacta.statements import extent
from pacta.statements.answers import answered, without_answer
from pacta.statements.cues import Cue
from pacta.statements.extent import Content, content_of, has_to, is_complement, is_what, own_words, with_tail
from pacta.statements.grammar import RELATIVE, agent, child, children, is_passive, is_verb, subtree

_POINTING = frozenset({"this", "that", "it", "these", "those"})


def find_content(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    """Return the content of `cue`, or None where its words carry none (a direct quotation may still do)."""
    order = _ORDER_VERB if cue.pos == "verb" else _ORDER_OTHER
    for frame in order:
        if frame in cue.entry.frames:
            found = _FINDERS[frame](cue, source, lexicon)
            if found is not None:
                kept = without_answer(found.tokens, lexicon)
                if len(kept) == len(found.tokens) or found.root not in kept:
                    return found
                return content_of(kept, found.root, found.frame, found.target)
    return None


def _clause(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    verb = cue.head
    clauses = [c for c in children(verb, "ccomp") if not is_what(c) and not _apart(c, verb)]
    if len(clauses) > 1 and source is not None and source.i < verb.i:  # "N says it holds, M says it broke"
        after = cue.tokens[-1].i + 1
        clauses = [c for c in clauses if c.left_edge.i == after and not verb.doc[after].is_punct] or clauses
    if not clauses and verb.dep_ in ("xcomp",) and verb.head.pos_ == "ADJ":
        clauses = children(verb.head, "ccomp")
    if not clauses:
        clauses = _beyond_communique(verb, lexicon)
    if not clauses:
        return extent.told_of(cue) or _parenthesis(cue, source) or _unparsed(cue, source, lexicon)
    root = max(clauses, key=lambda c: len(list(c.subtree)))
    own = own_words(cue, source)
    further = {c.i for c in root.children if _goes_on_saying(c, lexicon)}
    tokens = [t for t in subtree(root, without=frozenset(further)) if t.i not in own]
    if root.i > verb.i:
        tokens = [*_told_before(verb, source, clauses), *with_tail(verb, tokens)]
    else:
        tokens = [t for t in tokens if t.i < verb.i or t.i > max(own, default=verb.i)]
    return content_of(extent.without_aside(tokens), root, "clause")


def _told_before(verb: Token, source: Token | None, clauses: list[Token]) -> list[Token]:
    """Return the words of "There was no raid, N said: guards had moved", which a cue parts from the rest of them."""
    colon = any(c.text == ":" and c.i > verb.i for c in verb.children)
    before = next((c for c in clauses if c.i < verb.i), None)
    if not colon or before is None or source is None or before.right_edge.i >= source.left_edge.i:
        return []
    return subtree(before)


def _beyond_communique(verb: Token, lexicon: Lexicon) -> list[Token]:
    """Find the clause of "said in a statement that …" where the parser hung it on the statement."""
    for prep in children(verb, "prep"):
        noun = child(prep, "pobj")
        in_text = noun is not None and noun.lemma_.lower() in lexicon.lemmas("CommuniqueNoun")
        if noun is not None and (in_text or prep.lower_ == "with"):  # "noted with concern that"
            clauses = [c for c in children(noun, "relcl", "acl", "ccomp") if c.left_edge.lower_ == "that"]
            if clauses:
                return clauses
    return []


def _goes_on_saying(clause: Token, lexicon: Lexicon) -> bool:
    """Tell ", saying that …" behind a content from the content."""
    if clause.dep_ != "advcl" or clause.tag_ != "VBG" or clause.doc[clause.left_edge.i - 1].text != ",":
        return False
    return any(e.pos == "verb" for _, e in lexicon.starting("ReportingCue", clause.lemma_.lower()))


def _parenthesis(cue: Cue, source: Token | None) -> Content | None:
    """The cue stands inside or beside the clause it reports: "the bridge, X said, was hit", "as X put it"."""
    verb = cue.head
    if verb.dep_ not in ("parataxis", "advcl", "ccomp", "conj", "dep") or verb.head == verb or not is_verb(verb.head):
        return None
    mark = child(verb, "mark", "advmod")
    if verb.dep_ == "advcl" and (mark is None or mark.lower_ != "as"):
        return None
    if verb.dep_ in ("ccomp", "conj") and not (_comma_at(verb, -1, source) and source is not None):
        return None
    if verb.dep_ == "conj" and child(verb.head, "cc") is not None:
        return None
    own = {t.i for t in verb.subtree} | own_words(cue, source)
    if _apart(verb, verb.head):
        return None
    tokens = [t for t in verb.head.subtree if t.i not in own]
    return content_of(extent.without_aside(sorted(tokens, key=lambda t: t.i)), verb.head, "clause")


def _unparsed(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    """The parser saw no clause: take what follows where a noun in it may be the verb ("said the camp breaches")."""
    verb = cue.head
    rest = [t for t in verb.sent if t.i > max(x.i for x in cue.tokens)]
    if source is None or source.i > verb.i or len(rest) < 5 or "object" in cue.entry.frames:
        return None
    kinds = ("ConductCue", "ReadingCue", "IncidentTrigger")
    root = next(
        (
            t
            for t in rest[1:]
            if t.tag_ == "NNS" and any(lexicon.of(k, w, "verb") for k in kinds for w in (t.lower_[:-1], t.lower_[:-2]))
        ),
        None,
    )
    return content_of(rest, root, "clause") if root is not None else None


def _comma_at(verb: Token, side: int, source: Token | None) -> bool:
    first = min([verb.i] + ([source.i] if source is not None else []))
    at = first + side
    while at >= 0 and verb.doc[at].i < verb.i and source is not None and verb.doc[at].head.i == source.i:
        at += side
    return 0 <= at < len(verb.doc) and verb.doc[at].text in (",", "-", "\u2013", "\u2014")


def _apart(one: Token, other: Token) -> bool:
    """Tell whether a semicolon parts two verbs: two sentences, each with its own speaker."""
    first, last = sorted((one.i, other.i))
    return any(t.text == ";" for t in one.doc[first:last])


def _infinitive(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    verb = cue.head
    clause = next((c for c in children(verb, "xcomp", "advcl", "acl") if c.i > verb.i and has_to(c)), None)
    if clause is None:
        return None
    return content_of(with_tail(verb, subtree(clause)), clause, "infinitive")


def _object_infinitive(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    verb = cue.head
    patient = child(verb, "dobj", "nsubjpass") or child(verb, "dative")
    for prep in verb.children:
        if patient is None and prep.dep_ in ("prep", "prt") and prep.lower_ in cue.entry.prepositions:
            patient = child(prep, "pobj")
    clause = next((c for c in children(verb, "xcomp", "ccomp", "advcl") if c.i > verb.i and has_to(c)), None)
    if clause is None and patient is not None:
        clause = next((c for c in children(patient, "acl", "relcl") if has_to(c)), None)
    if clause is None:
        return None
    if patient is None and child(clause, "nsubj") is None:
        return None  # "wishes to recall that …"
    parts = set(subtree(clause))
    if patient is not None and patient.i > verb.i:
        parts |= set(subtree(patient))
    elif patient is not None:
        return content_of(sorted(parts, key=lambda t: t.i), clause, "object-infinitive", patient)
    target = patient if patient is not None else child(clause, "nsubj")
    return content_of(with_tail(verb, sorted(parts, key=lambda t: t.i)), clause, "object-infinitive", target)


def _object_of(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    """Accuse X of Y: the content is "X of Y"; in the passive "of Y", X being the subject."""
    verb = cue.head
    prepositions = cue.entry.prepositions or frozenset({"of"})
    passive = is_passive(verb)
    patient = child(verb, "nsubjpass") if passive else child(verb, "dobj", "dative")
    if passive and patient is None and verb.dep_ in ("acl", "relcl"):
        patient = verb.head
    preps = [p for p in verb.children if p.dep_ == "prep" and p.lower_ in prepositions and p.i > verb.i]
    by = agent(verb) if passive and not preps else None
    if by is not None:  # "accused by X of V-ing": the parser hangs the charge on X
        preps = [p for p in children(by, "prep") if p.lower_ in prepositions and child(p, "pcomp") is not None]
    if not preps:  # "held N responsible for": the preposition hangs on the other word of the cue
        preps = [p for t in cue.tokens for p in children(t, "prep") if p.lower_ in prepositions and p.i > verb.i]
    if not preps and patient is not None:
        preps = [p for p in patient.subtree if p.dep_ == "prep" and p.lower_ in prepositions and p.i > verb.i]
        preps = [p for p in preps if child(p, "pcomp", "pobj") is not None]
    if not preps or patient is None:
        return None
    prep = max(preps, key=lambda p: (p.head == verb, child(p, "pcomp") is not None, -p.i))
    root = child(prep, "pcomp", "pobj")
    if root is None:
        return None
    if passive:
        own = own_words(cue, source) - ({t.i for t in prep.subtree} if prep.head == by else set())
        parts = {*subtree(prep), *(subtree(patient) if patient.dep_ == "nsubjpass" else ())}
        tokens = [t for t in sorted(parts, key=lambda t: t.i) if t.i not in own]
    else:
        tokens = with_tail(verb, sorted({*subtree(patient), *subtree(prep)}, key=lambda t: t.i))
        tokens = _with_verdict(verb, tokens, lexicon)
    return content_of(tokens, root, "object-of", patient)


def _with_verdict(verb: Token, tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Add what says after a comma that the deed told of breaks a rule: "…, contrary to the accord"."""
    last = max(t.i for t in tokens)
    branch = next((c for c in sorted(verb.children, key=lambda c: c.i) if c.i > last and not c.is_punct), None)
    if branch is None or branch.left_edge.i > last + 2:
        return tokens
    words = tuple(t.lower_ for t in verb.doc[branch.left_edge.i : branch.right_edge.i + 1])
    phrases = lexicon.starting("ConductCue", words[0])
    if not any(entry.pos == "phrase" and words[: len(lemma)] == lemma for lemma, entry in phrases):
        return tokens
    return [*tokens, *verb.doc[last + 1 : branch.right_edge.i + 1]]


def _object_on(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    """Blame X on Y, attribute X to Y: both together are the content, Y is who is charged."""
    verb = cue.head
    what = child(verb, "nsubjpass") if is_passive(verb) else child(verb, "dobj")
    preps = [p for p in verb.children if p.dep_ == "prep" and p.lower_ in cue.entry.prepositions and p.i > verb.i]
    if not preps and what is not None:
        preps = [p for p in what.subtree if p.dep_ == "prep" and p.lower_ in cue.entry.prepositions and p.i > verb.i]
    charged = child(preps[0], "pobj") if preps else None
    if what is None or charged is None:
        return None
    own = own_words(cue, source)
    parts = sorted({*subtree(what), *subtree(preps[0])}, key=lambda t: t.i)
    return content_of([t for t in parts if t.i not in own], what, "object-on", charged)


def _object(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    verb = cue.head
    if is_passive(verb):
        root = child(verb, "nsubjpass") or (verb.head if verb.dep_ in ("acl", "relcl") else None)
        if root is None:
            return None
        own = {t.i for t in verb.subtree} - {t.i for t in root.subtree} | {verb.i}
        return content_of([t for t in subtree(root) if t.i not in own], root, "object")
    root = child(verb, "dobj") or child(verb, "xcomp", "ccomp")
    if root is None:  # "laughed off the claim", the particle taken for a preposition
        root = next((n for t in cue.tokens if t.dep_ == "prep" and (n := child(t, "pobj")) is not None), None)
    if root is not None and root.lower_ in RELATIVE and root.i < verb.i and verb.dep_ in ("relcl", "ccomp"):
        return answered(verb, root, lexicon)
    if root is None and verb.dep_ == "relcl":  # "a charge X denied"
        return answered(verb, None, lexicon)
    if root is None or root.i < verb.i or (root.lower_ in ("what", "which", "who")):
        return None
    if (root.dep_ == "xcomp" and root.tag_ != "VBG") or (root.lower_ == "nothing" and not root.children):
        return None
    told = _told(root, lexicon)
    if told is not None:
        return content_of(with_tail(verb, subtree(told)), told, "object")
    beside = child(verb, "prep", "advmod")
    if root.pos_ == "PRON" and root.lower_ in _POINTING and beside is not None and beside.lower_ != "as":
        return content_of(subtree(root), root, "object")  # "denied this in public"
    parts = {*subtree(root)}
    for as_ in verb.children:
        if as_.dep_ == "prep" and as_.lower_ == "as" and as_.i > verb.i:
            parts |= set(as_.subtree)
    tokens = extent.without_medium(with_tail(verb, sorted(parts, key=lambda t: t.i)), root, lexicon)
    return content_of(tokens, root, "object")


def _told(noun: Token, lexicon: Lexicon) -> Token | None:
    """Return the clause that a noun of speech stands for: what "reports that it left" reports is that it left."""
    lemma = noun.lemma_.lower()
    if not lexicon.of("RejectionTargetNoun", lemma) and not lexicon.of("ReportingCue", lemma, "noun"):
        return None
    return next((c for c in children(noun, "acl", "ccomp") if c.i > noun.i and is_complement(c)), None)


def _object_as(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    """Describe X as Y, call X Y; "what X called Y" has Y alone."""
    verb = cue.head
    what = child(verb, "dobj")
    named = child(verb, "oprd", "attr", "xcomp", "ccomp")
    both = children(verb, "oprd")
    if what is None and len(both) == 2:  # "called the drill dangerous", where the parser has both as what it is called
        what, named = both
    if what is not None and named is None:  # "called the remarks unacceptable", taken for one phrase
        named = next((c for c in children(what, "amod", "acl") if c.i > what.i and c.pos_ == "ADJ"), None)
    as_ = next((c for c in verb.children if c.dep_ in ("prep", "mark") and c.lower_ == "as" and c.i > verb.i), None)
    if what is not None and what.lower_ == "what":
        if as_ is not None:
            named = child(as_, "pobj", "amod", "pcomp", "acomp")
        if named is None or named.i < verb.i:
            return None
        return content_of(subtree(named), named, "what")
    if as_ is not None:
        named = child(as_, "pobj", "amod", "pcomp", "acomp") or as_
    if is_passive(verb):
        patient = child(verb, "nsubjpass")
        if as_ is None and named is not None and patient is not None and agent(verb) is not None:  # "called a lie by"
            return content_of([*subtree(patient), *subtree(named)], named, "object-as", patient)
        return content_of(subtree(as_), named, "object-as", patient) if as_ and named else None
    if named is None or named.i < verb.i:
        return None
    parts = {*subtree(as_ or named)}
    for more in children(verb, "conj"):  # "called it unwise and a crime", the crime hung on the verb
        if more.pos_ in ("NOUN", "ADJ") and more.i > named.i and child(more, "nsubj") is None:
            parts |= {*subtree(more), *(c for c in children(verb, "cc") if named.i < c.i < more.i)}
    if what is not None and what.i > verb.i:
        parts |= set(subtree(what))
    target = what if what is not None else child(named, "nsubj")
    if target is None:  # "called the assertion cynical", taken for one phrase
        told = children(named, "compound")
        target = next((t for t in told if lexicon.of("RejectionTargetNoun", t.lemma_.lower())), None)
    return content_of(with_tail(verb, sorted(parts, key=lambda t: t.i)), named, "object-as", target)


def _preposition(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    verb = cue.head
    # "for X to V" is a mark of the clause, not a preposition, in the parse
    for prep in sorted(verb.subtree, key=lambda t: t.i):
        if prep.i <= verb.i or prep.lower_ not in cue.entry.prepositions:
            continue
        near = (
            prep.head == verb
            or (prep.i == verb.i + 1)
            or (prep.head.head == verb and prep.head.dep_ in ("prt", "prep"))
        )
        if not near:
            continue
        root = child(prep, "pobj", "pcomp") or (prep.head if prep.dep_ == "mark" else None)
        if root is None:
            continue
        tokens = [t for t in subtree(root) if t.i > prep.i]
        return content_of(with_tail(verb, tokens), root, "preposition")
    return None


def _source_marker(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    """According to X, Y: the rest of the sentence that the phrase hangs on."""
    first = cue.tokens[0]
    top = first.head if first.dep_ != "mark" else first.head.head
    while top.head != top and not (is_verb(top) and top.dep_ in ("ROOT", "ccomp", "conj", "advcl", "relcl")):
        top = top.head
    own = {t.i for t in cue.tokens} | {t.i for t in cue.head.subtree}
    if source is not None:
        own |= {t.i for t in source.subtree if t.i > first.i or t.i >= source.left_edge.i}
    tokens = [t for t in subtree(top) if t.i not in own]
    return content_of(tokens, top, "source-marker") if any(is_verb(t) or t.pos_ == "NOUN" for t in tokens) else None


def _noun_complement(cue: Cue, source: Token | None, lexicon: Lexicon) -> Content | None:
    noun = cue.head
    clause = next((c for c in children(noun, "acl", "ccomp", "relcl") if c.i > noun.i and is_complement(c)), None)
    if clause is not None:
        return content_of(subtree(clause), clause, "noun-complement")
    for prep in children(noun, "prep"):
        if prep.lower_ in (cue.entry.prepositions or frozenset({"of"})):
            root = child(prep, "pcomp", "pobj")
            if root is not None and (source is None or root.i != source.i):
                return content_of(subtree(root), root, "noun-complement")
    return None


_FINDERS: dict[str, Callable[[Cue, Token | None, Lexicon], Content | None]] = {
    "clause": _clause,
    "infinitive": _infinitive,
    "object-infinitive": _object_infinitive,
    "object-of": _object_of,
    "object-on": _object_on,
    "object": _object,
    "object-as": _object_as,
    "preposition": _preposition,
    "source-marker": _source_marker,
    "noun-complement": _noun_complement,
    "evidence": extent.shown,
}


def narrowness(frame: str) -> int:
    """Return the rank of a frame: of two readings of one verb the lower is the more telling."""
    return _ORDER_VERB.index(frame) if frame in _ORDER_VERB else len(_ORDER_VERB)


# The narrower frame first: "accuse X of Y" has an object too, "call X Y" a clause in some parses.
_ORDER_VERB = (
    "evidence",
    "object-of",
    "object-on",
    "object-infinitive",
    "object-as",
    "clause",
    "infinitive",
    "preposition",
    "object",
)
_ORDER_OTHER = ("source-marker", "noun-complement")
