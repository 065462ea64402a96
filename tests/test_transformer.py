"""helpers.models.transformer against torch's own layers, in float64, with gradients."""

import pytest
import torch
from test_attention import assert_close, compare
from torch import nn

from helpers.models.attention import causal_mask, padding_mask
from helpers.models.transformer import (
    POSITIONS,
    DecoderBlock,
    EncoderBlock,
    Transformer,
)

pytestmark = pytest.mark.usefixtures("float64_seeded")

B, T, S, C, HEADS, D_FF = 2, 5, 7, 12, 3, 20


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("padded", [False, True])
def test_encoder_block_equals_torch(norm_first, padded):
    ours = EncoderBlock(C, HEADS, D_FF, dropout=0, norm_first=norm_first)
    theirs = nn.TransformerEncoderLayer(
        C, HEADS, D_FF, dropout=0, norm_first=norm_first, batch_first=True
    )
    theirs.load_state_dict(ours.state_dict())
    mask = padding_mask(torch.tensor([4, S]), S)
    more = ({"mask": mask}, {"src_key_padding_mask": ~mask[:, 0]}) if padded else ({}, {})
    compare(ours, theirs, [torch.randn(B, S, C)], *more)


@pytest.mark.parametrize("norm_first", [False, True])
def test_decoder_block_equals_torch(norm_first):
    ours = DecoderBlock(C, HEADS, D_FF, dropout=0, norm_first=norm_first)
    theirs = nn.TransformerDecoderLayer(
        C, HEADS, D_FF, dropout=0, norm_first=norm_first, batch_first=True
    )
    theirs.load_state_dict(ours.state_dict())
    mask = padding_mask(torch.tensor([4, S]), S)
    theirs_more = {"tgt_mask": ~causal_mask(T), "memory_key_padding_mask": ~mask[:, 0]}
    x, memory = torch.randn(B, T, C), torch.randn(B, S, C)
    compare(ours, theirs, [x, memory], {"mask": mask}, theirs_more)


@pytest.mark.parametrize("norm_first", [False, True])
def test_dropout_acts_in_training_only(norm_first):
    block = EncoderBlock(C, HEADS, D_FF, dropout=0.5, norm_first=norm_first)
    x = torch.randn(B, S, C)
    assert (block(x) - block(x)).abs().max() > 0.01
    block.eval()
    assert torch.equal(block(x), block(x))


def make(positions="sinusoid", **settings) -> Transformer:
    settings = {"d_model": C, "heads": HEADS, **settings}
    return Transformer(30, 12, positions=positions, **settings).eval()


def tokens():
    source, target = torch.randint(1, 30, (B, S)), torch.randint(1, 12, (B, T))
    source[0, 5:] = 0
    return source, target


@pytest.mark.parametrize("positions", POSITIONS)
@pytest.mark.parametrize("norm_first", [False, True])
def test_transformer_laws(positions, norm_first):
    net = make(positions, norm_first=norm_first)
    source, target = tokens()
    logits = net(source, target)
    assert logits.shape == (B, T, 12)
    wider = torch.nn.functional.pad(source, (0, 4))  # padding changes nothing
    assert_close(net(wider, target), logits)
    assert_close(net(source[:1, :5], target[:1]), logits[:1])  # nor does who is beside it
    later = target.clone()
    later[:, 3:] = later[:, 3:] % 11 + 1  # the future changes nothing before it
    changed = net(source, later)
    assert_close(changed[:, :3], logits[:, :3])
    assert (changed[:, 3:] - logits[:, 3:]).abs().max() > 1e-3


def test_without_positions_the_order_of_the_source_is_not_seen():
    source, target = tokens()
    source[0, 5:] = 3
    order = torch.tensor([4, 1, 6, 0, 2, 5, 3])
    for positions in POSITIONS:
        net = make(positions)
        gap = (net(source[:, order], target) - net(source, target)).abs().max()
        assert (gap < 1e-10) == (positions == "none"), positions


@pytest.mark.parametrize("norm_first", [False, True])
def test_the_whole_equals_nn_transformer(norm_first):
    """The blocks in their order, given nn.Transformer's weights, and its final norms."""
    net = make("sinusoid", norm_first=norm_first)
    theirs = nn.Transformer(
        C, HEADS, 2, 2, 4 * C, dropout=0, norm_first=norm_first, batch_first=True
    ).eval()
    if not norm_first:  # the paper has no norm after the last block
        theirs.encoder.norm = theirs.decoder.norm = None
    theirs.encoder.load_state_dict(net.encoder.state_dict())
    theirs.decoder.load_state_dict(net.decoder.state_dict())
    source, target = tokens()
    out = theirs(
        net.source(source),
        net.target(target),
        tgt_mask=~causal_mask(T),
        src_key_padding_mask=source == 0,
        memory_key_padding_mask=source == 0,
    )
    assert_close(net(source, target), out @ net.target.weight.T)


def test_base_model_of_the_paper_has_its_65_million_parameters():
    with torch.device("meta"):
        net = Transformer(37_000, 37_000, d_model=512, heads=8, layers=6, norm_first=False)
    shared = 37_000 * 512  # the paper shares the source's embedding too
    count = sum(p.numel() for p in net.parameters()) - shared
    assert 62e6 < count < 66e6


def test_what_cannot_be():
    source, target = tokens()
    with pytest.raises(ValueError, match="longest"):
        make("learnt", longest=6)(source, target)
    with pytest.raises(ValueError, match="positions must be one of"):
        make("absolute")
    with pytest.raises(ValueError, match="multiple of heads"):
        make(heads=5)
