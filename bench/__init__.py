"""Measurements, printed with the machine and what they do not prove. No test depends on them."""
