"""What can stand in the way of a signing key: missing, of another, or not kept to oneself."""

from uitvoering.errors import BusyError, NotFoundError, RefusedError


class KeysMissingError(NotFoundError):
    code = "keys-missing"
    message = "there is no key {file}; make it with `uitvoering keys create`"


class KeysAwayError(BusyError):
    code = "keys-away"
    message = (
        "there is no key in {directory} and no last-signed, so nothing is signed; filing goes on: "
        "bring the folder back, such as by mounting its disk, or set UITVOERING_KEYS"
    )


class KeyUnknownError(NotFoundError):
    code = "key-unknown"
    message = "there is no key {id} in use here; in use: {known}"


class KeysUnplacedError(RefusedError):
    code = "keys-unplaced"
    message = "nothing says where the signing keys are kept; set UITVOERING_KEYS to a folder"


class KeyExistsError(RefusedError):
    code = "key-exists"
    message = (
        "there is a key {file} already and none is replaced; make a new one beside it with "
        "`uitvoering keys rotate`, or name another folder in UITVOERING_KEYS"
    )


class KeysExposedError(RefusedError):
    code = "keys-exposed"
    message = (
        "others than its owner may come at {path} (mode {mode}), so it is not used; if nobody did, "
        "run `chmod {wanted} {path}`, and otherwise rotate the keys"
    )


class KeysForeignError(RefusedError):
    code = "keys-foreign"
    message = "{path} belongs to user {owner} and this is user {user}; run it as its owner"


class KeysLinkedError(RefusedError):
    code = "keys-linked"
    message = "{path} is a link or no plain file, so it is not used; put the file itself there"


class KeysUnwritableError(RefusedError):
    code = "keys-unwritable"
    message = "{path} cannot be read or written: {cause}; mend that and try again"


class KeyForAnotherError(RefusedError):
    code = "key-for-another"
    message = (
        "the keys in {directory} are of {names} and not of {wanted}; make keys with `uitvoering "
        "keys create`, or name the right folder in UITVOERING_KEYS"
    )


class KeyLastError(RefusedError):
    code = "key-last"
    message = (
        "{id} is the only {kind} key of {name}, so nothing could be signed without it; run "
        "`uitvoering keys rotate` first"
    )


class KeyUnusedError(RefusedError):
    code = "key-unused"
    message = (
        "no checkpoint has been signed by {id} yet, the key that is to go on; sign one with both "
        "first: `uitvoering ledger follow --once`"
    )
