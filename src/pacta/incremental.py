"""Keeps the derived graph up to date when records come, go or are replaced: only what touches them is derived anew.

    before = {name: tuple(store.quads(name)) for name in names}   # what the graphs held while `derived` was made
    ... write to the graphs ...
    update(store, before)                                         # the same bytes as rules.derive(store)

What is a reprint of what is found first, for the families that changed graphs are in; what comes or goes by that is a
change like those in the graphs. The rules stay as they are. They run over a slice of the store: all statements, links
and accounts of what the changed triples name, of the incidents these tell of, and of the provisions these are about. Of
what they conclude there, only conclusions about those things replace the old ones. Where a change reaches further (an
actor's principal, the clauses of an agreement, a rule with conclusions of a new kind) everything is derived anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from pacta import reprints, rules
from pacta.iris import Iris
from pacta.store import EmbeddedStore
from pacta.vocabulary import FORCES, ID_BASE, PACTA, RDF

Term = NamedNode | BlankNode | Literal | Triple
_TYPE = NamedNode(RDF + "type")


def _pacta(*names: str) -> tuple[NamedNode, ...]:
    return tuple(NamedNode(PACTA + name) for name in names)


# What the rules conclude, by the kind of thing that the conclusion is about. A rule with another conclusion: all anew.
_ABOUT_THE_SUBJECT = frozenset(
    _pacta("affirms", "rejects", "principal", "concernsClause", "accountOf", "status", "day", "speakerMonth")
)
_ABOUT_THE_KEY = frozenset(_pacta("spokeIn"))  # concluded from any attribution that has the key
_ABOUT_BOTH = frozenset(_pacta("incompatibleWith"))
_ABOUT_THE_OBJECT = frozenset(_pacta("disputes"))
_OF_A_DISPUTE = frozenset(
    (
        _TYPE,
        *_pacta("disputeOver", "disputedProposition", "side", "derivedByRule", "holder", "viaStatement", "position"),
    )
)
_KNOWN = _ABOUT_THE_SUBJECT | _ABOUT_THE_KEY | _ABOUT_BOTH | _ABOUT_THE_OBJECT | _OF_A_DISPUTE
_FAR = frozenset(_pacta("organOf", "clauseOf"))  # a change of these between things known elsewhere reaches far
_STANCES = (*map(NamedNode, FORCES), *_pacta("affirms", "rejects"))
_PROVISION_OF = _pacta("interprets", "againstProvision")
(_CLAUSE_OF, _ACCOUNT_OF, _FROM, _TO, _RELAYS, _ATTRIBUTES, _OVER, _SIDE, _ABOUT, _CONCERNS, _COPY_OF, _KEY) = _pacta(
    "clauseOf", "accountOf", "linksFrom", "linksTo", "relays", "attributes", "disputeOver", "side", "about",
    "concernsClause", "copyOf", "speakerMonth",
)  # fmt: skip
# From a part to what it is a part of: a changed obligation changes what its reading is incompatible with.
_PART_OF = frozenset((*_STANCES, *_pacta("linksFrom", "underReading", "attributes", "relays")))
_INBOUND = (*_STANCES, *_pacta("linksFrom", "underReading", "incompatibleWith", "compatibleWith"))
_HOLDING = _pacta("participation", "deadline", "saidDuring", "attributes", "inDocument")
_ON = frozenset(_pacta("organOf", "copyOf", "clauseOf", "participant", "speaker"))  # on from what a thing names
# Where an actor is told of: one such place suffices for it to have a principal.
_TELLING = _pacta(
    "speaker", "participant", "addressee", "bearer", "counterparty", "party", "mediator", "issuedBy", "usedBy",
    "outlet", "publishedBy", "organOf",
)  # fmt: skip


def update(store: EmbeddedStore, before: Mapping[str, Iterable[Quad]], *, base: str = ID_BASE) -> int:
    """Bring the derived graph up to date; return the number of its triples.

    `before`: what each graph that was written to held when the derived graph was made (nothing, for a new graph). Where
    the derived graph was outdated then (`store.outdated`), nothing less than `rules.derive` will do.
    """
    derived = Iris(base).derived_graph()
    wanted = rules.predicates()
    if wanted is None or not _understood():
        return rules.derive(store, base=base)
    change = _changed(store, before, derived, wanted)
    if _reaches_far(store, change, before, derived):
        return rules.derive(store, base=base)
    held = NamedNode(derived)
    copied = {q.triple for p in reprints.CONCLUDED for q in store.match(None, p, None, held)}
    copies = reprints.update(store, before, copied)
    change |= {t for t in copied ^ copies if t.predicate.value in wanted}
    slice_ = _Slice(store, derived, frozenset(map(NamedNode, wanted)), _Overlay(copies))
    slice_.take(change)
    concluded = set(rules.conclusions(slice_.quads, base))
    if any(t.predicate not in _KNOWN for t in concluded):
        return rules.derive(store, base=base)
    count, come = 0, slice_.decided(concluded) | copies
    gone: list[Quad] = []
    replaced = slice_.replaced(held)
    for quad in store.quads(derived):  # one by one: the graph may be large
        if quad.predicate not in _KNOWN and quad.predicate not in reprints.CONCLUDED:
            return rules.derive(store, base=base)
        count += 1
        if quad.triple in come:
            come.discard(quad.triple)
        elif quad.predicate in reprints.CONCLUDED or replaced(quad):
            gone.append(quad)
    store.change(gone, [Quad(t.subject, t.predicate, t.object, held) for t in come])
    store.settled()
    return count - len(gone) + len(come)


def _changed(
    store: EmbeddedStore, before: Mapping[str, Iterable[Quad]], derived: str, wanted: frozenset[str]
) -> set[Triple]:
    """Return the triples that came or went for the store as a whole: not those that another graph holds anyway."""
    changed: set[Triple] = set()
    for name, quads in before.items():
        old = {q.triple for q in quads if q.predicate.value in wanted}
        changed |= old ^ {q.triple for q in store.quads(name) if q.predicate.value in wanted}
    skipped = {*before, derived}

    def stands_elsewhere(triple: Triple) -> bool:
        found = store.match(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
        return any(q.graph_name.value not in skipped for q in found)  # type: ignore[union-attr]

    return {t for t in changed if not stands_elsewhere(t)}


def _understood() -> bool:
    """Tell whether all that the rules say they conclude is of the kinds this module knows."""
    return all(NamedNode(PACTA + name) in _KNOWN for rule in rules.rules() for name in rule.concludes)


def _reaches_far(store: EmbeddedStore, change: set[Triple], before: Mapping[str, Iterable[Quad]], derived: str) -> bool:
    """Tell whether a change moves the type, owner or place of something that graphs beside the changed ones name."""
    skipped = {*before, derived}
    for triple in change:
        if triple.predicate in _FAR or triple.predicate == _TYPE:
            for quad in (*store.match(None, None, triple.subject), *store.match(triple.subject)):  # type: ignore[arg-type]
                if quad.graph_name.value not in skipped:  # type: ignore[union-attr]
                    return True
    return False


class _Overlay:
    """What of the derived graph the rules do not conclude but look at: which things are copies of which."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._first: dict[Term, Quad] = {}
        self._copies: dict[Term, list[Quad]] = {}
        for t in triples:
            if t.predicate == _COPY_OF:
                quad = Quad(t.subject, t.predicate, t.object)
                self._first[t.subject] = quad
                self._copies.setdefault(t.object, []).append(quad)

    def match(self, subject: Term | None, predicate: NamedNode | None, object_: Term | None) -> Iterable[Quad]:
        """Return the quads that fit a pattern with a subject or an object."""
        if predicate is not None and predicate != _COPY_OF:
            return ()
        if subject is None:
            return () if object_ is None else self._copies.get(object_, ())
        quad = self._first.get(subject)
        return () if quad is None or (object_ is not None and quad.object != object_) else (quad,)


