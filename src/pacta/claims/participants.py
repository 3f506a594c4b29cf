"""Who did what to whom around a trigger word: agent, target, place and time of a deed told in a clause."""

from __future__ import annotations

from pacta.annotations import syntax as sx
from pacta.annotations.annotated import Annotated
from pacta.annotations.words import Token
from pacta.model import LocationMention, Span, TimeMention
from pacta.statements.coreference import Resolver
from pacta.statements.grammar import agent, child, in_clause, is_passive, is_verb, noun_phrase, subject
from pacta.statements.phrases import is_place_use

_WHEN = frozenset({"in", "during", "after", "before", "since", "amid", "from"})
_AT_TARGET = frozenset({"on", "at", "against", "upon", "toward", "towards"})


def actor_in(page: Annotated, resolver: Resolver, head: Token, *, modifier: bool = False) -> str | None:
    """Return the actor a phrase names or belongs to: its head, else its owner, else an adjective of a state in it.

    `modifier`: look beside the head only ("the X strikes"), since the head is the deed itself.
    """
    if not modifier:
        if head.pos_ == "PRON":
            return resolver.actor(head, create=False)
        if head.pos_ == "PROPN" and page.names.covering(sx.start(head)) is None:
            # "at N" is a place that nobody has told of yet, no actor
            return resolver.known_polity(head) or resolver.actor(head, create=not is_place_use(head))
        hit = page.names.covering(sx.start(head))
        if hit is not None and not (is_place_use(head) and page.names.place(hit) is not None):
            found = resolver.actor(head, create=False)
            if found is not None:
                return found
    for token in head.children:
        if token.dep_ == "poss" and token.pos_ == "PRON":
            found = resolver.actor(token, create=False)
            if found is not None:
                return found
    phrase = [t for t in noun_phrase(head) if t != head and not in_clause(t, head)]
    near_first = sorted(phrase, key=lambda t: (t.head != head, t.dep_ not in ("amod", "compound", "nmod", "poss"), t.i))
    for token in near_first:
        if token.dep_ == "poss" and token.pos_ == "PRON":
            found = resolver.actor(token, create=False)
            if found is not None:
                return found
        hit = page.names.covering(sx.start(token))
        if hit is None and token.head == head and (polity := resolver.known_polity(token)) is not None:
            return polity
        if hit is None or hit.kind == "function" or (is_place_use(token) and page.names.place(hit) is not None):
            continue
        entity = page.names.actor(hit)
        if hit.kind == "organ" or entity is not None:
            return resolver.actor(token, create=False)
    return None


def perpetrator(
    page: Annotated, resolver: Resolver, trigger: Token, charged: Token | None, tokens: list[Token]
) -> str | None:
    """Return the actor to whom the deed is ascribed. `charged`: head of X in "accuse X of …"; `tokens`: the content."""
    if is_verb(trigger):
        if is_passive(trigger):
            by = agent(trigger)
            return actor_in(page, resolver, by) if by is not None else None
        found = subject(trigger)
        if charged is not None and (found is None or found[1] != trigger):
            return charged_actor(page, resolver, charged)
        if found is None and trigger.dep_ == "acl" and trigger.head.pos_ == "NOUN":  # "an attempt by N to cross"
            by = agent(trigger.head)
            beside = actor_in(page, resolver, by) if by is not None else None
            return beside or actor_in_modifiers(page, resolver, trigger.head)
        return actor_in(page, resolver, found[0]) if found is not None else None
    by = agent(trigger)
    if by is not None:
        return actor_in(page, resolver, by)
    beside = actor_in_modifiers(page, resolver, trigger)
    if beside is not None:
        return beside
    if trigger.dep_ == "pobj" and trigger.head.lower_ in _WHEN:
        return None  # "lost a man in that skirmish"
    verb = trigger.head
    while verb.dep_ == "prep" or (verb.pos_ in ("NOUN", "NUM") and verb.head != verb):
        verb = verb.head
    if charged is not None and verb not in tokens:
        return charged_actor(page, resolver, charged)
    if is_verb(verb) and verb in tokens and trigger.dep_ in ("dobj", "pobj") and not is_passive(verb):
        found = subject(verb)  # carried out strikes
        if charged is not None and (found is None or found[1] != verb):
            return actor_in(page, resolver, charged)
        if found is not None:
            return actor_in(page, resolver, found[0])
    return None


