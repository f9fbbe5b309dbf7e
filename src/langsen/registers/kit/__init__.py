"""What every register is built with, drawn out of study; `docs/new-register.md` leads through it."""
