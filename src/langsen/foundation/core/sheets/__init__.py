"""Excel in and out, the same for every register; `README.md` says how a register plugs in."""
