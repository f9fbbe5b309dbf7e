"""Invented stores of a chosen size, made by COPY and set-based SQL: the same rows every time, nothing random."""
