"""Where a mode of torch does not look: other threads, other processes, what a signal calls."""

from __future__ import annotations

import _signal
import _thread
import os
import signal
import sys
import threading
from types import FunctionType, NoneType

ELSEWHERE, SIGNAL = "threads or other processes", "what a signal calls"
# of what Python tells a hook, and of its functions, what begins that
PROCESSES = "subprocess.Popen os.exec os.fork os.forkpty os.posix_spawn os.spawn os.system"
PROCESSES = dict.fromkeys(PROCESSES.split(), ELSEWHERE)
THREADS = [one for name, one in vars(_thread).items() if name.startswith("start_")]
STARTS = dict.fromkeys(THREADS, ELSEWHERE) | {_signal.signal: SIGNAL}
# as they are before an answer can change them
FRAMES, WAITID, THREAD = sys._current_frames, getattr(os, "waitid", None), threading.get_ident
SIGNALS, HANDLER, INTERRUPT = signal.valid_signals(), signal.getsignal, signal.default_int_handler
# a function's frame is seen within an operation, other callables' work is not
HANDLERS = {FunctionType, NoneType, signal.Handlers}


def others() -> str:
    """What an answer has begun of these, in words; "" if nothing."""
    if {type(HANDLER(one)) for one in SIGNALS if HANDLER(one) is not INTERRUPT} - HANDLERS:
        return SIGNAL
    threads = set(FRAMES()) - {THREAD(), threading.main_thread().ident}
    for thread in map(threading._active.get, threads):
        if type(thread).__module__ != "tqdm._monitor":
            return "threads"
        thread.was_killed.set()  # a bar makes another when it needs one
        thread.join()
    try:
        WAITID(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return "other processes"
    except ChildProcessError:
        return ""
