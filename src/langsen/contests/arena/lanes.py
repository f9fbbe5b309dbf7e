"""The queues of the arena, one for each operation."""

from langsen.contests.arena import operations, reading
from langsen.contests.arena.batches import Batches, Connect
from langsen.contests.arena.capacity import Capacity
from langsen.contests.arena.figures import Figures


class Lanes:
    """Start, resume, save, submit, and reading; each with its own connections."""

    def __init__(self, connect: Connect, capacity: Capacity, figures: Figures) -> None:
        usual = {"most_queued": capacity.writes_queued, "most_together": capacity.together}
        door = usual | {"most_queued": capacity.starts_queued}
        self.start = Batches("start", operations.start, connect, figures, workers=1, **door)
        self.resume = Batches("resume", operations.resume, connect, figures, workers=1, **door)
        self.save = Batches("save", operations.save, connect, figures, workers=capacity.writers, **usual)
        self.submit = Batches("submit", operations.submit, connect, figures, workers=capacity.writers, **usual)
        self.now = Batches("now", reading.overviews, connect, figures, workers=1, **usual)
        self._all = (self.start, self.resume, self.save, self.submit, self.now)

    def open(self) -> None:
        """Set every worker going."""
        for one in self._all:
            one.start()

    async def close(self) -> None:
        """Finish what is queued, then end."""
        for one in self._all:
            await one.stop()

    def queued(self) -> dict[str, int]:
        """How many requests wait in each queue."""
        return {one.name: one.queued for one in self._all}
