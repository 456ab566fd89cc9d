"""`python -m plg` is `plg`."""

from plg.cli import main

if __name__ == "__main__":
    main()
