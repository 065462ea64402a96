# says: evaluation mode
def logits_without(net, stage, k, x):
    blocks = getattr(net, stage)
    if stage != "layer1" and k == 0:
        raise ValueError
    block, blocks[k] = blocks[k], nn.Identity()
    try:
        with torch.no_grad():
            return net(x)
    finally:
        blocks[k] = block
