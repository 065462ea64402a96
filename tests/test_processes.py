"""Pieces of training on several processes, each tried in one process."""

import pytest
import torch
import torch.nn.functional as F
from test_distributed import steady_net
from tiny import fit, linear, tiny_set
from torch import nn

from helpers.training import processes


def test_shares_are_all_rows_once():
    for count in (0, 1, 2, 7, 16):
        rows = torch.arange(count)
        shares = [processes.World(rank, 3).share(rows) for rank in range(3)]
        assert torch.equal(torch.cat(shares), rows)
        assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_alone_nothing_happens():
    world = processes.join(torch.device("cpu"))
    assert world == processes.World(0, 1)
    x = torch.tensor([3.0])
    assert world.sum(x) is x and world.gather(5) == [5] and world.from_first("a") == "a"
    model = steady_net()
    with processes.shared_batch_norm([model], world):
        assert "forward" not in vars(model[1])


@pytest.fixture
def group_of_one(tmp_path):
    """A process group with one member: collectives run, and change nothing."""
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{tmp_path}/meet", rank=0, world_size=1
    )
    yield
    torch.distributed.destroy_process_group()


@pytest.mark.parametrize("momentum", [0.1, None])
@pytest.mark.parametrize("shape", [(6, 4), (5, 4, 3), (5, 4, 3, 3)])
def test_shared_batch_normalisation_equals_pytorchs(group_of_one, shape, momentum):
    kinds = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d}
    torch.manual_seed(0)
    ours, reference = (kinds[len(shape)](4, momentum=momentum) for _ in range(2))
    with torch.no_grad():
        for layer in (ours, reference):
            layer.weight.copy_(torch.tensor([0.5, 1.0, 2.0, -1.0]))
    for _ in range(3):
        x = (3 * torch.randn(shape) + 5).requires_grad_()
        z = x.detach().clone().requires_grad_()
        weights = torch.randn(shape)
        with processes.shared_batch_norm([ours], processes.World(0, 2)):
            y = ours(x)
            (y * weights).sum().backward()
        w = reference(z)
        (w * weights).sum().backward()
        torch.testing.assert_close(y, w, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(x.grad, z.grad, rtol=1e-3, atol=1e-5)
    for key, value in reference.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[key], value, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(ours.weight.grad, reference.weight.grad, rtol=1e-3, atol=1e-4)
    ours.eval(), reference.eval()
    x = torch.randn(shape)
    with processes.shared_batch_norm([ours], processes.World(0, 2)):
        torch.testing.assert_close(ours(x), reference(x))
    assert "forward" not in vars(ours)


def test_a_borrowed_image_does_not_count(group_of_one):
    """An idle process adds nothing to the statistics: here it is alone, so nothing is there."""
    layer = nn.BatchNorm2d(4)
    with processes.shared_batch_norm([layer], processes.World(0, 2)) as shared:
        shared.idle = True
        seen = []
        total = processes._Sum.apply
        processes._Sum.apply = lambda x: seen.append(x.detach()) or total(x)
        try:
            layer(torch.randn(1, 4, 3, 3))
        finally:
            processes._Sum.apply = total
    assert len(seen) == 3 and not any(part.nan_to_num().abs().sum() for part in seen)


def test_losing_another_process_is_explained():
    two = processes.World(0, 2)
    with pytest.raises(RuntimeError, match="process 0 of 2 stops because another process ended"):
        with processes.explained(two):
            raise RuntimeError("[gloo/transport/tcp/pair.cc:547] Connection closed by peer [::1]")
    with pytest.raises(ValueError, match="mine") as caught, processes.explained(two):
        raise ValueError("mine")
    assert caught.value.__notes__ == ["This happened in process 0 of 2."]


def test_gradient_of_a_batch_in_pieces_is_that_of_the_whole():
    """accumulate=3 against one batch, without batch normalisation: float rounding apart."""
    data = tiny_set()
    whole, pieces = linear(), linear()
    a = fit(whole, data, epochs=3, batch_size=16, lr=0.1, optimiser="sgd")
    b = fit(pieces, data, epochs=3, batch_size=16, lr=0.1, optimiser="sgd", accumulate=3)
    assert b.train_loss == pytest.approx(a.train_loss, rel=1e-5)
    for p, q in zip(whole.parameters(), pieces.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=1e-4, atol=1e-6)
    assert F.cosine_similarity(whole[1].weight, linear()[1].weight).min() < 0.99  # it moved