def origin(page: Annotated, resolver: Resolver, trigger: Token) -> str | None:
    """Return whose ground a shot or an attack came from: "from the side of X", "from X territory"."""
    verb = trigger
    while not is_verb(verb) and verb.head != verb:
        verb = verb.head
    for part in dict.fromkeys((trigger, verb)):
        for prep in part.children:
            noun = child(prep, "pobj") if prep.dep_ == "prep" and prep.lower_ == "from" else None
            if noun is None or noun.pos_ == "PRON":
                continue
            found = actor_in(page, resolver, noun)
            if found is not None:
                return found
            for token in noun_phrase(noun):
                hit = page.names.covering(sx.start(token))
                if hit is not None and (actor := page.names.actor(hit)) is not None:
                    return actor.iri
    return None


def charged_actor(page: Annotated, resolver: Resolver, charged: Token) -> str | None:
    """Return the actor that a charge names; a group known by no name becomes a local actor ("the armed opposition")."""
    found = actor_in(page, resolver, charged)
    if found is None and page.lexicon.of("GroupNoun", charged.lemma_.lower()):
        return resolver.actor(charged)
    return found


def actor_in_modifiers(page: Annotated, resolver: Resolver, noun: Token) -> str | None:
    """Return the actor in the adjective or possessor of a noun of action ("the X strikes", "X's attack")."""
    for token in noun.children:
        if token.dep_ not in ("amod", "compound", "nmod", "poss"):
            continue
        if token.pos_ == "PRON":
            return resolver.actor(token, create=False)
        hit = page.names.covering(sx.start(token))
        if hit is not None and (hit.kind == "organ" or page.names.actor(hit) is not None):
            return resolver.actor(token, create=False)
        if hit is None and token.dep_ in ("compound", "nmod", "poss"):  # "the X drone attack": X beside "drone"
            found = actor_in_modifiers(page, resolver, token)
            if found is not None:
                return found
    return None


def target(page: Annotated, resolver: Resolver, trigger: Token, own: frozenset[str] = frozenset()) -> str | None:
    """Return the actor at the receiving end: object, passive subject, or after "on", "at", "against".

    `own`: object lemmas that belong to the deed ("deploy troops"), which nobody is at the receiving end of.
    """
    candidates: list[Token] = []
    if is_verb(trigger):
        patient = child(trigger, "nsubjpass") if is_passive(trigger) else child(trigger, "dobj")
        if patient is not None and patient.lemma_.lower() not in own:
            candidates.append(patient)
    parts = [trigger, *(c for c in trigger.children if c.dep_ == "dobj")]
    if not is_verb(trigger) and is_verb(trigger.head):
        parts.append(trigger.head)
    candidates += [
        noun
        for part in parts
        for prep in part.children
        if prep.dep_ == "prep" and prep.lower_ in _AT_TARGET and (noun := child(prep, "pobj")) is not None
    ]
    for noun in candidates:
        found = actor_in(page, resolver, noun)
        if found is not None:
            return found
    return None


def when(page: Annotated, spans: tuple[Span, ...]) -> TimeMention | None:
    """Return the time told inside the content: the finest, then the first."""
    times = [t for span in spans for t in page.times_in(span)]
    fine = ("instant", "hour", "part-of-day", "night", "day", "days", "week", "month", "season", "year")
    order = {g: i for i, g in enumerate(fine)}
    return min(times, key=lambda t: (order.get(t.granularity, 99), t.span)) if times else None


def where(page: Annotated, spans: tuple[Span, ...]) -> tuple[str | None, LocationMention | None]:
    """Return (place IRI, relative location) told inside the content."""
    told = [location for span in spans for location in page.locations_in(span)]
    measured = [x for x in told if x.distance_km is not None or x.bearing is not None]
    if measured:
        return None, min(measured, key=lambda location: location.span)
    for span in spans:
        for hit in page.names.within(span):
            place = page.names.place(hit)
            tokens = page.tokens_in(hit.span)
            if (
                place is not None
                and tokens
                and (is_place_use(tokens[-1]) or (page.names.actor(hit) is None and _locates(tokens[-1])))
            ):
                return place.iri, None
    return None, None


def _locates(token: Token) -> bool:
    """Tell whether a place name says where (not whose): "in N", "the N border", but not "N's army"."""
    head = token
    while head.dep_ in ("compound", "nmod") and head.head != head:
        head = head.head
    return head.dep_ in ("pobj", "dobj", "npadvmod") and not any(c.dep_ == "case" for c in token.children)


def bearer_of_phrase(page: Annotated, resolver: Resolver, token: Token) -> str | None:
    """Return the subject of the clause that a phrase belongs to: "X was in breach of"."""
    while not is_verb(token) and token.head != token:
        token = token.head
    if is_passive(token):  # "they are denied access in breach of": by whom it is done
        by = agent(token)
        return actor_in(page, resolver, by) if by is not None else None
    found = subject(token)
    noun = found[0] if found is not None else None
    if noun is not None and noun.tag_ == "WDT":  # "it is X that was in breach"
        noun = token.head
    return actor_in(page, resolver, noun) if noun is not None else None
