"""The pages of contests."""
