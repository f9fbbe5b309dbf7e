"""The forms of contests."""
