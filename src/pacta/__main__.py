"""`python -m pacta` is `pacta`."""

from pacta.commands import main

if __name__ == "__main__":
    main(prog_name="pacta")
