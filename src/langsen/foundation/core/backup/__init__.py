"""A copy of the whole store in one file, and the way back. The commands are `config.cli.backup` and `.restore`.

`making` writes the archive, `archive` is its form and refuses a damaged one, `restoring` fills an empty store from it.
"""
