"""What a verification says, in plain Dutch and English; it also runs where no labels are."""

from collections.abc import Mapping
from typing import Any

from uitvoering.integrity.verify_texts_events import EVENT_TEXTS

LANGUAGES = ("nl", "en")

_TEXTS: dict[str, tuple[str, str]] = {
    # --- the report itself
    "title": (
        "Bewijspakket {folder}: log {origin}, {size} bladen",
        "Evidence pack {folder}: log {origin}, {size} leaves",
    ),
    "title-unknown": ("Bewijspakket {folder}", "Evidence pack {folder}"),
    "broken-title": ("Dit klopt niet:", "This does not hold:"),
    "holds-title": ("Dit klopt:", "This holds:"),
    "unchecked-title": ("Dit kon niet worden nagegaan:", "This could not be checked:"),
    "more": ("  - en nog {count} van deze soort", "  - and {count} more of this kind"),
    "first": (
        "Het eerste dat niet klopt, staat bij blad {index}: {text}",
        "The first that does not hold is at leaf {index}: {text}",
    ),
    "verdict-holds": ("Uitkomst: het bewijs klopt.", "Outcome: the evidence holds."),
    "verdict-broken": (
        "Uitkomst: het bewijs klopt niet. Bewaar het pakket en uw eigen checkpoints zoals ze zijn.",
        "Outcome: the evidence does not hold. Keep the pack and your own checkpoints as they are.",
    ),
    "busy": ("Nagaan", "Verifying"),
    # --- files
    "files": (
        "Alle {count} bestanden zijn er, zoals ze geschreven zijn, en er is niets bij gekomen.",
        "All {count} files are there as they were written, and nothing was added.",
    ),
    "manifest-wrong": (
        "manifest.json is niet meer zoals het geschreven is ({cause}); niets anders is nagegaan."
        " Vraag het pakket opnieuw op.",
        "manifest.json is not as it was written ({cause}); nothing else was checked."
        " Ask for the pack again.",
    ),
    "file-missing": ("Bestand {file} ontbreekt.", "File {file} is missing."),
    "file-extra": (
        "Bestand {file} hoort niet bij het pakket: het manifest noemt het niet.",
        "File {file} is not part of the pack: the manifest does not list it.",
    ),
    "file-changed": (
        "Bestand {file} is niet meer zoals het geschreven is: lengte of SHA-256 wijkt af.",
        "File {file} is not as it was written: its length or SHA-256 differs.",
    ),
    "file-odd": (
        "{file} is geen gewoon bestand; een pakket bevat geen verwijzingen.",
        "{file} is no plain file; a pack holds no links.",
    ),
    "file-unknown": (
        "Bestand {file} is ongeschonden, maar deze versie weet niet wat het betekent.",
        "File {file} is intact, but this version does not know what it means.",
    ),
    # --- the tree
    "tree": (
        "De {size} bladen en alle tegels geven samen de wortel die het checkpoint noemt: {root}.",
        "The {size} leaves and all tiles give the root that the checkpoint states: {root}.",
    ),
    "tiles-missing": (
        "Het pakket zegt {size} bladen te hebben en heeft daar te weinig bestanden voor.",
        "The pack says it has {size} leaves and has too few files for them.",
    ),
    "tile-damaged": (
        "De bladen in {file}, vanaf blad {index}, zijn niet te lezen.",
        "The leaves in {file}, from leaf {index} on, cannot be read.",
    ),
    "tile-differs": (
        "Tegel {file} bevat andere hashes dan de bladen geven.",
        "Tile {file} holds other hashes than the leaves give.",
    ),
    "tree-unmade": (
        "Er ontbreken bladen, dus de wortel van het log is niet na te rekenen.",
        "Leaves are missing, so the root of the log cannot be recomputed.",
    ),
    "leaf-not-in-tile": (
        "Blad {index} (gebeurtenis {event}) is niet het blad waarvan de hash in de tegel staat.",
        "Leaf {index} (event {event}) is not the leaf whose hash stands in the tile.",
    ),
    "size-differs": (
        "Het checkpoint van het pakket gaat over {size} bladen en het manifest over {leaves}.",
        "The checkpoint of the pack is over {size} leaves and the manifest over {leaves}.",
    ),
    # --- checkpoints and quorum
    "quorum": (
        "Het checkpoint over {size} bladen is ondertekend door het log en medeondertekend zoals uw"
        " beleid vraagt, op {at}, door: {names}.",
        "The checkpoint over {size} leaves is signed by the log and cosigned as your policy asks,"
        " at {at}, by: {names}.",
    ),
    "quorum-undated": (
        "Het checkpoint over {size} bladen is ondertekend door het log en medeondertekend zoals uw"
        " beleid vraagt, zonder tijdstip, door: {names}.",
        "The checkpoint over {size} leaves is signed by the log and cosigned as your policy asks,"
        " without a time, by: {names}.",
    ),
    "quorum-missing": (
        "Het checkpoint over {size} bladen mist de medeondertekening die uw beleid vraagt (wel:"
        " {names}; niet: {absent}). Wie de sleutel van het log heeft, kan de geschiedenis hebben"
        " herschreven en opnieuw ondertekend, of een ander een andere geschiedenis tonen.",
        "The checkpoint over {size} leaves lacks the cosignatures your policy asks for (by:"
        " {names}; not by: {absent}). Whoever holds the key of the log may have rewritten its"
        " history and signed it again, or may show others another history.",
    ),
    "quorum-older": (
        "Het checkpoint over {size} bladen mist de medeondertekening die uw beleid vraagt (wel:"
        " {names}; niet: {absent}). Medeondertekend zijn alleen de bladen tot en met {last}: vanaf"
        " blad {index} staat alleen het log zelf ervoor in en kan de geschiedenis herschreven zijn.",
        "The checkpoint over {size} leaves lacks the cosignatures your policy asks for (by:"
        " {names}; not by: {absent}). Only the leaves up to {last} are cosigned: from leaf {index}"
        " on the log alone stands for them, and its history may have been rewritten.",
    ),
    "quorum-none": (
        "Let op: uw beleid vraagt geen getuigen (quorum none). Het checkpoint over {size} bladen is"
        " dan zo goed als het woord van de beheerder: een herschreven en opnieuw ondertekende"
        " geschiedenis valt alleen op aan checkpoints die u zelf bewaarde.",
        "Take care: your policy asks for no witnesses (quorum none). The checkpoint over {size}"
        " leaves is as good as the word of the operator: a history that was rewritten and signed"
        " again shows only against checkpoints that you kept yourself.",
    ),
    "signature-wrong": (
        "Een handtekening van {name} onder {file} hoort niet bij deze tekst.",
        "A signature of {name} under {file} does not belong to this text.",
    ),
    "note-unreadable": (
        "{file} is geen ondertekend checkpoint: {cause}.",
        "{file} is no signed checkpoint: {cause}.",
    ),
    "checkpoint-unsigned": (
        "{file}, over {size} bladen, is niet ondertekend met een sleutel die uw beleid van dit log"
        " kent.",
        "{file}, over {size} leaves, is not signed with a key that your policy knows of this log.",
    ),
    "checkpoint-elsewhere": (
        "{file} is van log {found}, niet van {origin}.",
        "{file} is of log {found}, not of {origin}.",
    ),
    "checkpoint-misnamed": (
        "{file} is een checkpoint over {size} bladen, anders dan zijn naam zegt.",
        "{file} is a checkpoint over {size} leaves, unlike its name says.",
    ),
    "checkpoint-beyond": (
        "{file} gaat over {size} bladen en het pakket heeft er {leaves}: het einde ontbreekt.",
        "{file} is over {size} leaves and the pack has {leaves}: the tail is missing.",
    ),
    "origin-unknown": (
        "Het pakket is van log {origin}; uw beleid kent alleen: {known}.",
        "The pack is of log {origin}; your policy knows only: {known}.",
    ),
    "checkpoints": (
        "{count} checkpoints in het pakket zijn ondertekend en zijn eerdere toestanden van dit log;"
        " {cosigned} met de medeondertekening die uw beleid vraagt.",
        "{count} checkpoints in the pack are signed and are earlier states of this log;"
        " {cosigned} with the cosignatures your policy asks for.",
    ),
    "given": (
        "De {count} checkpoints die u meegaf, zijn eerdere toestanden van dit log.",
        "The {count} checkpoints you gave are earlier states of this log.",
    ),
    "kept": (
        "De {count} checkpoints die hier bij eerdere controles bewaard zijn, zijn eerdere toestanden"
        " van dit log: sindsdien is niets herschreven.",
        "The {count} checkpoints kept here by earlier verifications are earlier states of this log:"
        " nothing was rewritten since.",
    ),
    "kept-none": (
        "Of de geschiedenis herschreven is sinds een eerdere controle: in {folder} is van dit log nog"
        " geen checkpoint bewaard. Dat van dit pakket wordt bewaard als alles klopt.",
        "Whether history was rewritten since an earlier verification: no checkpoint of this log is"
        " kept in {folder} yet. That of this pack is kept when all holds.",
    ),
    "kept-newer": (
        "{file}, hier bewaard, gaat over {size} bladen en het pakket heeft er {leaves}. Het pakket"
        " zegt ouder te zijn; is dat niet zo, dan is het einde afgesneden. Vraag een nieuwer pakket.",
        "{file}, kept here, is over {size} leaves and the pack has {leaves}. The pack says it is"
        " older; if it is not, its tail was cut off. Ask for a newer pack.",
    ),
    "kept-unwritable": (
        "Het checkpoint van dit pakket kon niet worden bewaard in {folder}: {cause}.",
        "The checkpoint of this pack could not be kept in {folder}: {cause}.",
    ),
    "tail-missing": (
        "{file} gaat over {size} bladen en het pakket heeft er {leaves}: alles vanaf blad {index} is"
        " afgesneden, of het pakket is ouder dan dat checkpoint.",
        "{file} is over {size} leaves and the pack has {leaves}: everything from leaf {index} on was"
        " cut off, or the pack is older than that checkpoint.",
    ),
    "forked-pack": (
        "{file}, door het log ondertekend over {size} bladen, past niet bij de bladen van het pakket:"
        " een van de bladen {index} tot en met {last} is veranderd, verwijderd of ingevoegd.",
        "{file}, signed by the log over {size} leaves, does not fit the leaves of the pack: one of"
        " the leaves {index} to {last} was changed, removed or inserted.",
    ),
    "forked-given": (
        "{file}, dat u meegaf en dat het log over {size} bladen ondertekende, past niet bij dit"
        " pakket: het log heeft twee geschiedenissen getoond, verschillend vanaf blad {index} tot en"
        " met {last} of eerder in die reeks. De twee handtekeningen bewijzen het: bewaar beide.",
        "{file}, which you gave and which the log signed over {size} leaves, does not fit this pack:"
        " the log has shown two histories, which part somewhere in the leaves {index} to {last}. The"
        " two signatures prove it: keep both.",
    ),
    "forked-kept": (
        "{file}, bewaard bij een eerdere controle en door het log ondertekend over {size} bladen,"
        " past niet bij dit pakket: de geschiedenis is sindsdien herschreven, ergens in de bladen"
        " {index} tot en met {last}. De twee handtekeningen bewijzen het: bewaar beide.",
        "{file}, kept by an earlier verification and signed by the log over {size} leaves, does not"
        " fit this pack: history was rewritten since, somewhere in the leaves {index} to {last}. The"
        " two signatures prove it: keep both.",
    ),
    "forked-unsigned": (
        "{file}, bewaard bij een eerdere controle over {size} bladen, past niet bij dit pakket, en"
        " uw beleid kent de sleutel niet meer waarmee het ondertekend is: de geschiedenis is"
        " herschreven, ergens in de bladen {index} tot en met {last}.",
        "{file}, kept by an earlier verification over {size} leaves, does not fit this pack, and"
        " your policy no longer knows the key that signed it: history was rewritten, somewhere in"
        " the leaves {index} to {last}.",
    ),
    "continues": (
        "Het log gaat verder waar log {origin} met {size} bladen ophield; dat staat in blad 0.",
        "The log goes on where log {origin} ended with {size} leaves; leaf 0 says so.",
    ),
    "continues-unsigned": (
        "Of dit log terecht zegt log {origin} ({size} bladen) voort te zetten: uw beleid kent geen"
        " sleutel van dat log.",
        "Whether this log rightly says it goes on from log {origin} ({size} leaves): your policy"
        " knows no key of that log.",
    ),
    "continues-wrong": (
        "Blad 0 zegt een ander log voort te zetten met een checkpoint dat niet klopt.",
        "Leaf 0 says it goes on from another log by a checkpoint that does not hold.",
    ),
    # --- what is of the maker of the pack
    "policy-differs": (
        "Het pakket brengt een ander beleid mee dan het uwe; alleen het uwe is gebruikt.",
        "The pack brings another policy than yours; only yours was used.",
    ),
    "verifier-own": (
        "Dit controleprogramma komt uit het pakket zelf en staat dus in voor wie het pakket maakte."
        " Gebruik een exemplaar dat u van elders hebt.",
        "This verifier comes from the pack itself, so it is the word of who made the pack. Use a copy"
        " that you have from elsewhere.",
    ),
    "verifier-same": (
        "Het controleprogramma in het pakket (verify.pyz) is byte voor byte dat van deze versie.",
        "The verifier in the pack (verify.pyz) is byte for byte that of this version.",
    ),
    "verifier-differs": (
        "Het controleprogramma in het pakket (verify.pyz) is niet dat van deze versie; gebruik het"
        " niet zonder te weten waar het vandaan komt.",
        "The verifier in the pack (verify.pyz) is not that of this version; do not use it without"
        " knowing where it comes from.",
    ),
    "truth": (
        "Of waar is wat werd ingediend, en of alles werd ingediend: dat bewijst geen log.",
        "Whether what was filed is true, and whether everything was filed: no log proves that.",
    ),
    # --- the program by itself
    "usage": (
        "gaat een bewijspakket na, zonder netwerk, opslag of sleutels van de beheerder",
        "verifies an evidence pack without network, store or keys of its operator",
    ),
    "pack-unknown": (
        "{folder} is geen bewijspakket: er staat geen manifest.json in.",
        "{folder} is no evidence pack: it holds no manifest.json.",
    ),
    "file-unreadable": ("{file} is niet te lezen: {cause}", "{file} cannot be read: {cause}"),
    "policy-malformed": (
        "Regel {line} van het beleid klopt niet: {cause}",
        "Line {line} of the policy is not right: {cause}",
    ),
    "stamp-root-malformed": (
        "Dit is geen certificaat: {cause}",
        "This is no certificate: {cause}",
    ),
}


def said(code: str, lang: str, values: Mapping[str, Any] | None = None) -> str:
    texts = EVENT_TEXTS[code] if code in EVENT_TEXTS else _TEXTS[code]
    return texts[LANGUAGES.index(lang)].format_map(dict(values or {}))


def codes() -> tuple[str, ...]:
    return (*_TEXTS, *EVENT_TEXTS)
