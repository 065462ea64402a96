"""Python with these arguments, for nbval: each notebook's kernel is a fork of this process.

python tests/warm.py -m pytest --nbval ...

What a kernel imports takes longer than most notebooks do. Here it is imported once, when the first
kernel is asked for; a fork begins with no name defined and with random numbers of its own, as any
kernel. Kernels that start from nothing are those of test_browser, test_nbgrader and `make notebooks`.
"""

import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HELD = ["numpy.testing", "matplotlib.pyplot", "PIL.Image", "torch._dynamo", "torch.optim"]
HELD += ["torch.testing", "torch._subclasses", "torchvision", "sklearn.datasets", "sklearn.metrics"]
HELD += ["ipywidgets", "tqdm.auto", "unittest.mock", "statistics", "ipykernel.ipkernel"]
HELD += ["ipykernel.kernelapp", "IPython.core.debugger", "IPython.extensions.storemagic"]
INLINE = "module://matplotlib_inline.backend_inline"  # as ipykernel has it
WHERE = "WARM_KERNELS"


# ---------------------------------------------------------------- what Jupyter starts as a kernel


def stand_in(connection_file: str) -> None:
    """Ask for a kernel, pass interrupts on to it, and be there as long as it is."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(os.environ[WHERE])
        request = {"file": connection_file, "folder": os.getcwd(), "environment": dict(os.environ)}
        socket.send_fds(line, [b" "], [1, 2])
        line.sendall(json.dumps(request).encode() + b"\n")
        pid = int(line.recv(20))
        signal.signal(signal.SIGINT, lambda *_: os.killpg(pid, signal.SIGINT))
        line.recv(1)  # the end of it


# ---------------------------------------------------------------- what they are forked from


def hold() -> None:
    os.environ["MPLBACKEND"] = INLINE
    for name in HELD:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    assert len(os.listdir("/proc/self/task")) == 1, "only a process of one thread can be forked"


def become(request: dict, outputs: list[int]) -> None:
    """A kernel, in a fork."""
    os.setsid()
    for target, source in zip((0, 1, 2), (os.open(os.devnull, os.O_RDONLY), *outputs), strict=True):
        os.dup2(source, target)
    os.closerange(3, 1024)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    random.seed()
    sys.modules["numpy"].random.seed()
    sys.modules["torch"].seed()
    del sys.path[0]  # the folder of this file
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    sys.argv = ["ipykernel_launcher.py", "-f", request["file"], parent]
    sys.modules["ipykernel.kernelapp"].launch_new_instance()


def start(line: socket.socket) -> int:
    _, outputs, *_ = socket.recv_fds(line, 1, 2)
    with line.makefile() as file:
        request = json.loads(file.readline())
    if (pid := os.fork()) == 0:
        try:
            become(request, outputs)
            os._exit(0)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)
    for each in outputs:
        os.close(each)
    line.sendall(str(pid).encode())
    return pid


def end(pid: int) -> None:
    """The kernel, and whatever it has started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # it has only just been forked
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def serve(server: socket.socket, pytest: subprocess.Popen) -> int:
    """Fork kernels until the tests are over; their exit status."""
    over, kernels, held = os.pidfd_open(pytest.pid), {}, False
    while pytest.poll() is None:
        watched = [over, server, *kernels, *(child for child, _ in kernels.values())]
        ready = select.select(watched, [], [])[0]
        for line, (child, pid) in list(kernels.items()):
            if line in ready or child in ready:
                end(pid)
                os.close(child)
                line.close()
                del kernels[line]
        if server in ready:
            held = held or hold() or True
            line, _ = server.accept()
            pid = start(line)
            kernels[line] = os.pidfd_open(pid), pid
    for _, pid in kernels.values():
        end(pid)
    return pytest.returncode


def main(arguments: list[str]) -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # torch would begin threads, see `hold`
    with tempfile.TemporaryDirectory(prefix="warm-") as folder, socket.socket(socket.AF_UNIX) as at:
        at.bind(f"{folder}/line")
        at.listen()
        kernel = Path(folder) / "kernels" / "warm" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        command = [sys.executable, "-S", "-E", __file__, "--kernel", "{connection_file}"]
        told = {"argv": command, "display_name": "warm", "language": "python"}
        kernel.write_text(json.dumps(told))
        paths = [folder, *filter(None, [os.environ.get("JUPYTER_PATH")])]
        environment = {WHERE: f"{folder}/line", "JUPYTER_PATH": os.pathsep.join(paths)}
        command = [sys.executable, *arguments, "--nbval-kernel-name", "warm"]
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests are told, and end
        pytest = subprocess.Popen(
            command,
            env=os.environ | environment,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        signal.signal(signal.SIGTERM, lambda *_: pytest.terminate())
        return serve(at, pytest)


if __name__ == "__main__":
    if sys.argv[1] == "--kernel":
        stand_in(sys.argv[2])
    elif hasattr(os, "pidfd_open"):
        os._exit(main(sys.argv[1:]))  # what is held is not taken down
    else:  # no Linux: a kernel of its own for each
        sys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))
