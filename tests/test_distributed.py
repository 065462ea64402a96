"""One script on several processes (gloo, CPU) against the same script alone.

torchrun's agents run in forks of this process, and their workers too where no script is asked for:
a process from nothing imports torch for five seconds.
"""

import os
import signal
import socket
from pathlib import Path

import pytest
import torch
import torch._dynamo  # for the first optimiser: once here, and not in each process
import torch.distributed.run
from test_loop import KINDS, everything
from tiny import busy_net, equal_weights, fit, linear, tiny_set
from torch import nn
from torch.distributed.launcher.api import LaunchConfig, elastic_launch
from torch.multiprocessing import ProcessRaisedException

from helpers import training

PROCESSES = 3
LIMIT = 300  # seconds: far above need, so that a hang fails instead of stopping the suite


def steady_net(seed: int = 0) -> nn.Module:
    """With batch normalisation, without dropout: the same function in every process."""
    net = busy_net(seed)
    net[3] = nn.Identity()
    return net


# 50 images in batches of 16 leave 2 for the last: one of three processes then has none
SCENARIOS = {
    "linear": (linear, dict(batch_size=16, optimiser="sgd", lr=0.1)),
    "batch normalisation": (steady_net, dict(batch_size=16, optimiser="sgd", lr=0.05, clip=0.5)),
    "in pieces": (steady_net, dict(batch_size=16, accumulate=3, optimiser="sgd", lr=0.05)),
    "averaged, smoothed, warmed up": (
        linear,
        dict(batch_size=20, lr=0.05, ema=0.9, label_smoothing=0.1, schedule="cosine", warm_up=0.3),
    ),
    "stopped early": (linear, dict(batch_size=8, lr=0.3, optimiser="sgd", patience=2, epochs=30)),
}


def settings_of(name: str) -> dict:
    return {"epochs": 3} | SCENARIOS[name][1]


# ---------------------------------------------------------------- what the processes run


def scenarios(rank: int, folder: Path) -> dict:
    results = {}
    for name, (make, _) in SCENARIOS.items():
        # other weights in each process: those of process 0 must win
        model = make(seed=rank)
        history = fit(model, tiny_set(), **settings_of(name))
        seen = history.series | {"stopped": history.stopped}
        results[name] = {"history": seen, "weights": model.state_dict()}
    drawn = []

    def draw(x):
        drawn.append(torch.rand(1).item())
        return x

    fit(linear(), tiny_set(), epochs=1, batch_size=50, augment=draw)
    results["drawn"] = drawn
    results["metric"] = fit(linear(), tiny_set(), epochs=2, metrics=recall()).recall
    try:
        fit(linear(), tiny_set(), epochs=3, lr=1e38, optimiser="sgd", batch_size=16)
    except training.TrainingError as error:
        results["infinite"] = str(error)
    results["kinds"] = losses_of_each_kind()
    return results


def losses_of_each_kind() -> dict:
    """SGD for the classifier: Adam turns rounding errors of a gradient that is 0 into steps.

    Without the pairs, whose loss holds each example against all the others of its part.
    """
    settings = {"classifier": {"optimiser": "sgd", "lr": 0.05}}
    kinds = {kind: make for kind, make in KINDS.items() if kind != "pairs"}
    return {
        kind: everything(make(dropout=0.0, **settings.get(kind, {}))[0], [])
        for kind, make in kinds.items()
    }


def recall() -> dict:
    from torchmetrics.classification import MulticlassRecall

    return {"recall": MulticlassRecall(num_classes=3, average="macro")}


def run_noisy(folder: Path, look) -> dict:
    """A run with dropout and noise, which draw random numbers in every process."""
    torch.manual_seed(0)

    def noise(x):
        look(x)
        return x + 0.1 * torch.randn_like(x)

    model = busy_net()
    fit(model, tiny_set(), epochs=4, batch_size=20, augment=noise, checkpoint=folder / "run.pt")
    return model.state_dict()


def run_killed(folder: Path) -> None:
    """Process 1 is killed in epoch 3; torchrun starts all again, and fit goes on."""
    first_time = os.environ["TORCHELASTIC_RESTART_COUNT"] == "0"
    count = 0

    def deadly(x):
        nonlocal count
        count += 1
        if count == 8 and first_time and os.environ["RANK"] == "1":
            os.kill(os.getpid(), signal.SIGKILL)

    end = run_noisy(folder, deadly)
    torch.save([first_time, end], folder / f"end-{os.environ['RANK']}.pt")


SCRIPT = """
import os, sys, torch
sys.path[:0] = {paths}
from tiny import fit, linear, tiny_set
torch.set_num_threads(1)
history = fit(linear(), tiny_set(), **{settings})
torch.save(history.series, f"{folder}/one-{{os.environ['RANK']}}.pt")
"""


# ---------------------------------------------------------------- starting them


def started(work, *arguments):
    """A fork in which this is done."""
    torch.set_num_threads(1)
    process = torch.multiprocessing.get_context("fork").Process(target=work, args=arguments)
    process.start()
    return process


def ended(process) -> int:
    """Its exit status."""
    process.join(LIMIT)
    if process.exitcode is None:
        process.terminate()
        pytest.fail(f"still running after {LIMIT} s")
    return process.exitcode


