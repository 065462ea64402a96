def generator_step(g, d, optimiser, z, loss):
    optimiser.zero_grad()
    a = d(g(z))
    one, zero = torch.ones_like(a), torch.zeros_like(a)
    if loss == "minimax":
        value = -F.binary_cross_entropy_with_logits(a, zero)
    else:
        value = F.binary_cross_entropy_with_logits(a, one)
    value.backward(inputs=list(g.parameters()))
    optimiser.step()
    return float(value)
