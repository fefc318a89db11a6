"""What a verification says of events, their proofs and what follows from them, Dutch and English."""

EVENT_TEXTS: dict[str, tuple[str, str]] = {
    # --- events
    "events": (
        "Van {count} gebeurtenissen geven de opgeslagen bytes precies het blad in het log.",
        "Of {count} events the stored bytes give exactly the leaf in the log.",
    ),
    "complete": (
        "Van alle {size} bladen is de gebeurtenis er: er ontbreekt geen en er is geen ingevoegd.",
        "The events of all {size} leaves are there: none is missing and none was inserted.",
    ),
    "complete-part": (
        "Tussen blad {first} en {last} ontbreekt geen gebeurtenis van wat gevraagd werd.",
        "Between leaf {first} and {last} no event of what was asked for is missing.",
    ),
    "count-differs": (
        "Het pakket bevat {found} gebeurtenissen en het manifest noemt er {listed}.",
        "The pack holds {found} events and the manifest says {listed}.",
    ),
    "event-changed": (
        "Gebeurtenis {event} (blad {index}, positie {position}) is veranderd: de opgeslagen inhoud is"
        " een andere dan in het log kwam.",
        "Event {event} (leaf {index}, position {position}) was changed: its stored content is other"
        " than what came into the log.",
    ),
    "event-re-encoded": (
        "Gebeurtenis {event} (blad {index}, positie {position}) is anders geschreven: dezelfde"
        " betekenis in andere bytes dan in het log kwamen.",
        "Event {event} (leaf {index}, position {position}) was written anew: the same meaning in"
        " other bytes than came into the log.",
    ),
    "event-topic": (
        "Gebeurtenis {event} (blad {index}, positie {position}) heet hier {topic} en in het log"
        " {logged}.",
        "Event {event} (leaf {index}, position {position}) is called {topic} here and {logged} in"
        " the log.",
    ),
    "event-unreadable": (
        "Gebeurtenis {event} (blad {index}, positie {position}) is geen leesbare gebeurtenis meer.",
        "Event {event} (leaf {index}, position {position}) is no readable event any more.",
    ),
    "event-other": (
        "Op blad {index} (positie {position}) staat gebeurtenis {found}; het log heeft daar {event}.",
        "At leaf {index} (position {position}) stands event {found}; the log has {event} there.",
    ),
    "event-moved": (
        "Op blad {index} (positie {position}) staat gebeurtenis {found}, die op blad {belongs} hoort;"
        " het log heeft hier {event}: de volgorde is veranderd.",
        "At leaf {index} (position {position}) stands event {found}, which belongs at leaf {belongs};"
        " the log has {event} here: the order was changed.",
    ),
    "event-inserted": (
        "Op blad {index} (positie {position}) staat gebeurtenis {found}, die nergens in het log"
        " staat; het log heeft hier {event}: er is een gebeurtenis ingevoegd of vervangen.",
        "At leaf {index} (position {position}) stands event {found}, which is nowhere in the log; the"
        " log has {event} here: an event was inserted or replaced.",
    ),
    "event-unlogged": (
        "Gebeurtenis {event} (positie {position}) staat in de opslag tussen gebeurtenissen van het"
        " log en niet in het log: zij is later ingevoegd.",
        "Event {event} (position {position}) stands in the store among events of the log and not in"
        " the log: it was inserted later.",
    ),
    "event-missing": (
        "Gebeurtenis {event} (blad {index}) staat in het log en ontbreekt in het pakket.",
        "Event {event} (leaf {index}) is in the log and missing from the pack.",
    ),
    "event-out-of-order": (
        "Gebeurtenis {event} (blad {index}, positie {position}) staat niet in de volgorde van het log.",
        "Event {event} (leaf {index}, position {position}) does not stand in the order of the log.",
    ),
    "line-unreadable": (
        "Regel {line} van {file} is geen gebeurtenis.",
        "Line {line} of {file} is no event.",
    ),
    "leaf-unreadable": (
        "Blad {index} (positie {position}) is geen leesbaar blad.",
        "Leaf {index} (position {position}) is no readable leaf.",
    ),
    "leaf-re-encoded": (
        "Blad {index} (gebeurtenis {event}) is anders geschreven: dezelfde betekenis in andere bytes.",
        "Leaf {index} (event {event}) was written anew: the same meaning in other bytes.",
    ),
    "leaf-differs": (
        "Blad {index} zegt van gebeurtenis {event} (positie {position}) iets anders dan de gebeurtenis"
        " zelf: {fields}.",
        "Leaf {index} says of event {event} (position {position}) something else than the event"
        " itself: {fields}.",
    ),
    # --- what an event proves besides
    "wordings": (
        "{count} tekstpassages horen bij de vastlegging die in het log staat.",
        "{count} passages belong to the commitment that stands in the log.",
    ),
    "wording-differs": (
        "Passage {passage} van gebeurtenis {event} (blad {index}, positie {position}) is niet de tekst"
        " die werd vastgelegd.",
        "Passage {passage} of event {event} (leaf {index}, position {position}) is not the text that"
        " was committed to.",
    ),
    "wordings-sealed": (
        "{count} tekstpassages zijn verzegeld of zonder opening: of zij zijn wat werd ingediend, kan"
        " alleen met de sleutel of de ontvangst van de indiener worden nagegaan.",
        "{count} passages are sealed or without their opening: whether they are what was filed can"
        " only be checked with the key, or with the receipt of who filed them.",
    ),
    "proof-unreadable": (
        "Wat gebeurtenis {event} (blad {index}, positie {position}) van zichzelf bewijst, is niet"
        " leesbaar.",
        "What event {event} (leaf {index}, position {position}) proves of itself cannot be read.",
    ),
    "seen": (
        "{count} keer noemt een gebeurtenis de toestand van het log die haar indiener zag; steeds was"
        " dat een eerdere toestand van dit log.",
        "{count} times an event names the state of the log that its author saw; each time it was an"
        " earlier state of this log.",
    ),
    "seen-later": (
        "Gebeurtenis {event} (blad {index}) zegt een log van {size} bladen te hebben gezien, later"
        " dan zijzelf.",
        "Event {event} (leaf {index}) says that it saw a log of {size} leaves, later than itself.",
    ),
    "seen-differs": (
        "De indiener van gebeurtenis {event} (blad {index}) zag over {size} bladen een andere"
        " geschiedenis dan deze.",
        "The author of event {event} (leaf {index}) saw another history over {size} leaves than this.",
    ),
    "schemas": (
        "De {count} schema's waarnaar gebeurtenissen verwijzen, zitten in het pakket.",
        "The {count} schemas that events refer to are in the pack.",
    ),
    "schema-missing": (
        "Schema {schema}, waarnaar gebeurtenissen verwijzen, ontbreekt.",
        "Schema {schema}, to which events refer, is missing.",
    ),
    "schema-differs": (
        "Schema {schema} is niet het schema waarnaar gebeurtenissen verwijzen.",
        "Schema {schema} is not the schema to which events refer.",
    ),
    "only-stream": (
        "Het pakket bevat alleen de gebeurtenissen van {stream}; van de andere is alleen nagegaan dat"
        " hun bladen in het log staan.",
        "The pack holds the events of {stream} only; of the others it was only checked that their"
        " leaves are in the log.",
    ),
    "only-part": (
        "Het pakket bevat alleen gebeurtenissen van positie {first} tot en met {last}; of dat is wat u"
        " vroeg, kunt alleen u nagaan.",
        "The pack holds only events from position {first} to {last}; whether that is what you asked"
        " for, only you can tell.",
    ),
    # --- time
    "stamps": (
        "{count} tijdstempels kloppen, van {first} tot en met {last}.",
        "{count} time stamps hold, from {first} to {last}.",
    ),
    "stamp-wrong": (
        "Tijdstempel {file} hoort niet bij zijn checkpoint: {cause}.",
        "Time stamp {file} does not belong to its checkpoint: {cause}.",
    ),
    "stamps-unrooted": (
        "{count} tijdstempels: geef met --stamp-root het certificaat van de instantie die u vertrouwt.",
        "{count} time stamps: give the certificate of the authority you trust with --stamp-root.",
    ),
    "stamps-uncheckable": (
        "{count} tijdstempels: hier ontbreekt rfc3161-client. Gebruik `uitvoering verify`, of"
        " `openssl ts -verify` op de bestanden in stamps/.",
        "{count} time stamps: rfc3161-client is not installed here. Use `uitvoering verify`, or"
        " `openssl ts -verify` on the files in stamps/.",
    ),
    # --- read models
    "read-models": (
        "Opnieuw afgespeeld geven de gebeurtenissen dezelfde {count} leesmodellen als het pakket"
        " noemt.",
        "Replayed, the events give the same {count} read models as the pack states.",
    ),
    "read-model-differs": (
        "Leesmodel {name} geeft opnieuw afgespeeld {rows} rijen met SHA-256 {sha256}; het pakket noemt"
        " {told_rows} rijen met {told}.",
        "Read model {name} gives {rows} rows with SHA-256 {sha256} when replayed; the pack states"
        " {told_rows} rows with {told}.",
    ),
    "read-models-unreadable": (
        "read-models.json is niet te lezen: {cause}.",
        "read-models.json cannot be read: {cause}.",
    ),
    "read-models-version": (
        "Of de leesmodellen volgen uit de gebeurtenissen: het pakket is gemaakt met versie {made} en"
        " methode {made_method}, dit is {own} met {own_method}, en {count} leesmodellen wijken af."
        " Speel het af met versie {made}.",
        "Whether the read models follow from the events: the pack was made by version {made} with"
        " method {made_method}, this is {own} with {own_method}, and {count} read models differ."
        " Replay it with version {made}.",
    ),
    "read-models-elsewhere": (
        "Of de leesmodellen volgen uit de gebeurtenissen: dat kan alleen `uitvoering verify`, met het"
        " hele product.",
        "Whether the read models follow from the events: only `uitvoering verify` can do that, with"
        " the whole product.",
    ),
    "read-models-part": (
        "Of de leesmodellen volgen uit de gebeurtenissen: daarvoor moet het pakket ze alle bevatten.",
        "Whether the read models follow from the events: for that the pack must hold all of them.",
    ),
    "read-models-broken": (
        "Of de leesmodellen volgen uit de gebeurtenissen: dat is pas na te gaan als de rest klopt.",
        "Whether the read models follow from the events: that can be checked once the rest holds.",
    ),
    "read-models-unasked": (
        "Of de leesmodellen volgen uit de gebeurtenissen: dat is niet gevraagd.",
        "Whether the read models follow from the events: that was not asked for.",
    ),
    "read-models-sealed": (
        "Of de leesmodellen volgen uit de gebeurtenissen: die bevatten verzegelde velden, en de"
        " sleutels zijn hier niet.",
        "Whether the read models follow from the events: they hold sealed fields, and the keys are"
        " not here.",
    ),
    "replay-refused": (
        "Het product kan de gebeurtenissen niet afspelen: {cause}",
        "The product cannot replay the events: {cause}",
    ),
}
