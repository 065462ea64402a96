"""GPT against GPT-2 written out plainly, and its cache against full readings."""

import math

import pytest
import torch
import torch.nn.functional as F

from helpers.models import gpt
from helpers.models.gpt import GPT, generate, losses, reading

V = 11


pytestmark = pytest.mark.usefixtures("float64_seeded")


def tiny(**sizes) -> GPT:
    """A model whose weights are large enough to matter."""
    model = GPT(V, **({"context": 8, "d_model": 12, "heads": 3, "layers": 2} | sizes)).eval()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p), alpha=0.4)
    return model


def assert_close(a, b, atol=1e-10) -> None:
    torch.testing.assert_close(a, b, atol=atol, rtol=0)


# ---------------------------------------------------------------- the model


def test_gpt2_small_has_its_124_million_parameters():
    with torch.device("meta"):
        model = GPT(50257, context=1024, d_model=768, heads=12, layers=12)
    assert sum(p.numel() for p in model.parameters()) == 124_439_808
    with torch.device("meta"):
        apart = GPT(50257, context=1024, d_model=768, heads=12, layers=12, tied=False)
    assert sum(p.numel() for p in apart.parameters()) == 124_439_808 + 50257 * 768


def published(C: int, context: int, layers: int) -> dict[str, torch.Tensor]:
    """Random weights under the names and in the shapes of GPT-2's published ones."""
    shapes = {"wte.weight": (V, C), "wpe.weight": (context, C)}
    for i in range(layers):
        parts = {
            "ln_1.weight": (C,),
            "ln_1.bias": (C,),
            "attn.c_attn.weight": (C, 3 * C),
            "attn.c_attn.bias": (3 * C,),
            "attn.c_proj.weight": (C, C),
            "attn.c_proj.bias": (C,),
            "ln_2.weight": (C,),
            "ln_2.bias": (C,),
            "mlp.c_fc.weight": (C, 4 * C),
            "mlp.c_fc.bias": (4 * C,),
            "mlp.c_proj.weight": (4 * C, C),
            "mlp.c_proj.bias": (C,),
        }
        shapes |= {f"h.{i}.{name}": shape for name, shape in parts.items()}
    shapes |= {"ln_f.weight": (C,), "ln_f.bias": (C,)}
    return {name: torch.randn(shape) * 0.5 for name, shape in shapes.items()}


def gpt2(w: dict[str, torch.Tensor], tokens: list[int], heads: int, layers: int) -> torch.Tensor:
    """GPT-2 for one text, one token and one head at a time: logits `(T, V)`."""

    def norm(x, name):
        centred = x - x.mean()
        return (
            centred / (centred.pow(2).mean() + 1e-5).sqrt() * w[name + ".weight"]
            + w[name + ".bias"]
        )

    def linear(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))

    xs = [w["wte.weight"][t] + w["wpe.weight"][i] for i, t in enumerate(tokens)]
    C, d = len(xs[0]), len(xs[0]) // heads
    for n in range(layers):
        h = f"h.{n}."
        qkv = [linear(norm(x, h + "ln_1"), h + "attn.c_attn") for x in xs]
        for i in range(len(xs)):
            out = []
            for head in range(heads):
                at = slice(head * d, (head + 1) * d)
                q = qkv[i][:C][at]
                keys = torch.stack([qkv[j][C : 2 * C][at] for j in range(i + 1)])
                values = torch.stack([qkv[j][2 * C :][at] for j in range(i + 1)])
                out.append((keys @ q / math.sqrt(d)).softmax(0) @ values)
            x = xs[i] + linear(torch.cat(out), h + "attn.c_proj")
            hidden = gelu(linear(norm(x, h + "ln_2"), h + "mlp.c_fc"))
            xs[i] = x + linear(hidden, h + "mlp.c_proj")
    return torch.stack([norm(x, "ln_f") @ w["wte.weight"].T for x in xs])


@pytest.mark.parametrize("prefix", ["", "transformer."])
def test_published_weights_give_gpt2s_logits(prefix):
    w = published(12, 8, 2)
    model = GPT(V, context=8, d_model=12, heads=3, layers=2).eval()
    stored = {prefix + name: value for name, value in w.items()}
    stored[prefix + "h.0.attn.bias"] = torch.ones(1, 1, 8, 8)  # a mask, no weight
    stored["lm_head.weight"] = w["wte.weight"]
    gpt.load_gpt2(model, stored)
    tokens = torch.randint(V, (2, 8))
    want = torch.stack([gpt2(w, row.tolist(), 3, 2) for row in tokens])
    assert_close(model(tokens), want)


def test_the_loss_starts_at_ln_v():
    tokens = torch.randint(100, (4, 33))
    for positions in gpt.POSITIONS:
        model = GPT(100, d_model=32, positions=positions)
        loss = F.cross_entropy(model(tokens[:, :-1]).flatten(0, 1), tokens[:, 1:].flatten())
        assert abs(loss.item() - math.log(100)) < 0.1


