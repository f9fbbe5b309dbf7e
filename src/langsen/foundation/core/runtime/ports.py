"""A port for the pages, held so that no second installation on this machine takes it too.

The web server binds with SO_REUSEPORT, and the system would let two installations share one port in silence.
"""

import contextlib
import socket

FIRST_PORT, LAST_PORT = 8000, 8099
_CONNECTIONS = 65_536


def hold_port(wanted: int | None = None, *, address: str = "127.0.0.1") -> socket.socket:
    """Hold the wanted port, or the first free one from 8000 on, until the returned socket is closed.

    Whoever serves there with SO_REUSEPORT as the same user still may. Raises OSError when the wanted one is taken.
    """
    for port in [wanted] if wanted else range(FIRST_PORT, LAST_PORT + 1):
        held = socket.socket()
        # Taken over from connections that are merely fading out, but not from anybody who listens or holds.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((address, port))
        except OSError:
            held.close()
            continue
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        return held
    taken = f"Port {wanted} is taken" if wanted else f"Ports {FIRST_PORT} to {LAST_PORT} are taken"
    raise OSError(f"{taken}: set LANGSEN_PORT to a free one.")


def allow_connections(wanted: int = _CONNECTIONS) -> None:
    """Let this process have that many open connections, or as many as the system gives it."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
