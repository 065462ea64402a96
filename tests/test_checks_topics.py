"""checks/cnn, resnet, rnn, gan: what the graders once judged wrongly, or told wrongly."""

import copy
import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from checks import clinic, cnn, gan, resnet, rnn, training
from checks.cnn.field import reached, rectangle
from checks.compare import Wrong
from helpers.models.resnet import BasicBlock, PreActBlock


def message(check, *arguments, **named) -> str:
    """The message with which a check fails."""
    with pytest.raises(Wrong) as caught:
        check(*arguments, **named)
    return str(caught.value)


def accuracy(net, x, y, batch_size, after=lambda net: None, mode=torch.no_grad):
    was = net.training
    net.eval()
    with mode():
        right = sum(
            (net(a).argmax(1) == b).sum().item()
            for a, b in zip(x.split(batch_size), y.split(batch_size), strict=True)
        )
    net.train(was)
    after(net)
    return right / len(x)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"mode": torch.enable_grad}, "no graph for a backward pass"),
        ({"after": lambda net: torch.set_grad_enabled(False)}, "gradients on or off"),
        ({"after": lambda net: net.requires_grad_(False)}, "requires_grad of argument 1"),
    ],
)
def test_accuracy_leaves_no_graph_and_nothing_changed(how, says):
    sizes = {"N": 20, "batch_size": 8, "training": True, "seed": 0}
    cnn.check_accuracy(accuracy, **sizes)
    text = message(cnn.check_accuracy, lambda *a: accuracy(*a, **how), **sizes)
    assert says in text and "Item 13" in text
    assert torch.is_grad_enabled()
    cnn.check_accuracy(accuracy, **sizes)


def test_normalisation_by_another_name_is_not_by_hand():
    def by_rms(x, gamma, beta, eps):
        rows = x.movedim(1, 0).flatten(1)
        rows = F.rms_norm(rows - rows.mean(1, keepdim=True), rows.shape[1:], eps=eps)
        rows = rows * gamma[:, None] + beta[:, None]
        return rows.unflatten(1, (x.shape[0], *x.shape[2:])).movedim(0, 1)

    assert "without the library's rms_norm" in message(
        cnn.check_batch_norm, by_rms, B=2, C=3, H=2, W=2, eps=0.1
    )


@pytest.mark.parametrize(("channel", "output"), [(0, None), (None, 0), (0, 0)])
def test_a_field_of_some_channels_only_is_too_small(channel, output):
    def measured(net, size):
        return list(rectangle(reached(net, size, channel, output)))

    layers = [(3, 4, (3, 5), 1, 1, 1), (4, 3, (5, 3), 1, 2, 1)]
    named = {"size": (3, 19, 22), "layers": layers, "want": (7, 7), "how": "one channel"}
    text = message(cnn.check_measured, measured, **named)
    assert ("not the first only" in text) == ((channel, output) != (0, 0))
    cnn.check_measured(lambda net, size: measured_whole(net, size), **named)


def measured_whole(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    (g,) = torch.autograd.grad(y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum(), x)
    at = g[0].abs().sum(0).nonzero()
    return tuple(int(n) for n in at.amax(0) - at.amin(0) + 1)


def test_padding_counted_with_the_dilation_is_not_called_a_missing_dilation():
    def out_size(n, K, S, P, D):
        return (n + 2 * P * D - D * (K - 1) - 1) // S + 1

    text = message(cnn.check_out_size, out_size, n=28, K=3, S=3, P=1, D=2)
    assert "Likely:   the padding is P pixels at each end, whatever the dilation" in text


@pytest.mark.parametrize("remove", ["register", "none"])
def test_silence_does_not_remove_parameters(remove):
    def silence(net):
        for block in net.modules():
            if isinstance(block, BasicBlock):
                nn.init.zeros_(block.bn2.weight)
                if remove == "register":
                    block.bn2.register_parameter("bias", None)
                else:
                    block.bn2.bias = None
            elif isinstance(block, PreActBlock):
                nn.init.zeros_(block.conv2.weight)

    text = message(
        resnet.check_silence, silence, depth=8, shortcut="A", pre_activation=False, training=True
    )
    assert "bn2.bias" in text and "the same parameter" in text


def states(x, h0, W_ih, W_hh, b_ih, b_hh, cut=False):
    found, h = [], h0
    for x_t in x.unbind(1):
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        found.append(h)
        h = h.detach() if cut else h
    return torch.stack(found, 1)


def test_a_state_cut_off_between_steps_is_called_so():
    rnn.check_rnn(states, B=2, T=3, D=2, H=3)
    text = message(rnn.check_rnn, lambda *a: states(*a, cut=True), B=2, T=3, D=2, H=3)
    assert "Likely:   each state is cut off from the one before it" in text


def drawn(logits, temperature=1.0, top_k=None, fill=-torch.inf):
    k, T = (top_k or logits.shape[1], temperature) if temperature else (1, 1.0)
    least = logits.topk(min(k, logits.shape[1]), 1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, fill) / T, 1)
    return p, -torch.special.xlogy(p, p).sum(1) / torch.log(torch.tensor(2.0))


@pytest.mark.parametrize("fill", [-100.0, -1000.0])
def test_a_number_filled_in_for_what_is_thrown_away_is_found(fill):
    sizes = {"B": 3, "V": 6, "temperature": 0.7, "top_k": 3, "shift": -9000.0}
    rnn.check_drawing(drawn, **sizes)
    text = message(rnn.check_drawing, lambda *a: drawn(*a, fill=fill), **sizes)
    assert "Likely:   a number filled in is not below every logit" in text


