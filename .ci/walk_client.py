"""What somebody else's code does with our document alone: file, read, be told 404 and 412."""

import sys
from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

sys.path.insert(0, sys.argv[1])

from generated_client.api.signals import acknowledge_signal, get_signal, signal_hardship
from generated_client.client import AuthenticatedClient
from generated_client.models.acknowledge_signal import AcknowledgeSignal
from generated_client.models.level import Level
from generated_client.models.signal_hardship import SignalHardship
from generated_client.models.statement import Statement


def main(base: str, secret: str) -> None:
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    with AuthenticatedClient(base_url=base, token=secret) as client:
        filed = signal_hardship.sync_detailed(
            client=client,
            idempotency_key="walk-1",
            body=SignalHardship(
                happened_on=today,
                body="uwv",
                to=Level("team-lead"),
                statement=Statement(text="Veertig gezinnen zitten zonder inkomen.", severity=4),
            ),
        )
        expect(filed.status_code, HTTPStatus.CREATED)
        identifier = filed.headers["Location"].rsplit("/", 1)[-1]
        read = get_signal.sync_detailed(identifier, client=client)
        expect(read.status_code, HTTPStatus.OK)
        body = AcknowledgeSignal(happened_on=today)
        stale = acknowledge_signal.sync_detailed(
            identifier, client=client, body=body, if_match='"99"'
        )
        expect(stale.status_code, HTTPStatus.PRECONDITION_FAILED)
        done = acknowledge_signal.sync_detailed(
            identifier, client=client, body=body, if_match=read.headers["ETag"]
        )
        expect(done.status_code, HTTPStatus.CREATED)
        unknown = get_signal.sync_detailed("00000000-0000-4000-8000-000000000000", client=client)
        expect(unknown.status_code, HTTPStatus.NOT_FOUND)
    print("generated client: filed 201, read 200, stale 412, acknowledged 201, unknown 404")


def expect(got: int, wanted: HTTPStatus) -> None:
    if got != wanted:
        sys.exit(f"generated client: {got} instead of {wanted.value}")


if __name__ == "__main__":
    main(sys.argv[2], sys.argv[3])