def test_initialisation_is_gpt2s():
    model = GPT(500, d_model=64, layers=8)
    p = dict(model.named_parameters())
    for name in ("tokens.weight", "places.weight", "blocks.3.linear1.weight"):
        assert p[name].std().item() == pytest.approx(0.02, rel=0.1)
    assert p["blocks.0.self_attn.in_proj_weight"].std().item() == pytest.approx(0.02, rel=0.1)
    for name in ("blocks.7.linear2.weight", "blocks.7.self_attn.out_proj.weight"):
        assert p[name].std().item() == pytest.approx(0.02 / 4, rel=0.1)
    assert all((v == 0).all() for name, v in p.items() if name.endswith("bias"))
    assert (p["norm.weight"] == 1).all()
    assert model.readout.weight is model.tokens.weight


@pytest.mark.parametrize("positions", gpt.POSITIONS)
def test_nothing_looks_ahead(positions):
    model = tiny(positions=positions)
    tokens = torch.randint(V, (2, 8))
    changed = tokens.clone()
    changed[:, 5:] = (changed[:, 5:] + 1) % V
    assert_close(model(tokens)[:, :5], model(changed)[:, :5], atol=1e-12)
    assert (model(tokens)[:, 5:] - model(changed)[:, 5:]).abs().amax(-1).min() > 1e-3


def test_positions_matter_where_there_are_some():
    swapped = [torch.tensor([[1, 2, 3]]), torch.tensor([[2, 1, 3]])]
    for positions in gpt.POSITIONS:
        model = tiny(positions=positions, layers=1)
        gap = (model(swapped[0]) - model(swapped[1]))[0, -1].abs().max()
        assert (gap > 1e-3) == (positions != "none")


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize("positions", gpt.POSITIONS)
@pytest.mark.parametrize("prompt", [1, 5, 8, 13])
def test_the_cache_gives_the_logits_of_a_full_reading_also_past_a_crop(positions, prompt):
    model = tiny(positions=positions)
    text = torch.randint(V, (30,)).tolist()
    with torch.no_grad():
        cached, full = text[:prompt], text[:prompt]
        with_cache, without = reading(model, cached), reading(model, full, cache=False)
        start = max(0, prompt - 8)
        for now in range(prompt, 30):
            if now - start > 8:  # full: only the last half goes on
                start = now - 4
            want = model(torch.tensor([text[start:now]]))[0, -1]
            assert_close(next(with_cache), want)
            assert_close(next(without), want)
            cached.append(text[now])
            full.append(text[now])


def test_the_cache_agrees_in_float32_too():
    torch.set_default_dtype(torch.float32)
    model = tiny(context=32)
    text = torch.randint(V, (60,)).tolist()
    with torch.no_grad():
        one, other = reading(model, text, True), reading(model, list(text), False)
        assert_close(next(one), next(other), atol=1e-5)


def test_a_chunk_goes_on_after_the_cache():
    for positions in gpt.POSITIONS:
        model = tiny(positions=positions)
        tokens = torch.randint(V, (2, 8))
        caches = model.new_caches()
        parts = [model(tokens[:, a:b], caches) for a, b in ((0, 3), (3, 4), (4, 8))]
        assert_close(torch.cat(parts, 1), model(tokens))


@pytest.mark.parametrize("training", [True, False])
def test_generate_repeats_follows_the_filters_and_puts_the_mode_back(training):
    model = tiny(dropout=0.5).train(training)
    prompt = torch.tensor([3, 1])
    drawn = [
        generate(
            model, prompt, 20, cache=cache, generator=torch.Generator().manual_seed(1)
        ).tolist()
        for cache in (True, False)
    ]
    assert drawn[0] == drawn[1] and len(drawn[0]) == 20
    assert model.training == training and model.blocks[1].training == training
    likeliest, text = [], [3, 1]
    model.eval()
    with torch.no_grad():
        for logits, _ in zip(reading(model, text), range(20), strict=False):
            likeliest.append(int(logits.argmax()))
            text.append(likeliest[-1])
    for filters in ({"top_k": 1}, {"top_p": 1e-9}, {"min_p": 1.0}, {"temperature": 1e-6}):
        assert generate(model, prompt, 20, **filters).tolist() == likeliest
    assert generate(model, prompt, 0).tolist() == []


def test_bad_input_is_refused_clearly():
    model = tiny()
    with pytest.raises(ValueError, match="9 tokens are more than the context of 8"):
        model(torch.zeros(1, 9, dtype=torch.int64))
    caches = model.new_caches()
    model(torch.zeros(1, 6, dtype=torch.int64), caches)
    with pytest.raises(ValueError, match="9 tokens are more"):
        model(torch.zeros(1, 3, dtype=torch.int64), caches)
    for bad in (torch.zeros(3, dtype=torch.int64), torch.zeros(1, 3)):
        with pytest.raises(ValueError, match="integers"):
            model(bad)
    with pytest.raises(ValueError, match="known are only those from 0 to 10"):
        model(torch.tensor([[1, V]]))
    with pytest.raises(ValueError, match="known are only"):
        generate(model, torch.tensor([-1]), 3)
    with pytest.raises(ValueError, match="prompt is empty"):
        generate(model, torch.tensor([], dtype=torch.int64), 3)
    with pytest.raises(ValueError, match="positions must be one of"):
        GPT(V, positions="sinus")
    with pytest.raises(ValueError, match="at least 2"):
        GPT(V, context=1)
    with pytest.raises(ValueError, match="nothing to guess"):
        losses(model, torch.tensor([1]))
