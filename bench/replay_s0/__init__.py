"""The contest of article S0 once more, through the real arena: every request in the order of its time."""
