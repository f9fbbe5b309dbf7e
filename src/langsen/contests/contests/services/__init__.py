"""The use cases of contests."""
