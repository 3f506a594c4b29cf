"""The seed article, read by a careful annotator, against what the converter makes of it.

`seed_annotation` is the `annotate -f json` object for the article, `seed_store` a store with the whole build of the
seeds. What is expected is data: gold/seed.json; the conventions behind it are in gold/README.md.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

import goldmatch as gm

GOLD = json.loads((gm.GOLD / "seed.json").read_text(encoding="utf-8"))
BASE = GOLD["base"]
STATEMENTS = {s["n"]: s for s in GOLD["statements"] + GOLD["furtherAttributions"]}
SEVENTEEN = [s["n"] for s in GOLD["statements"]]
INCIDENTS = {i["key"]: i for i in GOLD["incidents"]}
FORCES = "asserts confirms accuses pledges demands warns condemns announces denies dismisses".split()  # noqa: SIM905
PACTA = "https://w3id.org/pacta/ontology#"
VOCAB = "https://w3id.org/pacta/vocab/"
PREFIXES = f"PREFIX pacta: <{PACTA}>\nPREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"


def having(key: str) -> list[str]:
    return [n for n, s in STATEMENTS.items() if key in s and n in SEVENTEEN]


# --- finding a gold statement in the annotation ----------------------------------------------------------------------
def contents(gold: dict[str, Any]) -> list[list[list[int]]]:
    return [gold["content"], *gold.get("contentAlso", [])]


def matches(annotation: dict[str, Any], n: str) -> list[dict[str, Any]]:
    """Return the statements found whose content is that of gold statement `n`, those with its source and act first."""
    text, gold = annotation["text"], STATEMENTS[n]
    fits = [s for s in annotation["statements"] if any(gm.same_spans(text, s["content"], c) for c in contents(gold))]
    return sorted(fits, key=lambda s: (not gm.same_spans(text, s["cue"], gold["cue"]), s["act"] != gold["act"]))


def found(annotation: dict[str, Any], n: str) -> dict[str, Any]:
    gold, text = STATEMENTS[n], annotation["text"]
    fits = matches(annotation, n)
    if fits:
        return fits[0]
    goal = gm.words(text, gold["content"])
    near = max(annotation["statements"], key=lambda s: gm.share(goal, gm.words(text, s["content"])), default=None)
    told = "nothing at all"
    if near is not None:
        who = " / ".join(gm.speaker_names(near))
        told = f"{who} {near['act']} {gm.slices(text, near['content'])} {near['content']}"
    pytest.fail(f"statement {n} with content {gold['quotes']['content']} {gold['content']} not found; nearest: {told}")


def test_gold_quotes_are_where_it_says(seed_annotation: dict[str, Any]) -> None:
    text = seed_annotation["text"]
    for gold in STATEMENTS.values():
        for key, quotes in gold["quotes"].items():
            assert quotes == (gold[key] and [text[a:b] for a, b in gold[key]]), (gold["n"], key)
    for mention in GOLD["agreementMentions"] + GOLD["mentions"] + GOLD["notMentions"]:
        assert text[slice(*mention["span"])] == mention["quote"]


@pytest.mark.parametrize("n", SEVENTEEN)
def test_statement(seed_annotation: dict[str, Any], n: str) -> None:
    gold, got, text = STATEMENTS[n], found(seed_annotation, n), seed_annotation["text"]
    wrong = []
    for key in ("source", "cue"):
        if not gm.same_spans(text, got[key], gold[key]):
            wrong.append(f"{key} {gm.slices(text, got[key])} {got[key]}, wanted {gold['quotes'][key]} {gold[key]}")
    for key, value in (("iri", "speaker"), ("principal", "principal")):
        if got["speaker"][key] != BASE + gold[value]:
            wrong.append(f"speaker {key} {got['speaker'][key]}, wanted {gold[value]}")
    for key in ("act", "speechMode", "narratorStance"):
        if got[key] not in gm.listed(gold[key]):
            wrong.append(f"{key} {got[key]}, wanted {gold[key]}")
    if got["proposition"]["kind"] not in gold["kind"]:
        wrong.append(f"proposition kind {got['proposition']['kind']}, wanted {gold['kind']}")
    for key in ("respondsTo", "relays"):
        allowed = [gold[key], *gold.get(f"{key}Also", [])]
        aims = [None if m is None else found(seed_annotation, m)["id"] for m in allowed]
        if got[key] not in aims:
            wrong.append(f"{key} {got[key]}, wanted {' or '.join(map(str, allowed))} ({aims})")
    assert not wrong, "\n".join(wrong)


def test_nothing_else_is_put_into_anybodys_mouth(seed_annotation: dict[str, Any]) -> None:
    """Beyond the gold only the second photo caption and narration may be reported."""
    text = seed_annotation["text"]
    known = [c for gold in STATEMENTS.values() for c in contents(gold)]
    caption = (text.index("Nagorno-Karabakh - A photograph"), text.index("The drone strikes were reported"))
    extra = [
        f"{s['speaker']['iri']} {s['act']} {gm.slices(text, s['content'])}"
        for s in seed_annotation["statements"]
        if s["speechMode"] != "narration"
        and not any(gm.same_spans(text, s["content"], c) for c in known)
        and not all(caption[0] <= a and b <= caption[1] for a, b in s["content"])
    ]
    assert not extra, "\n".join(extra)


def test_headline_is_a_second_attribution_of_the_confirmation(seed_annotation: dict[str, Any], seed_rows: Any) -> None:
    headline, gold = found(seed_annotation, "1h"), STATEMENTS["1h"]
    assert headline["act"] == "confirms"
    assert headline["speaker"]["principal"] == BASE + "actor/rus"
    for key in ("source", "cue"):
        assert gm.same_spans(seed_annotation["text"], headline[key], gold[key])
    assert seed_rows.statement("1h") == seed_rows.statement("1")


def test_relayed_origin_is_the_peacekeepers(seed_annotation: dict[str, Any], seed_rows: Any) -> None:
    relayed = found(seed_annotation, "2")["relays"]
    origin = [s for s in matches(seed_annotation, "2r") if s["id"] == relayed]
    assert [s["speaker"]["iri"] for s in origin] == [BASE + "actor/rus-pkf"]
    text = seed_annotation["text"]
    assert gm.same_spans(text, origin[0]["source"], STATEMENTS["2r"]["source"]), gm.slices(text, origin[0]["source"])
    assert gm.same_spans(text, origin[0]["cue"], STATEMENTS["2r"]["cue"]), gm.slices(text, origin[0]["cue"])
    rows = seed_rows.query(
        f"SELECT ?speaker WHERE {{ <{seed_rows.statement('2')}> pacta:relays ?origin ; pacta:asserts ?p ."
        " ?origin pacta:asserts ?p ; pacta:speaker ?speaker }"
    )
    assert rows == [(BASE + "actor/rus-pkf",)]


# --- incidents, agreements, disputes ----------------------------------------------------------------------------------
def incident_of(annotation: dict[str, Any], key: str) -> dict[str, Any]:
    anchor = found(annotation, INCIDENTS[key]["statements"][0])["id"]
    holding = [i for i in annotation["incidents"] if anchor in i["statements"]]
    assert len(holding) == 1, f"{key}: statement {anchor} is in {len(holding)} incidents"
    return holding[0]


def flat(values: Any) -> str:
    return json.dumps(values)


@pytest.mark.parametrize("key", INCIDENTS)
def test_incident(seed_annotation: dict[str, Any], key: str) -> None:
    gold, got = INCIDENTS[key], incident_of(seed_annotation, key)
    assert gm.local(got["kind"]) in gold["kind"]
    assert got["status"] == gold["status"]
    for n in gold["statements"]:
        assert found(seed_annotation, n)["id"] in got["statements"], n
    for name in ("allegedBy", "confirmedBy", "deniedBy"):
        for actor in gold[name]:
            assert BASE + actor in flat(got[name]), f"{name} {got[name]} lacks {actor}"
    if not gold["deniedBy"]:
        assert not got["deniedBy"]


def test_there_are_four_incidents(seed_annotation: dict[str, Any]) -> None:
    held = {incident_of(seed_annotation, key)["id"] for key in INCIDENTS}
    assert len(held) == 4
    assert {i["id"] for i in seed_annotation["incidents"]} == held


@pytest.mark.parametrize("gold", GOLD["agreementMentions"], ids=lambda m: m["quote"])
def test_agreement_mention(seed_annotation: dict[str, Any], gold: dict[str, Any]) -> None:
    text = seed_annotation["text"]
    goal = gm.words(text, [gold["span"]])
    near = [m for m in seed_annotation["agreementMentions"] if gm.words(text, [m["span"]]) & goal]
    assert len(near) == 1, near
    got = near[0]
    assert got["agreement"] == BASE + gold["agreement"]
    assert got["clauseNumber"] in gold["clauseNumber"]
    assert got["stance"] == gold["stance"]
    assert BASE + gold["by"] in flat(got["by"]), got["by"]
    assert 0 < got["confidence"] <= 1


def test_dispute_over_clause_four_and_no_other(seed_annotation: dict[str, Any]) -> None:
    (gold,) = GOLD["disputes"]
    rows = seed_annotation["disputes"]
    assert rows, "no dispute found"
    ids = {found(seed_annotation, n)["id"]: n for n in gold["statements"]}
    for row in rows:
        assert row["agreement"] == BASE + gold["agreement"]
        assert row["clause"] == BASE + gold["clause"]
        assert row["clauseNumber"] == gold["clauseNumber"]
        assert {row["actor"], row["counterparty"]} == {BASE + a for a in gold["between"]}
    told = {s for row in rows for s in row["statements"]}
    assert {ids.get(s, s) for s in told} == set(gold["statements"])


# --- the graph --------------------------------------------------------------------------------------------------------
class Rows:
    """Asks `seed_store` and gives plain strings; finds the IRI of a gold statement by its content span."""

    def __init__(self, store: Any, annotation: dict[str, Any]) -> None:
        self.store, self.annotation = store, annotation
        self.spans: dict[str, tuple[str, list[list[int]]]] = {}
        for attribution, statement, start, end, quote in self.query(
            "SELECT ?a ?s ?b ?e ?q WHERE { ?a pacta:attributes ?s ; pacta:contentSpan ?c ."
            " ?c pacta:charStart ?b ; pacta:charEnd ?e ; pacta:quote ?q }"
        ):
            if quote == annotation["text"][int(start) : int(end)]:
                self.spans.setdefault(attribution, (statement, []))[1].append([int(start), int(end)])

    def query(self, text: str) -> list[tuple[str, ...]]:
        rows = self.store.query(PREFIXES + text).rows
        return sorted({tuple("" if t is None else str(getattr(t, "value", t)) for t in row) for row in rows})

    def statement(self, n: str) -> str:
        text, gold = self.annotation["text"], STATEMENTS[n]
        fits = {
            statement
            for statement, spans in self.spans.values()
            if any(gm.same_spans(text, sorted(spans), c) for c in contents(gold))
            and (BASE + gold["speaker"],) in self.query(f"SELECT ?o WHERE {{ <{statement}> pacta:speaker ?o }}")
        }
        assert len(fits) == 1, f"statement {n}: the graph holds {sorted(fits) or 'none'}"
        return fits.pop()

    def proposition(self, n: str) -> str:
        rows = self.query(f"SELECT ?p WHERE {{ <{self.statement(n)}> pacta:{STATEMENTS[n]['act']} ?p }}")
        assert len(rows) == 1, f"statement {n} takes {STATEMENTS[n]['act']} on {rows}"
        return rows[0][0]

    def values(self, subject: str, path: str) -> list[str]:
        return [row[0] for row in self.query(f"SELECT ?o WHERE {{ <{subject}> {path} ?o }}")]


@pytest.fixture(scope="session")
def seed_rows(seed_store: Any, seed_annotation: dict[str, Any]) -> Rows:
    return Rows(seed_store, seed_annotation)


@pytest.mark.parametrize("n", SEVENTEEN)
def test_statement_in_the_graph(seed_rows: Rows, n: str) -> None:
    gold, statement = STATEMENTS[n], seed_rows.statement(n)
    held = [f for f in FORCES if seed_rows.values(statement, f"pacta:{f}")]
    assert held == [gold["act"]]
    attributions = [a for a, (s, _) in seed_rows.spans.items() if s == statement]
    modes = {v for a in attributions for v in seed_rows.values(a, "pacta:speechMode")}
    assert modes & {f"{VOCAB}speech-mode/{m}" for m in gm.listed(gold["speechMode"])}, modes
    distances = {v for a in attributions for v in seed_rows.values(a, "pacta:narratorStance")}
    assert distances & {f"{VOCAB}narrator-stance/{m}" for m in gm.listed(gold["narratorStance"])}, distances
    if gold["respondsTo"]:
        assert seed_rows.values(statement, "pacta:respondsTo") == [seed_rows.statement(gold["respondsTo"])]


@pytest.mark.parametrize("n", having("sameProposition"))
def test_denial_rejects_the_very_proposition(seed_rows: Rows, n: str) -> None:
    assert seed_rows.proposition(n) == seed_rows.proposition(STATEMENTS[n]["sameProposition"])


def assert_time(rows: Rows, subject: str, prop: str, gold: dict[str, Any]) -> None:
    found_times = rows.query(
        f"SELECT ?from ?to ?grain ?b ?e WHERE {{ <{subject}> pacta:{prop} ?t . ?t pacta:notBefore ?from ;"
        " pacta:notAfter ?to ; pacta:granularity ?grain ; pacta:anchorSpan ?c ."
        " ?c pacta:charStart ?b ; pacta:charEnd ?e }"
    )
    assert len(found_times) == 1, f"{subject} has {len(found_times)} whole times for {prop}"
    begin, end, grain, start, stop = found_times[0]
    first, last = datetime.fromisoformat(begin), datetime.fromisoformat(end)
    assert first.tzinfo is not None
    assert last.tzinfo is not None
    outer, core = ([datetime.fromisoformat(x) for x in gold[k]] for k in ("within", "covers"))
    assert first >= outer[0], f"{begin} lies before {gold['within'][0]}"
    assert last <= outer[1], f"{end} lies after {gold['within'][1]}"
    assert first <= core[0], f"{begin} is later than {gold['covers'][0]}"
    assert (core[1] - last).total_seconds() <= 60, f"{end} is earlier than {gold['covers'][1]}"
    assert gm.local(grain) in gold["granularity"]
    text = rows.annotation["text"]
    assert gm.words(text, [[int(start), int(stop)]]) & gm.words(text, [gold["anchor"]]), text[int(start) : int(stop)]


@pytest.mark.parametrize("n", having("time"))
def test_when_it_happened(seed_rows: Rows, n: str) -> None:
    assert_time(seed_rows, seed_rows.proposition(n), "occurredDuring", STATEMENTS[n]["time"])


@pytest.mark.parametrize("n", having("saidDuring"))
def test_when_it_was_said(seed_rows: Rows, n: str) -> None:
    assert_time(seed_rows, seed_rows.statement(n), "saidDuring", STATEMENTS[n]["saidDuring"])


def test_where_known_by_distance_and_bearing(seed_rows: Rows) -> None:
    gold = STATEMENTS["2"]["location"]
    rows = seed_rows.query(
        f"SELECT ?place ?km ?bearing ?about ?b ?e WHERE {{ <{seed_rows.proposition('2')}> pacta:occurredAt ?l ."
        " ?l a pacta:RelativeLocation ; pacta:anchorPlace ?place ; pacta:distanceKm ?km ; pacta:bearing ?bearing ;"
        " pacta:approximate ?about ; pacta:anchorSpan ?c . ?c pacta:charStart ?b ; pacta:charEnd ?e }"
    )
    assert len(rows) == 1, rows
    place, km, bearing, about, start, end = rows[0]
    assert place == BASE + gold["anchorPlace"]
    assert float(km) == gold["distanceKm"]
    assert bearing == f"{VOCAB}bearing/{gold['bearing']}"
    assert about == "true"
    assert gm.same_spans(seed_rows.annotation["text"], [[int(start), int(end)]], [gold["anchor"]])


@pytest.mark.parametrize("n", having("place"))
def test_where_by_name(seed_rows: Rows, n: str) -> None:
    assert seed_rows.values(seed_rows.proposition(n), "pacta:occurredAt") == [BASE + p for p in STATEMENTS[n]["place"]]


@pytest.mark.parametrize("n", having("perpetrator"))
def test_who_is_said_to_have_done_it(seed_rows: Rows, n: str) -> None:
    role = f"{VOCAB}participation-role/perpetrator"
    actors = seed_rows.query(
        f"SELECT ?x WHERE {{ <{seed_rows.proposition(n)}> pacta:participation ?y . ?y pacta:participant ?x ;"
        f" pacta:role <{role}> }}"
    )
    assert len(actors) == 1, actors
    assert actors[0][0] in [BASE + a for a in STATEMENTS[n]["perpetrator"]]


@pytest.mark.parametrize("n", having("incidentKind"))
def test_kind_of_incident_in_the_account(seed_rows: Rows, n: str) -> None:
    kinds = seed_rows.values(seed_rows.proposition(n), "pacta:incidentKind")
    assert len(kinds) == 1
    assert gm.local(kinds[0]) in STATEMENTS[n]["incidentKind"]


def test_the_accounts_of_one_strike_meet_in_one_incident(seed_rows: Rows) -> None:
    one, two = (seed_rows.values(seed_rows.proposition(n), "pacta:accountOf") for n in ("1", "2"))
    assert len(one) == 1
    assert one == two
    others = {seed_rows.values(seed_rows.proposition(n), "pacta:accountOf")[0] for n in ("7", "8", "11")}
    assert len(others | set(one)) == 4


def test_counter_charge_is_about_azerbaijan(seed_rows: Rows) -> None:
    assert BASE + "actor/aze" in seed_rows.values(seed_rows.proposition("10"), "pacta:about")


def test_breach_charge(seed_rows: Rows) -> None:
    proposition, gold = seed_rows.proposition("13"), STATEMENTS["13"]
    assert seed_rows.values(proposition, "pacta:conduct") == [f"{VOCAB}conduct/{gold['conduct']}"]
    assert seed_rows.values(proposition, "pacta:againstProvision") == [BASE + gold["against"]]
    assert seed_rows.values(proposition, "pacta:about") == [BASE + a for a in gold["about"]]
    deployment = seed_rows.values(seed_rows.proposition("11"), "pacta:accountOf")
    assert seed_rows.values(proposition, "pacta:evaluates") == deployment


@pytest.mark.parametrize("n", having("obligation"))
def test_reading_as_an_obligation(seed_rows: Rows, n: str) -> None:
    proposition, gold = seed_rows.proposition(n), STATEMENTS[n]["obligation"]
    assert seed_rows.values(proposition, "pacta:interprets") == [BASE + STATEMENTS[n]["interprets"]]
    rows = seed_rows.query(
        f"SELECT ?bearer ?topic ?scope WHERE {{ ?o pacta:underReading <{proposition}> ; pacta:bearer ?bearer ;"
        " pacta:requires ?topic ; pacta:territorialScope ?scope }"
    )
    topic = f"{VOCAB}provision-topic/{gold['requires']}"
    assert rows == [(BASE + gold["bearer"], topic, BASE + gold["territorialScope"])]


@pytest.mark.parametrize("n", having("link"))
def test_reading_is_linked_to_clause_four(seed_rows: Rows, n: str) -> None:
    rows = seed_rows.query(
        f"SELECT ?to ?method ?confidence ?author WHERE {{ ?l pacta:linksFrom <{seed_rows.proposition(n)}> ;"
        " pacta:linksTo ?to ; pacta:linkMethod ?method ; pacta:confidence ?confidence ; pacta:linkAuthor ?author }"
    )
    clauses = [row for row in rows if "/clause/" in row[0]]
    assert [row[0] for row in clauses] == [BASE + STATEMENTS[n]["link"]]
    _, method, confidence, author = clauses[0]
    assert gm.local(method) in ("topic-and-bearer", "wording")
    assert 0 < float(confidence) < 1
    assert author


@pytest.mark.parametrize("key", INCIDENTS)
def test_derived_status(seed_rows: Rows, key: str) -> None:
    (incident,) = seed_rows.values(seed_rows.proposition(INCIDENTS[key]["statements"][0]), "pacta:accountOf")
    assert seed_rows.values(incident, "pacta:status") == [f"{VOCAB}incident-status/{INCIDENTS[key]['status']}"]


def test_derived_dispute_and_no_other(seed_rows: Rows) -> None:
    (gold,) = GOLD["disputes"]
    wanted = {seed_rows.statement(n): n for n in gold["statements"]}
    (record,) = seed_rows.values(seed_rows.statement("1"), "pacta:inRecord")
    rows = seed_rows.query(
        "SELECT ?over ?holder ?via WHERE { ?d a pacta:Dispute ; pacta:disputeOver ?over ; pacta:side ?x ."
        f" ?x pacta:holder ?holder ; pacta:viaStatement ?via . ?via pacta:inRecord <{record}> }}"
    )
    assert {over for over, _, _ in rows} == {BASE + gold["clause"]}
    sides = {wanted.get(via, via): holder for _, holder, via in rows}
    assert sides == {"14": BASE + "actor/aze", "15": BASE + "actor/arm", "16": BASE + "actor/arm"}


@pytest.mark.parametrize("gold", GOLD["mentions"], ids=lambda m: f"{m['quote']} is {m['denotes']}")
def test_mention(seed_rows: Rows, gold: dict[str, Any]) -> None:
    kinds = [gm.local(k) for a, k in mentions_at(seed_rows, gold["span"]) if a == BASE + gold["denotes"]]
    assert kinds, f"{gold['quote']} denotes {mentions_at(seed_rows, gold['span']) or 'nothing'}"
    assert set(kinds) & set(gm.listed(gold["mentionKind"]))


@pytest.mark.parametrize("gold", GOLD["notMentions"], ids=lambda m: f"{m['quote']} is not {m['denotes']}")
def test_no_such_mention(seed_rows: Rows, gold: dict[str, Any]) -> None:
    exact = mentions_at(seed_rows, gold["span"], exact=True)
    assert BASE + gold["denotes"] not in [actor for actor, _ in exact], gold["why"]


def mentions_at(rows: Rows, span: list[int], *, exact: bool = False) -> list[tuple[str, str]]:
    """Return (actor, kind) of the mentions that touch `span`, or that mark just the same words."""
    text, here = rows.annotation["text"], []
    goal = gm.words(text, [span])
    for actor, kind, start, end, quote in rows.query(
        "SELECT ?x ?kind ?b ?e ?q WHERE { ?m pacta:denotes ?x ; pacta:mentionKind ?kind ; pacta:charStart ?b ;"
        " pacta:charEnd ?e ; pacta:quote ?q }"
    ):
        marked = gm.words(text, [[int(start), int(end)]])
        if quote == text[int(start) : int(end)] and (marked == goal if exact else marked & goal):
            here.append((actor, kind))
    return here


def test_whose_army_it_is_stays_open(seed_rows: Rows) -> None:
    army = BASE + "actor/f-0001"
    assert seed_rows.values(army, "pacta:organOf") == []
    assert set(seed_rows.values(army, "pacta:principal")) <= {army}
