"""Run somebody's code with a limit on time and on memory, in this process, without losing the process.

The limits are a safety net for mistakes (a loop that never ends, an array of a terabyte), not a sandbox: code that
hides in one long call of a compiled library cannot be stopped from outside.
"""

import ctypes
import signal
import threading
from contextlib import contextmanager

GIBIBYTE = 2**30


class TimeUp(BaseException):
    """The time limit ran out. A BaseException, so that `except Exception` in an answer does not swallow it."""


@contextmanager
def time_limit(seconds: float):
    """Raise TimeUp inside the block once it has run for `seconds` (repeatedly, should the block swallow it).

    Where there are alarm signals (Linux, macOS) and we are in the main thread, one is used, which also ends
    `time.sleep`. Elsewhere a watching thread asks the interpreter to raise it at the next bytecode.
    """
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        with _alarm(seconds):
            yield
    else:
        with _watcher(seconds):
            yield


@contextmanager
def _alarm(seconds):
    def ring(signum, frame):
        raise TimeUp(seconds)

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextmanager
def _watcher(seconds):
    thread = ctypes.c_ulong(threading.get_ident())
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    done, lock = threading.Event(), threading.Lock()

    def watch():
        wait = seconds
        while not done.wait(wait):
            with lock:
                if not done.is_set():
                    raise_in(thread, ctypes.py_object(TimeUp))
            wait = 0.5

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            done.set()
        raise_in(thread, None)  # one that was asked for but not yet raised would hit an innocent line


@contextmanager
def memory_limit(extra_bytes: int = 4 * GIBIBYTE):
    """Make an allocation fail with MemoryError when the block asks for more than `extra_bytes` beyond what is in use.

    Works where the operating system limits address space (Linux); elsewhere the block runs without this limit.
    """
    limit = _address_space_in_use()
    if limit is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = limit + extra_bytes
    if soft != resource.RLIM_INFINITY:
        wanted = min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space_in_use():
    """Bytes of address space of this process, or None where /proc does not tell."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError):
        return None
