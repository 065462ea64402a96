def lstm_step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    H = h.shape[1]
    z = F.linear(x, W_ih, b) + F.linear(h, W_hh)

    def block(name):
        k = order.index(name)
        return z[:, k * H : (k + 1) * H]

    new = block("f").sigmoid() * c + block("i").sigmoid() * block("g").tanh()
    return block("o").sigmoid() * new.tanh(), new
