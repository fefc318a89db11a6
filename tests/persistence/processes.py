"""Real processes for the tests: forked from a server that has imported the product once."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "pytest",
        "tests.persistence.facts",
        "tests.faults.writers",
        "tests.faults.sequencers",
        "tests.faults.witnesses",
    ]
)


def start(work: Callable[..., None], *arguments: Any) -> ForkServerProcess:
    process = _CONTEXT.Process(target=work, args=arguments)
    process.start()
    return process


def finish(processes: list[ForkServerProcess], seconds: float = 50) -> list[int | None]:
    """Exit codes; a process that is still busy by then is ended."""
    for process in processes:
        process.join(seconds)
        if process.is_alive():
            process.kill()
            process.join()
    return [process.exitcode for process in processes]
