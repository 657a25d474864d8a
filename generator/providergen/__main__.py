"""`python -m providergen` is the command `providergen`."""

from providergen.cli import main

if __name__ == "__main__":
    main()