def one_of(rank: int, count: int, folder: Path, work) -> None:
    """A forked process: it has imported everything already."""
    meet = f"file://{folder}/meet"
    torch.distributed.init_process_group("gloo", meet, rank=rank, world_size=count)
    torch.save(work(rank, folder), folder / f"{rank}.pt")
    torch.distributed.destroy_process_group()


def forked(count: int, folder: Path, work) -> list:
    """What `work(rank, folder)` returns in each of several processes, in order of rank."""
    torch.set_num_threads(1)
    torch.multiprocessing.start_processes(
        one_of, (count, folder, work), nprocs=count, start_method="fork"
    )
    return [torch.load(folder / f"{rank}.pt") for rank in range(count)]


@pytest.fixture(scope="module")
def together(tmp_path_factory) -> list[dict]:
    """What each of three processes found, in order of rank."""
    recall()  # torchmetrics is imported once here, and not in each process
    return forked(PROCESSES, tmp_path_factory.mktemp("together"), scenarios)


@pytest.mark.parametrize("name", SCENARIOS)
def test_several_processes_equal_one(together, name):
    """Same global batches: the same losses, learning rates and weights but for rounding."""
    torch.set_num_threads(1)
    model = SCENARIOS[name][0]()
    alone = fit(model, tiny_set(), **settings_of(name))
    for result in together:
        history = result[name]["history"]
        assert history["stopped"] == alone.stopped
        for key in ("train_loss", "test_loss", "learning_rate"):
            assert history[key] == pytest.approx(getattr(alone, key), rel=1e-4), key
        for key in ("train_accuracy", "test_accuracy"):
            assert history[key] == pytest.approx(getattr(alone, key), abs=1e-6), key
        for key, value in model.state_dict().items():
            torch.testing.assert_close(
                result[name]["weights"][key], value, rtol=1e-3, atol=1e-5, msg=f"{name}: {key}"
            )


def test_every_kind_has_the_losses_of_one_process(together):
    """Batches of 5 streams, 10 and 16 images, 2 left over: none divides by 3."""
    alone = losses_of_each_kind()
    for result in together:
        for kind, expected in alone.items():
            torch.testing.assert_close(
                result["kinds"][kind], expected, rtol=1e-6, atol=1e-6, msg=kind
            )


def test_the_processes_agree_to_the_last_bit(together):
    for name in SCENARIOS:
        for other in together[1:]:
            assert equal_weights(other[name]["weights"], together[0][name]["weights"])


def test_each_process_draws_its_own_random_numbers(together):
    assert len({tuple(result["drawn"]) for result in together}) == PROCESSES


def test_a_metric_sees_the_whole_test_set_once(together):
    alone = fit(linear(), tiny_set(), epochs=2, metrics=recall()).recall
    for result in together:
        assert result["metric"] == pytest.approx(alone)


def test_killed_restarted_resumed_bit_for_bit(tmp_path, monkeypatch):
    """SIGKILL to one process: torchrun starts all again, and the random numbers go on."""
    # without this, restarted processes may meet at old addresses: PyTorch issue 135712
    monkeypatch.setenv("TORCH_DISABLE_SHARE_RDZV_TCP_STORE", "1")
    config = LaunchConfig(
        *(1, 1, 2),  # nodes, at least and at most; processes
        run_id="test",
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        max_restarts=1,
        start_method="fork",
    )
    assert ended(started(elastic_launch(config, run_killed), tmp_path)) == 0
    (tmp_path / "calm").mkdir()
    calm = forked(2, tmp_path / "calm", lambda rank, folder: run_noisy(folder, lambda x: None))
    for rank, whole in enumerate(calm):
        first_time, end = torch.load(tmp_path / f"end-{rank}.pt")
        assert not first_time
        assert equal_weights(end, whole)


def test_a_failure_in_one_process_ends_all_with_its_message(tmp_path):
    def fail(rank, folder):
        def broken(x):
            if rank == 0:
                raise ValueError("the camera is broken")
            return x

        fit(linear(), tiny_set(), augment=broken)
        (folder / f"finished-{rank}").touch()

    with pytest.raises(ProcessRaisedException, match="the camera is broken") as caught:
        forked(2, tmp_path, fail)
    assert "This happened in process 0 of 2." in str(caught.value)
    assert not list(tmp_path.glob("finished-*"))


def test_a_loss_that_is_not_finite_is_an_error_in_every_process(together):
    for result in together:
        assert "learning rate is too high" in result["infinite"]


def test_two_machines(tmp_path):
    """Two torchrun agents that meet at an address, as two machines would."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    script = tmp_path / "script.py"
    here = Path(__file__).resolve().parent
    settings, paths = settings_of("linear"), [str(here), str(here.parent)]
    script.write_text(SCRIPT.format(paths=paths, settings=settings, folder=tmp_path))
    words = [
        "--nnodes",
        "2",
        "--nproc-per-node",
        "1",
        "--rdzv-backend",
        "c10d",
        "--rdzv-id",
        "test",
    ]
    words += ["--rdzv-endpoint", f"127.0.0.1:{port}", "--local-addr", "127.0.0.1", str(script)]
    both = [started(torch.distributed.run.main, words) for _ in range(2)]
    assert [ended(process) for process in both] == [0, 0]
    alone = fit(linear(), tiny_set(), **settings_of("linear"))
    for rank in range(2):
        found = torch.load(tmp_path / f"one-{rank}.pt")
        assert found["train_loss"] == pytest.approx(alone.train_loss, rel=1e-4)
