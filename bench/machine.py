"""On what the numbers were taken."""

import os
import platform
from datetime import date


def described() -> str:
    """Return one paragraph: day, processor, cores, memory, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{date.today():%d/%m/%Y}, {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "  # noqa: DTZ011
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, load {load}. "
        "One machine, database on the same cores, loopback, no TLS: not a promise for a busy server or a slow disk."
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
