"""Does the product run by what was adopted: the comparison method, and the policy of the log?"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from uitvoering.application.identity import derived_id
from uitvoering.application.monitor_report import Difference, Findings, Unchecked
from uitvoering.domain.events.registers import CosigningPolicyAdopted, MethodAdopted
from uitvoering.persistence.store import Store
from uitvoering.projections import adoptions
from uitvoering.projections.registers import in_force
from uitvoering.softening import method


@dataclass(frozen=True)
class RunningMethod:
    version: str
    digest: str

    @classmethod
    def of_this_product(cls) -> "RunningMethod":
        return cls(method.METHOD_VERSION, method.digest())


def look_at_method(store: Store, runs: RunningMethod, today: date, findings: Findings) -> None:
    rows = [
        event.fact
        for event in store.facts(derived_id("methods", adoptions.SOFTENING))
        if isinstance(event.fact, MethodAdopted)
    ]
    shown = f"{runs.version}, {runs.digest}"
    if not rows:
        findings.alarm(Difference.METHOD_UNADOPTED, runs=shown)
        return
    adopted = in_force(rows, today)
    if (adopted.method, adopted.digest) != (runs.version, runs.digest):
        findings.alarm(
            Difference.METHOD_DIFFERS,
            runs=shown,
            adopted=f"{adopted.method}, {adopted.digest}",
            since=adopted.in_force_from.isoformat(),
        )


def policies_adopted(store: Store) -> list[CosigningPolicyAdopted]:
    """Each of them, in the order in which they were adopted."""
    return [
        event.fact
        for event in store.facts(derived_id("cosigning-policies", adoptions.LEDGER))
        if isinstance(event.fact, CosigningPolicyAdopted)
    ]


def look_at_policy(
    store: Store, file: Path, content: bytes | None, today: date, findings: Findings
) -> None:
    """The file that says whose cosignatures make a quorum, to the byte; None where it is not."""
    rows = policies_adopted(store)
    held = None if content is None else sha256(content).hexdigest()
    if not rows:
        if held is None:
            findings.unchecked.append(Unchecked.NO_POLICY)
        else:
            findings.alarm(Difference.POLICY_UNADOPTED, file=str(file), sha256=held)
        return
    adopted = in_force(rows, today)
    since = adopted.in_force_from.isoformat()
    if held is None:
        findings.alarm(Difference.POLICY_GONE, file=str(file), adopted=adopted.sha256, since=since)
    elif held != adopted.sha256:
        findings.alarm(
            Difference.POLICY_DIFFERS,
            file=str(file),
            sha256=held,
            adopted=adopted.sha256,
            since=since,
        )
