"""The client of aics-witness asks a witness: a request a line in, what it came to a line out."""

import base64
import json
import sys

from aics_witness.feeder import (
    BadWitnessResponse,
    WitnessAhead,
    WitnessClient,
    WitnessConflict,
    WitnessRejected,
)


def main() -> None:
    url, vkey = sys.argv[1:]
    for line in sys.stdin:
        given = json.loads(line)
        proofs = {
            int(old): [base64.b64decode(hashed) for hashed in hashes]
            for old, hashes in given["proofs"].items()
        }
        with WitnessClient(url, vkey, max_attempts=1) as client:
            print(json.dumps(asked(client, given, proofs)), flush=True)


def asked(client: WitnessClient, given: dict[str, str], proofs: dict[int, list[bytes]]) -> str:
    """It verifies the cosignature it gets under the key it was given, and that it is fresh."""
    try:
        client.submit(given["note"], lambda old, _: proofs[old], old_size=int(given["old"]))
    except WitnessRejected as error:
        return f"refused with {error.status}"
    except WitnessAhead as error:
        return f"ahead with {error.known_size}"
    except WitnessConflict as error:
        return f"conflict with {error.known_size}"
    except BadWitnessResponse as error:
        return f"no valid answer: {error}"
    return "cosigned"


if __name__ == "__main__":
    main()
