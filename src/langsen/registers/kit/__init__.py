"""What registers share, drawn out of study: plain functions and small values. `docs/new-register.md` shows the use."""