def test_a_text_that_is_too_short_is_named():
    def cut(tokens, B, T):
        M = (len(tokens) - 1) // B
        if M < 1:
            raise ValueError("too short")
        x, y = (t.long().view(B, M) for t in (tokens[: B * M], tokens[1 : B * M + 1]))
        return [*zip(x.split(T, 1), y.split(T, 1), strict=True)]

    rnn.check_streams(cut, "abcdefgh", B=2, T=2)
    text = message(rnn.check_streams, cut, "a", B=1, T=4)
    assert "Likely:   a text with too few characters gives an empty list" in text


@pytest.mark.parametrize("optimiser", ["RMSprop", "Adam"])
def test_rounding_is_no_step_of_the_critic(optimiser):
    """Negating the difference, or the gradients, and one batch or two, come to the same."""

    def step(critic, optimiser, real, fake, c):
        f = critic(torch.cat([real, fake]))
        gap = f[: len(real)].mean() - f[len(real) :].mean()
        for p, slope in zip(critic.parameters(), torch.autograd.grad(gap, critic.parameters())):  # noqa: B905
            p.grad = -slope
        optimiser.step()
        with torch.no_grad():
            for p in critic.parameters():
                p.clamp_(-c, c)
        return gap.item()

    gan.check_clip(step, optimiser, 0.05, B=5, M=3, c=0.1, seed=2, steps=3)


def counted(text, context, w, V, escape=lambda h: h):
    """Witten and Bell by regular expressions; one more escape is needed for them to be right."""
    below = counted(text, context[1:], w, V, escape) if context else 1 / V
    came = re.findall(f"(?={escape(context)}(.))", text, re.DOTALL)
    different = len(set(came))
    return (came.count(w) + different * below) / (len(came) + different) if came else below


def test_a_context_is_no_regular_expression():
    text = {"text": "a.b+a*b.\nab a.b+a.\nb a.b", "V": 12, "pairs": [(".b", "+"), ("b+", "a")]}
    rnn.check_counting(lambda *a: counted(*a, escape=re.escape), **text)
    told = message(rnn.check_counting, counted, **text)
    assert "Likely:   a context is plain characters, not a regular expression" in told


def test_a_forbidden_character_is_below_negative_logits():
    def likeliest(logits, temperature, top_k):
        first = logits.nan_to_num(neginf=0.0).argmax(1)
        return torch.eye(logits.shape[1]).to(logits)[first], torch.zeros(len(logits)).to(logits)

    sizes = {"B": 3, "V": 6, "temperature": 0.0, "top_k": None, "forbidden": 2}
    rnn.check_drawing(drawn, **sizes, shift=-40.0)
    told = message(rnn.check_drawing, likeliest, **sizes, shift=-40.0)
    assert "Likely:   a forbidden character is below every other" in told


def reported(net, batches, classes, least=None):
    was, x, y = net.training, *map(torch.cat, zip(*batches, strict=True))
    net.eval()
    with torch.no_grad():
        guess = net(x).argmax(1)
    net.train(was)
    named = {"minlength": int(y.max()) + 1 if least else classes}
    support, called = torch.bincount(y, **named), torch.bincount(guess, **named)
    hits, right = torch.bincount(y[y == guess], **named).double(), (y == guess).double()
    shares = {"precision": hits / called.clamp_min(1), "recall": hits / support.clamp_min(1)}
    return {"support": support, "accuracy": right.mean().item()} | shares


def test_a_class_that_occurs_nowhere_has_its_place():
    sizes = {"sizes": (12, 9), "classes": 4, "training": False, "seed": 5, "absent": 1}
    clinic.check_report(reported, **sizes)
    told = message(clinic.check_report, lambda *a: reported(*a, least=True), **sizes)
    assert "Likely:   every class has its place" in told


def test_a_graph_that_is_cut_off_at_once_is_none():
    def classify(net, images, labels, end=torch.Tensor.detach):
        x, judge = images.float(), copy.deepcopy(net).eval()
        x = (x - x.mean((1, 2, 3), keepdim=True)) / x.std((1, 2, 3), correction=0, keepdim=True)
        p = end(judge(x.permute(0, 3, 1, 2)).softmax(1))
        return p, (p.argmax(1) == labels).double().mean().item()

    sizes = {"N": 5, "H": 2, "W": 3, "C": 3, "training": True}
    clinic.check_foreign(classify, **sizes)
    told = message(clinic.check_foreign, lambda *a: classify(*a, end=torch.clone), **sizes)
    assert "probabilities without a graph" in told


def test_training_that_is_not_seeded_is_told():
    from checks.cnn.training import pages

    right = pages(7, 3, True)[1][1297:]

    def answer(x, y, other, seeded=True):
        if seeded:
            torch.manual_seed(0)
        return torch.where(torch.rand(500) < 0.03, 0, right)

    sizes = {"seed": 7, "rename": 3, "mirror": True, "again": True}
    cnn.check_training(answer, **sizes)
    told = message(cnn.check_training, lambda *a: answer(*a, seeded=False), **sizes)
    assert "Likely:   seed what you draw" in told


def test_a_first_step_finds_no_gradients():
    def step(net, optimiser, x, y, size, clear=nn.Module.zero_grad):
        clear(net)
        losses = []
        for xb, yb in zip(x.split(size), y.split(size), strict=True):
            losses.append(F.cross_entropy(net(xb), yb, reduction="sum") / len(y))
            losses[-1].backward()
        optimiser.step()
        return sum(losses).item()

    def clear(net):
        for p in net.parameters():
            p.grad.zero_()

    for size in (3, 20):
        training.check_step(step, B=6, size=size, C=2)
    training.check_step(lambda *a: step(*a, clear=clear), B=6, size=3, C=2)
    told = message(training.check_step, lambda *a: step(*a, clear=clear), B=6, size=20, C=2)
    assert "Likely:   a None was used" in told
