"""The letterhead files that come with the program: Word files, to be opened and changed in Word."""
