def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    W, h, states = torch.cat([W_ih, W_hh], 1), h0, []
    for t in range(x.shape[1]):
        e = torch.exp(2 * (torch.cat([x[:, t], h], 1) @ W.t() + b_ih + b_hh))
        h = 1 - 2 / (e + 1)
        states.append(h.unsqueeze(1))
    return torch.cat(states, 1)
