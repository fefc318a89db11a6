"""`python -m uitvoering` and the command `uitvoering`."""

from uitvoering.cli.app import app


def main() -> None:
    app()


if __name__ == "__main__":
    main()
