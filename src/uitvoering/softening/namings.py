"""Does a number name a date, an hour or a thing, and so count nothing?"""

import re
from collections.abc import Iterator, Sequence

from uitvoering.softening.number_words import DAYS, EURO, PERCENT, value_of
from uitvoering.softening.tokens import Token

MONTHS = frozenset({
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december", "january", "february", "march", "may", "june", "july",
    "august", "october", "jan", "feb", "mrt", "apr", "aug", "sept", "sep", "okt", "nov", "dec",
})  # fmt: skip
_LABELLED = frozenset({
    "week", "weeknummer", "groep", "klas", "perron", "spoor", "zaal", "kamer", "artikel", "art",
    "lid", "hoofdstuk", "paragraaf", "bijlage", "punt", "agendapunt", "nummer", "nr", "lijn",
    "buslijn", "route", "fase", "stap", "versie", "niveau", "kwartaal", "gebouw", "vleugel", "unit",
    "blok", "hal", "pagina", "chroom", "covid", "schaal", "post", "afdeling", "figuur", "tabel",
    "article", "section", "room", "ward", "wing", "platform", "grade", "group", "class", "phase",
    "step", "page", "line", "level", "building", "gate", "chapter", "annex", "appendix",
    "paragraph",
})  # fmt: skip
"""A number behind one of these names a thing; it counts nothing."""
_LABELLED_ENDS = ("gebouw", "bureau", "lokaal", "kamer", "groep", "nummer", "lijn", "nummers")
_YEARS = range(1900, 2101)
_YEAR_AHEAD = frozenset({
    "in", "sinds", "tot", "vanaf", "van", "voor", "na", "eind", "begin", "medio", "najaar", "jaar",
    "voorjaar", "zomer", "since", "until", "from", "by", "of", "en", "and", "over", "year",
}) | MONTHS  # fmt: skip
_NOT_TEN = frozenset({
    "onrechte", "minste", "uitvoer", "behoeve", "opzichte", "aanzien", "gevolge", "eerste",
    "tweede", "derde", "slotte", "einde",
})  # fmt: skip
_CLOCK = frozenset({"om", "vanaf", "omstreeks", "tegen", "kwart", "half"})
_CLOCK_ENDS = frozenset(
    {"s", "'s", "savonds", "avonds", "ochtends", "middags", "nachts", "pm", "am"}
)
_ACHT = frozenset({
    "dit", "dat", "het", "de", "deze", "zich", "hen", "hem", "haar", "een", "ons", "mij",
})  # fmt: skip
_JUDGED = frozenset({
    "veilig", "onveilig", "nodig", "noodzakelijk", "wenselijk", "onwenselijk", "mogelijk",
    "aannemelijk", "bewezen", "verantwoord", "onverantwoord", "verwijtbaar", "in", "juist",
})  # fmt: skip
"""Words before 'acht' and behind which it is a verb: 'veilig acht', 'in acht genomen'."""
_SMALL_DUTCH = frozenset({"de", "het", "een", "van", "en", "niet", "zijn", "is", "ten"})
_SMALL_ENGLISH = frozenset({"the", "and", "were", "their", "with", "for", "they"})
_ATTACHED_RANK = frozenset({"e", "de", "ste", "th", "st", "nd", "rd", "s", "er", "ers"})
_DAYS_IN_A_MONTH = 31
_LONGEST_ENUMERATION = 30
_BEYOND = 12
"""More than anybody looks past either end: an index of -1 falls in it too."""


