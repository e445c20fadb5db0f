"""`python -m journeybuilder` is the same as `jb`."""

from journeybuilder.cli import main

if __name__ == "__main__":
    main()
