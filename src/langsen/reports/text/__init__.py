"""The text of a report: tokens of bound numbers, how a number is printed, and numbers typed by hand."""
