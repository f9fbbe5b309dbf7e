"""`python -m langsen` is the same as the `langsen` command."""

from langsen.config.cli import main

main()
