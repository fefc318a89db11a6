"""Which bodies, routes, templates, terms and holidays does a decision count with?"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from uitvoering.domain.terms import Terms
from uitvoering.persistence.store import Store
from uitvoering.projections import registers
from uitvoering.projections.documents import D, Document, Documents, InMemory

KINDS: tuple[type[Document], ...] = (
    registers.RouteDocument,
    registers.OrganisationDocument,
    registers.TemplateDocument,
    registers.PolicyDocument,
    registers.HolidaysDocument,
)


@dataclass(frozen=True)
class Registers:
    """The registers as they stood at one moment; nobody changes them any more."""

    facts: int
    """How many facts they were folded from."""
    position: int
    """Of the last of these facts."""
    documents: Documents

    @cached_property
    def terms(self) -> Terms:
        return registers.terms(self.documents)


class KnownRegisters:
    """Folded once and kept; folded on when the log holds more of their facts.

    No fact is ever removed, so the same number means the same facts: nothing stale decides, also
    where another process adopted a row, and whatever order its transaction became visible in.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folding = threading.Lock()
        self._known = Registers(0, 0, InMemory())

    def now(self) -> Registers:
        """As recorded at this moment; a decision asks once and stays with the answer."""
        facts = self._store.count_of(registers.TOPICS)
        if self._known.facts < facts:
            with self._folding:  # one thread folds what the others wait for
                if self._known.facts < facts:
                    self._known = self._folded_on()
        return self._known

    def _folded_on(self) -> Registers:
        known = self._known
        new = self._store.facts_of(registers.TOPICS, after=known.position)
        if known.facts + len(new) != self._store.count_of(registers.TOPICS):
            # A writer that took its position before the last one known was committed after it.
            known = Registers(0, 0, InMemory())
            new = self._store.facts_of(registers.TOPICS)
        documents = InMemory()
        for kind in KINDS:
            for key, document in known.documents.all(kind):
                documents.put(key, document)
        for _, event in new:
            registers.fold(event, documents)
        position = new[-1][0] if new else known.position
        return Registers(known.facts + len(new), position, documents)


class WithRegisters:
    """The registers as known, and everything else as stored, read when it is first asked for."""

    def __init__(self, known: Registers, read: Callable[[], Documents]) -> None:
        self._known = known
        self._read = read

    def get(self, model: type[D], key: str) -> D | None:
        return self._of(model).get(model, key)

    def put(self, key: str, document: Document) -> None:
        raise PermissionError(f"{document.VIEW} {key}: a decision writes facts, not documents")

    def all(self, model: type[D]) -> Iterator[tuple[str, D]]:
        return self._of(model).all(model)

    def _of(self, model: type[Document]) -> Documents:
        return self._known.documents if model in KINDS else self._stored

    @cached_property
    def _stored(self) -> Documents:
        return self._read()
