"""The pages of the study register."""
