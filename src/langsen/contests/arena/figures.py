"""What the arena counts of itself, for Prometheus: no names, no numbers of people."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
_TOGETHER = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Figures:
    """Counters of one app, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "langsen_arena_requests",
            "Requests by operation and outcome",
            ["operation", "outcome"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "langsen_arena_seconds", "From arrival to answer", ["operation"], buckets=_SECONDS, registry=self.registry
        )
        self._together = Histogram(
            "langsen_arena_batch",
            "Requests committed together",
            ["operation"],
            buckets=_TOGETHER,
            registry=self.registry,
        )
        self._commit = Histogram(
            "langsen_arena_batch_seconds",
            "One batch, from its first statement to its commit",
            ["operation"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._failed = Counter(
            "langsen_arena_batches_failed",
            "Batches the database did not carry out",
            ["operation"],
            registry=self.registry,
        )
        self._swept = Counter(
            "langsen_arena_handed_in_by_clock", "Papers handed in because time was up", registry=self.registry
        )
        self.inside = Gauge("langsen_arena_inside", "People with a paper under way here", registry=self.registry)
        self.waiting = Gauge("langsen_arena_waiting", "People in the waiting room", registry=self.registry)
        self.queued = Gauge("langsen_arena_queued", "Requests in a queue", ["operation"], registry=self.registry)

    def request(self, operation: str, outcome: str, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(operation, outcome).inc()
        self._seconds.labels(operation).observe(seconds)

    def batch(self, operation: str, size: int, seconds: float) -> None:
        """Count a batch."""
        self._together.labels(operation).observe(size)
        self._commit.labels(operation).observe(seconds)

    def failed(self, operation: str) -> None:
        """Count a batch that was not carried out."""
        self._failed.labels(operation).inc()

    def swept(self, papers: int) -> None:
        """Count papers handed in by the clock."""
        self._swept.inc(papers)

    def text(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self.registry)
