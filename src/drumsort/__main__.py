"""``python -m drumsort``."""

from drumsort.cli import main

main()
