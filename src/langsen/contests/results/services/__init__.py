"""Use cases of results: closing a round, prizes, draws by lot, regradings, publishing, appeals."""
