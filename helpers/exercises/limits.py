"""Run somebody's code with a limit on time and on memory, in this process, without losing the process.

The limits are a safety net for mistakes (a loop that never ends, an array of a terabyte), not a sandbox: code that
hides in one long call of a compiled library cannot be stopped from outside. `time_limit` can tell when that happens,
as long as this call lets other threads run; one that does not (``sum(range(10**12))``) silences everybody. So does, in
Python 3.10, a loop without calls whose first statement is ``try``: there the interpreter looks for no signal at all.
"""

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
import weakref
from contextlib import contextmanager

import psutil

GIBIBYTE = 2**30
STEP = 0.5  # seconds between two looks, once the limit may have been reached
GRACE = 4.0  # seconds that code has to end after it was told to, before it counts as not to be stopped
PATIENCE, LEAST_PATIENCE = 6.0, 20.0  # the limit by the clock on the wall: so many times the limit, at least so long


class TimeUp(BaseException):
    """The time limit ran out. A BaseException, so that `except Exception` in an answer does not swallow it."""


@contextmanager
def time_limit(seconds: float, wall: float | None = None, stuck=None):
    """Raise TimeUp inside the block once it has computed for `seconds` (repeatedly, should the block swallow it).

    seconds: of processor time of this thread. So a machine that is busy with something else takes nothing away.
    wall: a far longer limit by the clock on the wall, for a block that sleeps or waits; six times `seconds`, and at
        least 20 s, if left out.
    stuck: called once, from another thread and with the frame in which the block hangs, when the block has not ended
        some seconds after it should have.
    The block gets an object whose `waited` tells afterwards whether the clock on the wall was the one that rang.

    Where there are signals (Linux, macOS) and we are in the main thread, one is used, which also ends `time.sleep`.
    Elsewhere the interpreter is asked to raise TimeUp at the next bytecode. Neither rings inside an import or a
    destructor, where an exception breaks things for good or is lost; it waits until they are over.
    """
    watch = _Watch(seconds, wall or max(LEAST_PATIENCE, PATIENCE * seconds), stuck, sys._getframe(2))
    with _lost_rings_are_quiet(), _heard(watch):
        watch.start()
        try:
            yield watch
        finally:
            watch.over = True  # first of all, and without a call: from here on nothing rings
            watch.stop()


class _Watch:
    """Looks at one thread from another one, and rings."""

    def __init__(self, seconds, wall, stuck, block):
        self.seconds, self.wall, self.stuck, self.block = seconds, wall, stuck, block
        self.over = self.waited = self.by_signal = self.asked = False
        self.thread = threading.get_ident()
        self.of_thread = _thread_clock(self.thread, threading.get_native_id())
        self.began = time.thread_time(), self.of_thread(), time.process_time(), time.monotonic()
        self._done, self._lock = threading.Event(), threading.Lock()

    def start(self):
        threading.Thread(target=self._look, daemon=True).start()

    def stop(self):
        with self._lock:
            self._done.set()
        if self.asked:
            _forget(self.thread)
        self.block = None

    def hear(self, signum, frame):
        """What the signal calls, inside the thread."""
        if not self.over and self._is_up(time.thread_time() - self.began[0]) and not self._is_delicate(frame):
            raise TimeUp

    def _look(self):
        pause, since, told = min(self.seconds, self.wall), None, False
        while not self._done.wait(pause):
            pause = STEP
            frame = sys._current_frames().get(self.thread)
            up = self._is_up(self.of_thread() - self.began[1]) and not self._is_delicate(frame)
            with self._lock:
                if self._done.is_set():
                    return
                if self.by_signal and signal.getsignal(signal.SIGALRM) == self.hear:
                    signal.pthread_kill(self.thread, signal.SIGALRM)  # `hear` decides, by a better clock
                elif up:
                    self.asked = True
                    _raise_in(self.thread, TimeUp)
            since = (since or time.monotonic()) if up else None
            if self.stuck and not told and since and time.monotonic() - since > GRACE:
                told = True
                with contextlib.suppress(Exception):
                    self.stuck(frame)

    def _is_up(self, spent: float) -> bool:
        """Whether a limit is reached; `spent` is the thread's processor time.

        The other threads count only beyond what a right answer can spread over all cores within the limit.
        """
        everybody = time.process_time() - self.began[2]
        if spent >= self.seconds or everybody >= self.seconds * (1 + (os.cpu_count() or 1)):
            return True
        self.waited = time.monotonic() - self.began[3] >= self.wall
        return self.waited

    def _is_delicate(self, frame) -> bool:
        """Whether an exception must not arise here: in an import, a destructor, or our own clearing up."""
        if frame is not None and frame.f_code.co_filename in (__file__, contextlib.__file__):
            return True
        long_enough = time.monotonic() - self.began[3] >= self.wall  # an endless destructor may lose its exception
        while frame is not None and frame is not self.block:
            code = frame.f_code
            if code.co_filename.startswith("<frozen importlib"):
                return True
            if not long_enough and (code.co_name == "__del__" or code.co_filename in _WEAK):
                return True
            frame = frame.f_back
        return False


_WEAK = (weakref.__file__, sys.modules["_weakrefset"].__file__)  # what collects garbage on others' behalf


def _thread_clock(ident, native):
    """A function that tells, from any thread, the seconds of processor time of this one."""
    if hasattr(time, "pthread_getcpuclockid"):
        clock = time.pthread_getcpuclockid(ident)
        return lambda: time.clock_gettime(clock)
    process = psutil.Process()

    def spent():
        with contextlib.suppress(psutil.Error):
            for thread in process.threads():
                if thread.id == native:
                    return thread.user_time + thread.system_time
        return time.process_time()  # macOS does not number its threads so

    return spent


def _raise_in(thread, kind):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(kind))


class _Nothing(BaseException):
    """Raised in place of a TimeUp that comes too late."""


def _forget(own_thread):
    """Take back a TimeUp that was asked for but not yet raised: it would hit an innocent line.

    By another exception, caught here. Python can also be told to raise none; but then it looks for one at every call
    from there on, and under a debugger (``sys.settrace``) that never ends.
    """
    with contextlib.suppress(_Nothing):
        _raise_in(own_thread, _Nothing)
        while True:
            pass


@contextmanager
def _heard(watch):
    """Let the alarm signal reach `watch`, where that is possible; the handler and timer of others come back."""
    if not hasattr(signal, "pthread_kill") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, watch.hear)
    began = time.monotonic()
    delay, interval = signal.setitimer(signal.ITIMER_REAL, 0)
    watch.by_signal = True
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_DFL if before is None else before)
        if delay:
            signal.setitimer(signal.ITIMER_REAL, max(delay - (time.monotonic() - began), 1e-3), interval)


@contextmanager
def _lost_rings_are_quiet():
    """A TimeUp that Python has to drop (in a callback of the garbage collector) leaves no message; it rings again."""
    before = sys.unraisablehook

    def hook(lost):
        if not (isinstance(lost.exc_type, type) and issubclass(lost.exc_type, TimeUp)):
            before(lost)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


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
    wanted = min(size for size in (limit + extra_bytes, soft, hard) if size != resource.RLIM_INFINITY)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space_in_use():
    """Bytes of address space of this process, or None where /proc does not tell."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError):
        return None
