"""Reading the bank and the papers."""

from langsen.contests.quizzes.queries.papers import PaperQuestion, keys_of, paper_texts, pool_of

__all__ = ["PaperQuestion", "keys_of", "paper_texts", "pool_of"]
