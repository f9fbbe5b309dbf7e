"""The demo: five worlds, four real ones holding only published figures and one invented."""
