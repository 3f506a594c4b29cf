"""Constants for namespaces and for every term of the ontology, checked against ontology/ by a test.

    >>> term("Statement")
    'https://w3id.org/pacta/ontology#Statement'
    >>> concept("speech-mode", "mixed")
    'https://w3id.org/pacta/vocab/speech-mode/mixed'

Concepts are not listed here: an ontologist adds one to ontology/vocabularies and it is there. Schemes are, so that a
misspelt one fails at once.
"""

# ruff: noqa: N815 -- the names are the ontology's own

from __future__ import annotations

PACTA = "https://w3id.org/pacta/ontology#"
VOCAB = "https://w3id.org/pacta/vocab/"
LEXICON = "https://w3id.org/pacta/lexicon/"
SHAPES = "https://w3id.org/pacta/shapes#"
RULE = "https://w3id.org/pacta/rule/"
QUERY = "https://w3id.org/pacta/query/"
ID_BASE = "https://w3id.org/pacta/id/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
SHACL = "http://www.w3.org/ns/shacl#"

PREFIXES: dict[str, str] = {
    "pacta": PACTA,
    "v": VOCAB,
    "ps": SHAPES,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "sh": SHACL,
}


class P:
    """Classes and properties of the ontology as full IRIs, module by module."""

    # source
    Document = PACTA + "Document"
    Capture = PACTA + "Capture"
    TextSpan = PACTA + "TextSpan"
    Mention = PACTA + "Mention"
    ConversionRun = PACTA + "ConversionRun"
    Record = PACTA + "Record"
    captureOf = PACTA + "captureOf"
    ofCapture = PACTA + "ofCapture"
    outlet = PACTA + "outlet"
    denotes = PACTA + "denotes"
    mentionKind = PACTA + "mentionKind"
    inRecord = PACTA + "inRecord"
    published = PACTA + "published"
    publishedInferred = PACTA + "publishedInferred"
    sha256 = PACTA + "sha256"
    byteLength = PACTA + "byteLength"
    charLength = PACTA + "charLength"
    textSha256 = PACTA + "textSha256"
    minHash = PACTA + "minHash"
    shingleCount = PACTA + "shingleCount"
    fullText = PACTA + "fullText"
    charStart = PACTA + "charStart"
    charEnd = PACTA + "charEnd"
    pageNumber = PACTA + "pageNumber"
    provisionStance = PACTA + "provisionStance"
    quote = PACTA + "quote"
    converterVersion = PACTA + "converterVersion"
    parserModel = PACTA + "parserModel"
    knowledgeHash = PACTA + "knowledgeHash"
    # discourse
    Attribution = PACTA + "Attribution"
    Statement = PACTA + "Statement"
    Communique = PACTA + "Communique"
    attributes = PACTA + "attributes"
    inDocument = PACTA + "inDocument"
    sourceSpan = PACTA + "sourceSpan"
    cueSpan = PACTA + "cueSpan"
    contentSpan = PACTA + "contentSpan"
    speechMode = PACTA + "speechMode"
    narratorStance = PACTA + "narratorStance"
    contentQuote = PACTA + "contentQuote"
    quotedMention = PACTA + "quotedMention"
    quotedThing = PACTA + "quotedThing"
    confidence = PACTA + "confidence"
    speaker = PACTA + "speaker"
    addressee = PACTA + "addressee"
    saidDuring = PACTA + "saidDuring"
    partOfCommunique = PACTA + "partOfCommunique"
    issuedBy = PACTA + "issuedBy"
    respondsTo = PACTA + "respondsTo"
    relays = PACTA + "relays"
    takesStanceOn = PACTA + "takesStanceOn"
    affirms = PACTA + "affirms"
    rejects = PACTA + "rejects"
    asserts = PACTA + "asserts"
    confirms = PACTA + "confirms"
    accuses = PACTA + "accuses"
    pledges = PACTA + "pledges"
    demands = PACTA + "demands"
    warns = PACTA + "warns"
    condemns = PACTA + "condemns"
    announces = PACTA + "announces"
    denies = PACTA + "denies"
    dismisses = PACTA + "dismisses"
    # content
    Proposition = PACTA + "Proposition"
    IncidentAccount = PACTA + "IncidentAccount"
    Interpretation = PACTA + "Interpretation"
    Evaluation = PACTA + "Evaluation"
    Undertaking = PACTA + "Undertaking"
    Affiliation = PACTA + "Affiliation"
    StateOfAffairs = PACTA + "StateOfAffairs"
    Incident = PACTA + "Incident"
    Participation = PACTA + "Participation"
    accountOf = PACTA + "accountOf"
    incidentKind = PACTA + "incidentKind"
    occurredDuring = PACTA + "occurredDuring"
    occurredAt = PACTA + "occurredAt"
    participation = PACTA + "participation"
    participant = PACTA + "participant"
    role = PACTA + "role"
    casualties = PACTA + "casualties"
    conduct = PACTA + "conduct"
    evaluates = PACTA + "evaluates"
    againstProvision = PACTA + "againstProvision"
    about = PACTA + "about"
    interprets = PACTA + "interprets"
    compatibleWith = PACTA + "compatibleWith"
    incompatibleWith = PACTA + "incompatibleWith"
    gloss = PACTA + "gloss"
    # agreements
    Provision = PACTA + "Provision"
    Agreement = PACTA + "Agreement"
    Clause = PACTA + "Clause"
    AgreementText = PACTA + "AgreementText"
    ClauseText = PACTA + "ClauseText"
    Obligation = PACTA + "Obligation"
    Link = PACTA + "Link"
    party = PACTA + "party"
    mediator = PACTA + "mediator"
    signedDuring = PACTA + "signedDuring"
    amends = PACTA + "amends"
    clauseOf = PACTA + "clauseOf"
    clauseNumber = PACTA + "clauseNumber"
    provisionTopic = PACTA + "provisionTopic"
    summary = PACTA + "summary"
    textOf = PACTA + "textOf"
    clauseTextOf = PACTA + "clauseTextOf"
    inText = PACTA + "inText"
    wording = PACTA + "wording"
    variantPhrase = PACTA + "variantPhrase"
    publishedBy = PACTA + "publishedBy"
    legalValue = PACTA + "legalValue"
    translationOf = PACTA + "translationOf"
    validDuring = PACTA + "validDuring"
    underReading = PACTA + "underReading"
    bearer = PACTA + "bearer"
    counterparty = PACTA + "counterparty"
    requires = PACTA + "requires"
    territorialScope = PACTA + "territorialScope"
    scopeText = PACTA + "scopeText"
    deadline = PACTA + "deadline"
    condition = PACTA + "condition"
    linksFrom = PACTA + "linksFrom"
    linksTo = PACTA + "linksTo"
    linkMethod = PACTA + "linkMethod"
    linkAuthor = PACTA + "linkAuthor"
    # actors
    Actor = PACTA + "Actor"
    State = PACTA + "State"
    Organ = PACTA + "Organ"
    ArmedFormation = PACTA + "ArmedFormation"
    DeFactoEntity = PACTA + "DeFactoEntity"
    InternationalOrganization = PACTA + "InternationalOrganization"
    MediaOutlet = PACTA + "MediaOutlet"
    Person = PACTA + "Person"
    Place = PACTA + "Place"
    RelativeLocation = PACTA + "RelativeLocation"
    TimeExtent = PACTA + "TimeExtent"
    Name = PACTA + "Name"
    organOf = PACTA + "organOf"
    organFunction = PACTA + "organFunction"
    name = PACTA + "name"
    nameForm = PACTA + "nameForm"
    nameKind = PACTA + "nameKind"
    usedBy = PACTA + "usedBy"
    within = PACTA + "within"
    capital = PACTA + "capital"
    latitude = PACTA + "latitude"
    longitude = PACTA + "longitude"
    timeZone = PACTA + "timeZone"
    anchorPlace = PACTA + "anchorPlace"
    distanceKm = PACTA + "distanceKm"
    bearing = PACTA + "bearing"
    approximate = PACTA + "approximate"
    anchorSpan = PACTA + "anchorSpan"
    notBefore = PACTA + "notBefore"
    notAfter = PACTA + "notAfter"
    granularity = PACTA + "granularity"
    # derived
    Dispute = PACTA + "Dispute"
    DisputeSide = PACTA + "DisputeSide"
    principal = PACTA + "principal"
    concernsClause = PACTA + "concernsClause"
    disputes = PACTA + "disputes"
    disputeOver = PACTA + "disputeOver"
    disputedProposition = PACTA + "disputedProposition"
    side = PACTA + "side"
    holder = PACTA + "holder"
    viaStatement = PACTA + "viaStatement"
    position = PACTA + "position"
    derivedByRule = PACTA + "derivedByRule"
    status = PACTA + "status"
    reprintOf = PACTA + "reprintOf"
    similarity = PACTA + "similarity"
    copyOf = PACTA + "copyOf"
    copyCount = PACTA + "copyCount"
    day = PACTA + "day"
    speakerMonth = PACTA + "speakerMonth"
    spokeIn = PACTA + "spokeIn"
    # lexicon
    LexicalEntry = PACTA + "LexicalEntry"
    ReportingCue = PACTA + "ReportingCue"
    CueModifier = PACTA + "CueModifier"
    NarratorMarker = PACTA + "NarratorMarker"
    CommuniqueNoun = PACTA + "CommuniqueNoun"
    EvidenceNoun = PACTA + "EvidenceNoun"
    IncidentTrigger = PACTA + "IncidentTrigger"
    WeaponNoun = PACTA + "WeaponNoun"
    ReadingCue = PACTA + "ReadingCue"
    ConductCue = PACTA + "ConductCue"
    TopicTrigger = PACTA + "TopicTrigger"
    AgreementAnaphor = PACTA + "AgreementAnaphor"
    AgreementNoun = PACTA + "AgreementNoun"
    CasualtyNoun = PACTA + "CasualtyNoun"
    GroupNoun = PACTA + "GroupNoun"
    PersonNoun = PACTA + "PersonNoun"
    RejectionTargetNoun = PACTA + "RejectionTargetNoun"
    SideNoun = PACTA + "SideNoun"
    lemma = PACTA + "lemma"
    partOfSpeech = PACTA + "partOfSpeech"
    expressesForce = PACTA + "expressesForce"
    contentFrame = PACTA + "contentFrame"
    contentPreposition = PACTA + "contentPreposition"
    impliesStance = PACTA + "impliesStance"
    blocksForce = PACTA + "blocksForce"
    triggersKind = PACTA + "triggersKind"
    objectLemma = PACTA + "objectLemma"
    requiresLemma = PACTA + "requiresLemma"
    triggersTopic = PACTA + "triggersTopic"
    triggersConduct = PACTA + "triggersConduct"
    ploverEvent = PACTA + "ploverEvent"
    degrees = PACTA + "degrees"


