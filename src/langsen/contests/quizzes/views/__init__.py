"""The pages of the question bank and of papers."""