class Text:
    """Tokens with their neighbours within reach; outside the text stands nothing."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.words = [token.word for token in tokens]
        self._padded = [*self.words, *[""] * _BEYOND]
        self._enumerated: frozenset[int] | None = None
        self._english: bool | None = None

    def __getitem__(self, at: int) -> str:
        return self._padded[at]

    @property
    def english(self) -> bool:
        """'Ten' is a number in an English text only."""
        if self._english is None:
            there = set(self.words)
            self._english = bool(there & _SMALL_ENGLISH) or not there & (_SMALL_DUTCH - {"ten"})
        return self._english

    @property
    def enumerated(self) -> frozenset[int]:
        """Places of 1., 2., 3. that number the points of a list."""
        if self._enumerated is None:
            self._enumerated = frozenset(_enumeration(self.tokens))
        return self._enumerated

    def behind(self, at: int) -> str:
        """The next word of the same sentence."""
        return self[at + 1] if self.sentence(at) == self.sentence(at + 1) else ""

    def touch(self, at: int) -> bool:
        """Whether this token and the next are written as one: 'A50', '28e'."""
        return 0 <= at < len(self.words) - 1 and self.tokens[at].end == self.tokens[at + 1].start

    def sentence(self, at: int) -> int:
        return self.tokens[at].sentence if 0 <= at < len(self.tokens) else -1


def _enumeration(tokens: Sequence[Token]) -> Iterator[int]:
    wanted, before = 1, -1
    for at, token in enumerate(tokens):
        if token.sentence != before and token.word == str(wanted) and wanted < _LONGEST_ENUMERATION:
            yield at
            wanted += 1
        before = token.sentence


def is_a_number(text: Text, at: int) -> bool:
    if text[at] == "ten":
        return text.english and text[at + 1] not in _NOT_TEN
    judges = text[at - 1] in _JUDGED or (
        text.behind(at) in _ACHT
        and text[at + 2] not in {"jaar", "schooljaar", "maand", "week", "kwartaal"}
    )
    return text[at] == "acht" and not judges


def is_a_label(text: Text, at: int) -> bool:
    """'A50', '28e', '4b', '17:00' and the '2.' of a list name something."""
    if text.touch(at - 1) and text[at - 1][0].isalpha():
        return True
    if text.touch(at) and text[at + 1][0].isalpha():
        return text[at + 1] in _ATTACHED_RANK or (
            len(text[at + 1]) == 1 and text[at + 1] not in "xk"
        )
    for one in (at - 1, at):
        far = text[one], text[one + 1]
        if all(word[:1].isdecimal() for word in far) and (
            text.tokens[one + 1].start - text.tokens[one].end == 1
            and text.sentence(one) != text.sentence(one + 1)
        ):
            return True
    return at in text.enumerated


def is_a_date(text: Text, at: int, value: float) -> bool:
    word, ahead, behind = text[at], text[at - 1], text.behind(at)
    if (
        _YEARS[0] <= value <= _YEARS[-1]
        and word.isdecimal()
        and behind not in DAYS
        and behind not in EURO
    ):
        round_one = value % 100 == 0 and ahead not in _YEAR_AHEAD and behind != ""
        return ahead not in EURO and not round_one
    if value > _DAYS_IN_A_MONTH:
        return ahead == "jaren" and value < 100  # noqa: PLR2004 'de jaren zeventig'
    beside = at > 0 and text.tokens[at].start - text.tokens[at - 1].end == 1
    if behind in MONTHS or (ahead in MONTHS and text.english and beside):
        return True
    later = value_of(text[at + 2]) or 0
    return 0 < later <= _DAYS_IN_A_MONTH and text[at + 3] in MONTHS


def names_a_thing(text: Text, at: int, value: float) -> bool:
    """'Week 28', 'artikel 8', 'drie hoog'."""
    if text[at + 1] == "hoog":
        return True
    if text.sentence(at - 1) != text.sentence(at):
        return False
    named = text[at - 1] in _LABELLED or (
        text[at][0].isdecimal() and text[at - 1].endswith(_LABELLED_ENDS)
    )
    ahead = named and text[at - 2] not in {"per", "elke", "iedere", "ieder"}
    unit = text[at + 1] in PERCENT or text[at + 1] in EURO or text[at + 1] in DAYS
    return ahead and not unit and value <= _YEARS[-1]


def is_a_time(text: Text, at: int, last: int, value: float) -> bool:
    """'17.00 uur', 'om vijf uur', 'half twaalf', 'na 21 uur': a moment, not a length of time."""
    ahead = text[at - 1]
    if text[last + 1] not in {"uur", "u", "pm", "am", "o'clock"}:
        return value <= 12 and (  # noqa: PLR2004 hours on a clock
            (ahead == "half" and text[at - 2] != "een")
            or (text[at - 2] == "kwart" and ahead in {"over", "voor"})
        )
    if value > 24 or text[last + 2] in {"per", "lang"}:  # noqa: PLR2004 hours of a day
        return False
    minutes = re.fullmatch(r"\d{1,2}[.]\d\d", text[at])
    late = value > 15 and ahead in {"na", "voor", "tot", "sinds"}  # noqa: PLR2004 nobody says 'after 21 hours'
    return bool(minutes) or late or ahead in _CLOCK or text[last + 2] in _CLOCK_ENDS
