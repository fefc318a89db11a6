"""Which verbs and nouns carry a request, and how does a Dutch verb look when it commands?"""

from collections.abc import Iterator
from functools import cache

from uitvoering.softening.lexicon import Category, lexicon
from uitvoering.softening.tokens import tokenise

DO = "do"
"""The class of an ask whose verb the lexicon does not know: something is to be done."""
AT_ONCE = "at-once"
DETERMINERS = frozenset({
    "de", "het", "een", "deze", "dit", "dat", "die", "alle", "elk", "elke", "iedere", "hun",
    "haar", "zijn", "mijn", "ons", "onze", "uw", "geen", "the", "a", "an", "this", "these",
    "those", "all", "their", "its", "every", "each", "our", "your", "his", "her", "no",
})  # fmt: skip
NO_VERB = DETERMINERS | frozenset({
    "met", "van", "voor", "aan", "in", "op", "bij", "tot", "om", "over", "naar", "uit", "door",
    "binnen", "zonder", "tegen", "onder", "tussen", "per", "na", "of", "with", "for", "from",
    "by", "at", "on", "within", "before", "zij", "they", "er", "we", "wij", "te", "beide",
    "geen", "niet", "not", "nader", "extra", "weer", "opnieuw", "zo", "waar", "where", "if",
    "nog", "meer", "minder", "eigen", "open", "kinderen", "ouderen", "allen", "velen",
    "anderen",
})  # fmt: skip
"""Words that open an ask without being its verb."""
TRANSPARENT = frozenset({
    "laten", "zorgen", "blijven", "beginnen", "moeten", "dienen", "streven", "proberen",
    "trachten", "pogen", "werken", "toewerken", "inzetten", "bevorderen", "stimuleren",
    "aanmoedigen", "beogen", "overgaan", "toestaan", "willen", "let", "ensure", "begin",
    "continue", "proceed", "have", "need", "must", "should", "aim", "strive", "try", "seek",
    "endeavour", "endeavor", "attempt", "work", "start", "get", "want", "encourage", "promote",
    "hope",
})  # fmt: skip
"""Verbs that hand the question on to the verb or noun they govern."""
LIGHT = frozenset({
    "voeren", "gaan", "doen", "houden", "maken", "stellen", "geven", "nemen", "leggen",
    "brengen", "starten", "verrichten", "herhalen", "repeat", "uitvoeren", "opstellen",
    "opnemen", "treden", "plegen", "organiseren", "plannen", "inplannen", "opzetten",
    "instellen", "komen", "zetten", "schrijven", "sturen", "plaatsen", "hebben", "dragen",
    "omgaan", "omspringen", "helpen", "ondersteunen", "begeleiden", "onderhouden", "bieden",
    "aanbieden", "voorzien", "voorbereiden", "regelen", "faciliteren", "tonen", "offer", "help",
    "support", "assist", "facilitate", "establish", "agree", "doorvoeren", "besteden",
    "schenken", "inrichten", "ontwikkelen", "uitwerken", "krijgen", "verschaffen", "vormen",
    "aangaan", "staan", "ophalen", "zijn", "beleggen", "inbrengen", "hold", "conduct", "carry",
    "make", "take", "give", "do", "set", "draw", "launch", "undertake", "commission", "include",
    "keep", "put", "provide", "bring", "issue", "send", "organise", "organize", "schedule",
    "run", "prepare", "write", "convene", "develop", "create", "arrange", "place", "produce",
    "be",
})  # fmt: skip
"""Verbs that say nothing by themselves: 'een gesprek voeren', 'carry out a study'."""
REQUESTING = frozenset({
    "vragen", "verzoeken", "verzoek", "vraag", "ask", "request", "urge", "willen", "want",
    "adviseren", "recommend", "call",
})  # fmt: skip
PARTICLES = frozenset({
    "aan", "af", "bij", "door", "in", "kwijt", "mee", "na", "om", "op", "over", "stil", "stop",
    "terug", "toe", "uit", "voor", "vrij", "weg", "langs", "veilig", "recht", "schadeloos",
})  # fmt: skip
AUXILIARIES = frozenset({
    "worden", "zijn", "moeten", "dienen", "horen", "behoren", "hebben", "zullen", "mogen",
    "kunnen", "be", "must", "should", "shall", "have", "need",
})  # fmt: skip
CUTS_BOTH_WAYS = frozenset({
    "sluiten", "afsluiten", "intrekken", "schrappen", "verwijderen", "weghalen", "beëindigen",
    "beeindigen", "ontruimen", "terugvorderen", "ontslaan", "uitsluiten", "weigeren",
    "opheffen", "afschaffen", "naheffen", "verbieden", "schorsen", "innemen", "sluiting",
    "close", "remove", "terminate", "dismiss", "evacuate", "reclaim", "recover", "withdraw",
    "shut", "ban", "cancel",
})  # fmt: skip
"""Not doing these may be what a citizen asks for: 'sluit het loket niet'."""
INFINITIVE = ("en", "gaan", "doen", "zien", "staan", "slaan")
_VOWELS = "aeiou"


def stems(infinitive: str) -> Iterator[str]:
    """How a Dutch infinitive may look as an imperative: 'herstellen', 'wijzen', 'betalen'."""
    stem = infinitive.removesuffix("n") if infinitive.endswith("ien") else infinitive[:-2]
    if stem[-1:] == stem[-2:-1] and stem[-1:] not in _VOWELS:
        yield stem[:-1]
        return
    hard = stem[:-1] + {"v": "f", "z": "s"}.get(stem[-1:], stem[-1:])
    yield hard
    if len(stem) > 2 and hard[-2] in _VOWELS and hard[-3] not in _VOWELS:  # noqa: PLR2004 'betal'
        yield hard[:-1] + hard[-2] + hard[-1]


@cache
def imperatives() -> dict[str, str]:
    """Infinitive by imperative, of every Dutch verb this module knows, without its particle."""
    found: dict[str, str] = {}
    for verb in (*index()[0], *TRANSPARENT, *LIGHT, *REQUESTING):
        if not verb.isalpha() or not verb.endswith(INFINITIVE):
            continue
        for particle in ("", *PARTICLES):
            base = verb.removeprefix(particle)
            if verb.startswith(particle) and len(base) > len("gaan") - 1:
                found |= {stem: base for stem in stems(base) if stem not in found}
    return {stem: verb for stem, verb in found.items() if stem not in PARTICLES | NO_VERB}


@cache
def index() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Class of each single word, and of the nouns that a compound may end in."""
    words = {
        token[0].word: entry.name
        for entry in lexicon().entries
        if entry.category is Category.ACTION and entry.name != AT_ONCE
        for term in entry.terms
        if len(token := tokenise(term)) == 1
    }
    longest = 5  # letters: a shorter ending is a coincidence
    nouns = ((w, k) for w, k in words.items() if len(w) >= longest and not w.endswith(INFINITIVE))
    return words, tuple(nouns)
