"""Every figure, one JSON line each: `make bench`."""

import runpy
from pathlib import Path


def main() -> None:
    """Run each file beside this one; a figure names its unit, its baseline and its ratio."""
    for figure in sorted(Path(__file__).parent.glob("*.py")):
        if not figure.name.startswith("__"):
            runpy.run_path(str(figure), run_name="__main__")


if __name__ == "__main__":
    main()
