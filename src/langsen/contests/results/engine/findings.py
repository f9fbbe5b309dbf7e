"""What verification found: each place where a published value is not what the rules give."""

from dataclasses import dataclass, field

MOST_KEPT = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """In `member` at `where` the value of `what` is `said`; reckoned anew it is `found`."""

    member: str
    where: str
    what: str
    said: str
    found: str

    def __str__(self) -> str:
        said, found = self.said or "(empty)", self.found or "(empty)"
        return f"{self.member}, {self.where}: {self.what} is {said}, reckoned {found}"


@dataclass(slots=True)
class Findings:
    """Keeps the first hundred findings and counts them all."""

    kept: list[Finding] = field(default_factory=list)
    count: int = 0
    checked: dict[str, int] = field(default_factory=dict)

    def add(self, member: str, where: str, what: str, said: object, found: object) -> None:
        """Note a value that is not what the rules give."""
        self.count += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(Finding(member, where, what, _short(said), _short(found)))

    def same(self, member: str, where: str, what: str, said: object, found: object) -> None:
        """Note a finding unless both are equal."""
        if said != found:
            self.add(member, where, what, said, found)

    def tick(self, what: str, count: int = 1) -> None:
        """Count what was looked at, so that "equal" says of how much."""
        self.checked[what] = self.checked.get(what, 0) + count


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 200 else text[:199] + "…"