# The properties by which a statement takes its stance; a statement has exactly one of them.
FORCES: tuple[str, ...] = (
    P.asserts,
    P.confirms,
    P.accuses,
    P.pledges,
    P.demands,
    P.warns,
    P.condemns,
    P.announces,
    P.denies,
    P.dismisses,
)
REJECTING: frozenset[str] = frozenset({"denies", "dismisses"})  # local names of those that reject

TERMS: frozenset[str] = frozenset(name for name in vars(P) if not name.startswith("_"))

SCHEMES: frozenset[str] = frozenset(
    {
        "bearing",
        "conduct",
        "content-frame",
        "force",
        "granularity",
        "incident-kind",
        "incident-status",
        "legal-value",
        "link-method",
        "mention-kind",
        "name-kind",
        "narrator-stance",
        "organ-function",
        "participation-role",
        "position",
        "provision-stance",
        "provision-topic",
        "speech-mode",
    }
)


def term(local: str) -> str:
    """Return the IRI of the class or property with this local name; raise ValueError where there is none."""
    if local not in TERMS:
        raise ValueError(f"the ontology has no term {local!r}")
    return PACTA + local


def concept(scheme: str, local: str) -> str:
    """Return the IRI of a concept; raise ValueError for an unknown scheme or a name that is no local name."""
    if scheme not in SCHEMES:
        raise ValueError(f"there is no scheme {scheme!r} in ontology/vocabularies")
    if not local or not local.replace("-", "").isalnum():
        raise ValueError(f"{local!r} is no local name of a concept")
    return f"{VOCAB}{scheme}/{local}"
