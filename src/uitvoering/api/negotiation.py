"""In which language is the answer? `Accept-Language` decides; Dutch unless English is preferred."""

from starlette.requests import Request

from uitvoering.labels.table import LANGUAGES, Labels

VARY = "Accept-Language"


def language(accept: str) -> str:
    """The language of ours with the highest weight; the first of LANGUAGES when none is asked."""
    weights = {"*": 0.0} | dict.fromkeys(LANGUAGES, -1.0)
    for part in accept.lower().split(","):
        tag, _, weight = part.strip().partition(";")
        name = tag.strip().split("-")[0]
        if name in weights:
            weights[name] = max(weights[name], _weight(weight))
    any_other = weights.pop("*")
    found = {lang: any_other if weight < 0 else weight for lang, weight in weights.items()}
    return max(LANGUAGES, key=lambda lang: found[lang])


def labels_for(request: Request) -> Labels:
    return Labels.load(language(request.headers.get("accept-language", "")))


def _weight(text: str) -> float:
    """`q=0.5`; anything unreadable counts as 0, as if it was not asked."""
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0) if name == "q" else 1.0
    except ValueError:
        return 0.0
