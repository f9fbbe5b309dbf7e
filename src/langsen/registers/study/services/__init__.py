"""The use cases of the study register: the only way anything in it changes."""
