"""Results as pure rules: no database, no settings, no clock.

The site and `langsen contests verify` both count with it.
"""
