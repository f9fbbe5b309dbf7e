"""Lines in square brackets: an outline's word on what the office writes there itself. They are no content yet."""


def is_opening(line: str) -> bool:
    """Say whether a line only says what is to be written."""
    text = line.strip().removeprefix("- ").strip(" *")
    return text.startswith("[") and text.rstrip(".").endswith("]")


def openings_in(body: str) -> list[str]:
    """Return the lines still to be written, as they stand."""
    return [line.strip() for line in body.splitlines() if is_opening(line)]


def is_unwritten(body: str) -> bool:
    """Say whether a section says nothing yet: only headings, empty lines and lines still to be written."""
    lines = [line.strip() for line in body.splitlines()]
    return not any(line and not line.startswith("## ") and not is_opening(line) for line in lines)
