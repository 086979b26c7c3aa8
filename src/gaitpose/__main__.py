"""``python -m gaitpose`` is the command ``gaitpose``."""

from gaitpose.cli.main import main

if __name__ == "__main__":
    main()
