def leaky_backward(x, h0, direct, W_ih, W_hh, b, alpha):
    states, gates, h = [], [], h0
    for x_t in x.unbind(1):
        s = torch.sigmoid(2 * (F.linear(x_t, W_ih, b) + F.linear(h, W_hh)))
        states.append(h)
        gates.append(4 * s * (1 - s))  # the derivative of tanh(z) = 2 sigmoid(2 z) - 1
        h = (1 - alpha) * h + alpha * (2 * s - 1)
    later, gradient = 0, 0
    for own, slope, before in list(zip(direct.unbind(1), gates, states, strict=False))[::-1]:
        whole = own + later
        dz = alpha * whole * slope
        gradient = gradient + dz.mT @ before
        later = (1 - alpha) * whole + dz.mm(W_hh)
    return [gradient, later]
