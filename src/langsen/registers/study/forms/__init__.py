"""The forms of the study register."""
