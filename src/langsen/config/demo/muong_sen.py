"""Mường Sen."""
