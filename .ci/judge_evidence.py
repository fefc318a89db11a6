"""Judges we did not write, over checkpoints, proofs, tiles and time stamps that our code makes.

Each is shown what holds and the same with one thing wrong, is not told which is which, and must
tell them apart: a judge that accepts everything is no judge.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evidence import judge_openssl
from evidence.cases import Case, Made
from evidence.drawn import EXAMPLES, asked, hold_drawn_trees_before
from evidence.real_log import real_cases
from evidence.stamp_cases import stamp_cases

HERE = Path(__file__).parent
BUILD = Path("build/evidence").resolve()
AICS = Path("build/judges-aics/bin/python").absolute()
"""Made by `.ci/run` where there is a Python 3.12."""
GOCODE = Path("/usr/share/gocode")
"""Where Debian's golang-golang-x-mod-dev puts its source."""
NOT_RUN = Path("build/not-run.txt").resolve()
SEED = 6962
_SHOWN = 5
"""Mistakes of one judge that are told in full."""

Verdict = tuple[bool, str]


@dataclass(frozen=True)
class Judge:
    name: str
    kinds: frozenset[str]
    judge: Callable[[Sequence[Case]], list[Verdict]]


def main() -> None:
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    started = time.monotonic()
    cases = [*Made(BUILD, SEED).all(), *stamp_cases(BUILD), *real_cases(BUILD)]
    print(f"{len(cases)} cases in {time.monotonic() - started:.1f} s, seed {SEED}")
    program = go()
    if sum([judged(judge, cases) for judge in judges(program)]):
        sys.exit("evidence of ours and a judge of others disagree")
    if program:
        with asked(program) as ask:
            hold_drawn_trees_before(ask)
        print(f"Go sumdb: {EXAMPLES} trees drawn by hypothesis, their proofs and changed ones: ok")


def judges(go_program: str | None) -> Iterable[Judge]:
    kinds = {"checkpoint", "timestamp"}
    yield Judge("openssl", frozenset(kinds), partial(judge_openssl.judge, BUILD / "openssl"))
    node = told(["node", str(HERE / "evidence/judge.mjs")])
    kinds = {"inclusion", "checkpoint", "proof-file", "timestamp"}
    yield Judge("@sigstore/verify", frozenset(kinds), node)
    yield Judge("@noble/post-quantum", frozenset({"cosignature"}), node)
    kinds = {"root", "inclusion", "consistency", "checkpoint", "proof-file", "tiles"}
    kinds |= {"note", "log"}
    if go_program:
        yield Judge("Go sumdb", frozenset(kinds), told([go_program]))
    else:
        absent("Go sumdb", "golang-go and golang-golang-x-mod-dev are not installed")
    if AICS.with_name("aics-witness").exists():
        kinds = {"inclusion", "consistency", "checkpoint", "quorum", "tiles", "log"}
        aics = told([str(AICS), str(HERE / "evidence/judge_aics.py")])
        yield Judge("aics-tlog", frozenset(kinds), aics)
    else:
        absent("aics-tlog", "there is no Python 3.12")


def absent(name: str, cause: str) -> None:
    """`.ci/run` says it once more at its end, so that green is not taken for all of it."""
    with NOT_RUN.open("a", encoding="utf-8") as told:
        told.write(f"  {name}: {cause}\n")
    print(f"{name}: NOT RUN, {cause}")


def go() -> str | None:
    """The judge in Go, built; None where Go or its library is not installed."""
    if not shutil.which("go") or not (GOCODE / "src/golang.org/x/mod/sumdb").is_dir():
        return None
    program = BUILD / "judge"
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": str(GOCODE), "GOFLAGS": ""}
    environment["GOCACHE"] = str(BUILD.with_name("go-cache"))
    source = HERE / "evidence/judge.go"
    subprocess.run(["go", "build", "-o", program, source], check=True, env=environment)  # noqa: S607
    return str(program)


def told(command: Sequence[str]) -> Callable[[Sequence[Case]], list[Verdict]]:
    """A program that reads a case a line, without what we expect, and answers a line each."""

    def judge(cases: Sequence[Case]) -> list[Verdict]:
        lines = (json.dumps({"kind": case.kind} | case.given) for case in cases)
        found = subprocess.run(
            command, input="\n".join(lines), stdout=subprocess.PIPE, text=True, check=True
        )
        answers = [json.loads(line) for line in found.stdout.splitlines()]
        return [(answer["holds"], answer["why"]) for answer in answers]

    return judge


def judged(judge: Judge, cases: Sequence[Case]) -> int:
    """How many mistakes there are, ours or the judge's; told with how many cases were right."""
    started = time.monotonic()
    mine = [case for case in cases if case.kind in judge.kinds]
    tally: Counter[tuple[str, bool]] = Counter()
    mistakes = 0
    for case, (holds, why) in zip(mine, judge.judge(mine), strict=True):
        if holds is case.holds:
            tally[case.kind, case.holds] += 1
            continue
        mistakes += 1
        if mistakes <= _SHOWN:
            print(f"  {case.kind}, {case.about}: {'accepted' if holds else f'refused, {why}'}")
    seen = {case.kind for case in mine}
    for kind in sorted(seen):
        right, wrong = tally[kind, True], tally[kind, False]
        print(f"{judge.name}: {kind}: {right} accepted, {wrong} wrong ones refused")
        mistakes += not right or not wrong
    print(f"{judge.name}: {mistakes} mistakes, {time.monotonic() - started:.1f} s")
    return mistakes + (seen != judge.kinds)


if __name__ == "__main__":
    main()
