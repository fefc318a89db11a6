"""Which files does every evidence pack of this version bring, of which no log says anything?"""

from importlib.resources import files

from uitvoering.integrity.verify.pack import README, VERIFIER
from uitvoering.integrity.verify.pack_program import verifier
from uitvoering.labels.table import LANGUAGES


def own_files() -> dict[str, bytes]:
    """By their names in the pack; who verifies holds those of a pack against them."""
    labels = files("uitvoering.labels")
    readme = files("uitvoering.application").joinpath("data", "evidence_pack.txt")
    words = {f"labels/{lang}.toml": labels.joinpath(f"{lang}.toml") for lang in LANGUAGES}
    read = {name: file.read_bytes() for name, file in {**words, README: readme}.items()}
    return {**read, VERIFIER: verifier()}