@dataclass
class _Slice:
    """The part of a store that conclusions about some things rest on.

    `things`: what the changed triples name; `incidents`, `provisions`: those whose status or disputes may change.
    """

    store: EmbeddedStore
    derived: str
    wanted: frozenset[NamedNode]
    overlay: _Overlay
    quads: set[Quad] = field(default_factory=set)
    things: set[Term] = field(default_factory=set)
    incidents: set[Term] = field(default_factory=set)
    provisions: set[Term] = field(default_factory=set)
    _done: set[tuple[str, Term]] = field(default_factory=set)

    def take(self, change: set[Triple]) -> None:
        """Bring in all that conclusions about the things of changed triples rest on."""
        waiting: list[Term] = []
        for triple in change:
            waiting.append(triple.subject)
            if triple.predicate != _TYPE:
                waiting.append(triple.object)
            if triple.predicate in _PROVISION_OF or triple.predicate == _TO:
                self.provisions |= self._upward(triple.object, _CLAUSE_OF)
            if triple.predicate in (_ACCOUNT_OF, _TO):
                self.incidents.add(triple.object)
            if triple.predicate == _COPY_OF:  # what names a local actor has another principal to reckon with
                waiting += [q.subject for q in self._match(None, None, triple.subject)]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, NamedNode) and thing not in self.things:
                self.things.add(thing)
                waiting += [q.object for q in self._match(thing, None, None) if q.predicate in _PART_OF]
                waiting += [q.subject for p in _HOLDING for q in self._match(None, p, thing)]
        for thing in sorted(self.things, key=str):
            self._thing(thing)
        for provision in sorted(self.provisions, key=str):
            for part in self._downward(provision):
                self._provision(part)
        self.incidents |= {other for incident in self.incidents for other in self._printed(incident)}
        for incident in sorted(self.incidents, key=str):
            self._own(incident)
            for account in self._accounts(incident):
                self._proposition(account)

    # --- what a thing's conclusions rest on ---------------------------------------------------------------------------
    def _thing(self, thing: Term) -> None:
        """Take a thing with all that is said of it; note the provisions and incidents it is about."""
        if not isinstance(thing, NamedNode):
            return
        self._told(thing)
        self._proposition(thing, sure=False)
        if next(self._match(None, _ACCOUNT_OF, thing), None) is not None:
            self.incidents.add(thing)
        for predicate in (*_PROVISION_OF, _CONCERNS):
            for quad in self.store.match(thing, predicate):
                self.provisions |= self._upward(quad.object, _CLAUSE_OF)
        for link in self._match(None, _FROM, thing):
            for quad in self._match(link.subject, _TO, None):
                self.provisions |= self._upward(quad.object, _CLAUSE_OF)
                self.incidents.add(quad.object)
        self.incidents.update(quad.object for quad in self._match(thing, _ACCOUNT_OF, None))

    def _proposition(self, thing: Term, *, sure: bool = True) -> None:
        """Take a proposition with its statements, links and obligations. `sure`: that it is one."""
        if ("proposition", thing) in self._done or not isinstance(thing, NamedNode):
            return
        self._done.add(("proposition", thing))
        self._own(thing)
        for quad in self._match(None, None, thing) if sure else self._towards(thing):
            if quad.predicate in _INBOUND:
                self._own(quad.subject)
                if quad.predicate in _STANCES:
                    self._statement(quad.subject)

    def _towards(self, thing: Term) -> Iterator[Quad]:
        """Yield what is said of a thing that may be no proposition but a hub, like an actor: one way at a time."""
        for predicate in _INBOUND:
            yield from self._match(None, predicate, thing)

    def _statement(self, statement: Term) -> None:
        for quad in self._match(None, None, statement):
            if quad.predicate in (_ATTRIBUTES, _RELAYS):
                self._own(quad.subject)
        for quad in self._match(statement, _RELAYS, None):
            self._own(quad.object)

    def _provision(self, provision: Term) -> None:
        """Take every proposition about a provision: by what it interprets, what it is against, and by links."""
        for predicate in _PROVISION_OF:
            for quad in self._match(None, predicate, provision):
                self._proposition(quad.subject)
        for link in self._match(None, _TO, provision):
            for quad in self._match(link.subject, _FROM, None):
                self._proposition(quad.object)

    def _printed(self, incident: Term) -> Iterator[Term]:
        """Yield an incident as the first printing of a text tells of it, and as each reprint does."""
        first = next((q.object for q in self._match(incident, _COPY_OF, None)), incident)
        yield first
        yield from (q.subject for q in self._match(None, _COPY_OF, first))

    def _accounts(self, incident: Term) -> Iterator[Term]:
        for quad in self._match(None, _ACCOUNT_OF, incident):
            yield quad.subject
        for link in self._match(None, _TO, incident):
            for quad in self._match(link.subject, _FROM, None):
                yield quad.object

    def _own(self, thing: Term) -> None:
        """Take the triples of a thing, the types and owners of what they name, and participants, times below it."""
        if ("own", thing) in self._done or not isinstance(thing, NamedNode):
            return
        self._done.add(("own", thing))
        for quad in self._match(thing, None, None):
            self.quads.add(quad)
            if quad.predicate != _TYPE:
                self._named(quad.object)

    def _named(self, thing: Term) -> None:
        """Take what the rules ask of a thing that another one names: type, owner, what it is part of, its values."""
        if ("named", thing) in self._done or not isinstance(thing, NamedNode):
            return
        self._done.add(("named", thing))
        for quad in self._match(thing, None, None):
            self.quads.add(quad)
            if quad.predicate in _ON:
                self._named(quad.object)

    def _told(self, actor: NamedNode) -> None:
        """Take one place that tells of an actor, in each way of telling."""
        for predicate in _TELLING:
            quad = next(self._match(None, predicate, actor), None)
            if quad is not None:
                self.quads.add(quad)
        for quad in self._match(None, _ABOUT, actor):
            kinds = list(self._match(quad.subject, _TYPE, None))
            if any(k.object == NamedNode(PACTA + "Evaluation") for k in kinds):
                self.quads.update((quad, *kinds))
                return

    # --- conclusions --------------------------------------------------------------------------------------------------
    def decided(self, among: set[Triple]) -> set[Triple]:
        """Return the conclusions that the slice decides, out of `among`: those about its things."""
        over = {t.subject for t in among if t.predicate == _OVER and t.object in self.provisions}
        disputes = over | {t.object for t in among if t.predicate == _SIDE and t.subject in over}
        keys = {t.object for t in among if t.predicate == _KEY and t.subject in self.things}
        return {t for t in among if self._mine(t, disputes, keys)}

    def replaced(self, graph: NamedNode) -> Callable[[Quad], bool]:
        """Return what tells of a quad of the derived graph whether what the slice decides takes its place."""
        over = {q.subject for p in self.provisions for q in self.store.match(None, _OVER, p, graph)}
        sides = {q.object for dispute in over for q in self.store.match(dispute, _SIDE, None, graph)}  # type: ignore[arg-type]
        disputes = over | sides
        keys = {q.object for t in self.things for q in self.store.match(t, _KEY, None, graph)}  # type: ignore[arg-type]
        keys = {key for key in keys if not self._has_others(key, graph)}
        return lambda quad: self._mine(quad, disputes, keys)

    def _has_others(self, key: Term, graph: NamedNode) -> bool:
        """Tell whether an attribution that is none of the things has a key of speaker and month."""
        return any(quad.subject not in self.things for quad in self.store.match(None, _KEY, key, graph))

    def _mine(self, told: Triple | Quad, disputes: set[Term], keys: set[Term]) -> bool:
        if told.predicate in _ABOUT_THE_KEY:
            return told.object in keys
        if told.predicate in _ABOUT_THE_OBJECT:
            return told.object in self.provisions
        if told.predicate in _ABOUT_THE_SUBJECT:
            return told.subject in self.things or told.subject in self.incidents
        if told.predicate in _ABOUT_BOTH:
            return told.subject in self.things or told.object in self.things
        return told.subject in disputes

    # --- the store ----------------------------------------------------------------------------------------------------
    def _match(self, subject: Term | None, predicate: NamedNode | None, object_: Term | None) -> Iterator[Quad]:
        """Yield what the store holds beside the derived graph, of the predicates that the rules look at."""
        for quad in self.store.match(subject, predicate, object_):  # type: ignore[arg-type]
            if quad.predicate in self.wanted and quad.graph_name.value != self.derived:  # type: ignore[union-attr]
                yield quad
        yield from self.overlay.match(subject, predicate, object_)

    def _upward(self, thing: Term, predicate: NamedNode) -> set[Term]:
        found: set[Term] = set()
        waiting = [thing]
        while waiting:
            at = waiting.pop()
            if isinstance(at, NamedNode) and at not in found:
                found.add(at)
                waiting.extend(q.object for q in self._match(at, predicate, None))
        return found

    def _downward(self, provision: Term) -> set[Term]:
        found: set[Term] = set()
        waiting = [provision]
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting.extend(q.subject for q in self._match(None, _CLAUSE_OF, at))
        return found
