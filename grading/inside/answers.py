"""The process of the answers: forked from the kernel's before that has heard anything.

It runs a student's cells in IPython's own shell, sends what they show, and serves the channel by
which tests use what the cells have made. No test is ever sent to it.
"""

import ctypes
import os
import signal
import socket
import sys
import traceback

from apart.errors import words
from apart.frames import ChannelError, Frames
from apart.library import Library
from apart.peer import Peer
from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any, CBool, Type
from traitlets.config import Config
from transform import QuickTransformer
from watch import close_all_but

PR_SET_DUMPABLE = 4


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, *, transient=None, update=False, **_more):
        kind = "update_display_data" if update else "display_data"
        content = {"data": encode_images(data), "metadata": metadata or {}}
        self.shell.say(kind, **content, transient=transient or {})

    def clear_output(self, wait=False):
        self.shell.say("clear_output", wait=wait)


class Hook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        content = {"data": encode_images(format_dict), "metadata": md_dict or {}}
        self.shell.say("execute_result", execution_count=self.prompt_count, **content)

    def finish_displayhook(self):
        pass


class AnswersShell(InteractiveShell):
    shown = Any()
    error = Any()  # of the cell that runs
    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)
    colors_force = CBool(True)
    quits = False

    def say(self, kind: str, **content) -> None:
        self.shown.say(kind, **json_clean(content))

    def enable_gui(self, gui=None) -> None:
        """There is no window."""

    def ask_exit(self) -> None:
        self.quits = True

    def _showtraceback(self, etype, evalue, stb):
        self.error = (str(etype.__name__), words(evalue), tuple(map(str, stb)))
        self.say("error", **dict(zip(("ename", "evalue", "traceback"), self.error, strict=True)))

    def run(self, source: str, count: int, store: bool) -> tuple:
        """Run a cell: "ok" or "error", the error, and whether it asks for the kernel's end."""
        self.error, self.execution_count, self.quits = None, count, False  # of this cell
        for event, callbacks in self.events.callbacks.items():  # none of an answer's stays
            self.events.callbacks[event] = [one for one in callbacks if _is_library(one)]
        self.ast_transformers.clear()
        self.shown.restore()
        result = self.run_cell(source, store_history=store)
        if not result.success and self.error is None:
            error = result.error_before_exec or result.error_in_exec
            self.error = type(error).__name__, words(error), ()
        status = "ok" if result.success else "error"
        return status, *(self.error or ("", "", ())), self.quits


def _is_library(callback) -> bool:
    """Whether it is what IPython or Matplotlib have registered themselves."""
    return str(callback.__module__).startswith(("IPython.", "matplotlib_inline."))


def fork(setup: dict, library: Library) -> tuple[Frames, int]:
    """The tests' end of the channel, and the id of the process of the answers."""
    here, there = socket.socketpair()
    most = setup["limits"]["memory"] // 2
    child = os.fork()
    if child == 0:
        try:
            _serve(there, most, library)
        except ChannelError:
            pass  # the kernel has ended, or has had enough
        except BaseException:
            os.write(2, traceback.format_exc().encode()[-4096:])
        finally:
            os._exit(1)
    there.close()
    return Frames(here, most, os.pidfd_open(child)), child


def _serve(there: socket.socket, most: int, library: Library) -> None:
    """Be the process of the answers until the kernel ends."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # a student may look at it
    close_all_but([there.fileno()])
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path.insert(0, "")
    library.withdraw()
    config = Config({"HistoryManager": {"enabled": False}})
    peer = Peer("a", Frames(there, most), library)
    shell = AnswersShell.instance(config=config, shown=peer.shown)
    shell.input_transformer_manager.__class__ = QuickTransformer
    peer.names, peer.run = shell.user_ns, shell.run
    peer.shown.divert()
    peer.serve()
