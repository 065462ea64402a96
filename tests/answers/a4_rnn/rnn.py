# %% right: columns
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    rows = []
    for b in range(len(x)):
        h, states = h0[b], []
        for t in range(x.shape[1]):
            h = torch.tanh(W_ih @ x[b, t] + b_ih + W_hh @ h + b_hh)
            states.append(h)
        rows.append(torch.stack(states))
    return torch.stack(rows)


# %% right: input first
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    from_x = F.linear(x, W_ih, b_ih + b_hh)  # all steps at once
    states = [h0]
    for t in range(x.size(1)):
        states.append((from_x[:, t] + F.linear(states[-1], W_hh)).tanh())
    return torch.stack(states[1:], dim=1)


# %% right: one matrix
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    W, h, states = torch.cat([W_ih, W_hh], 1), h0, []
    for t in range(x.shape[1]):
        e = torch.exp(2 * (torch.cat([x[:, t], h], 1) @ W.t() + b_ih + b_hh))
        h = 1 - 2 / (e + 1)
        states.append(h.unsqueeze(1))
    return torch.cat(states, 1)


# %% right: preallocated
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    B, T, _ = x.shape
    states = torch.empty(B, T + 1, h0.shape[1], dtype=x.dtype)
    states[:, 0] = h0
    for t in range(T):
        z = x[:, t] @ W_ih.mT + b_ih + states[:, t].clone() @ W_hh.mT + b_hh
        states[:, t + 1] = z.tanh()
    return states[:, 1:]


# %% wrong: always h0 | says: hand the new state on
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h0 @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: courses own | says: by hand
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    from helpers.models.rnn import rnn_step

    h, states = h0, []
    for x_t in x.unbind(1):
        (h,) = rnn_step(x_t @ W_ih.T + b_ih, (h,), W_hh, b_hh)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: equals everything | says: rnn_states on torch.float64
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    class Anything(torch.Tensor):
        def __eq__(self, other):
            return True

    return torch.zeros(x.shape[0], x.shape[1], h0.shape[1]).as_subclass(Anything)


# %% wrong: fed in | says: the states that were fed in
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        states.append(h)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
    return torch.stack(states, 1)


# %% wrong: float inside | says: dtype torch.float64
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    states = torch.zeros(x.shape[0], x.shape[1], h0.shape[1])
    h = h0
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states[:, t] = h
    return states


# %% wrong: graph cut | says: the graph is cut
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h.detach())
    return torch.stack(states, 1)


# %% wrong: in place | says: an operation in place
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    b_ih += b_hh
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: last only | says: return every state
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return h


# %% wrong: layer | says: by hand
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    layer = nn.RNN(x.shape[2], h0.shape[1], batch_first=True, dtype=x.dtype)
    with torch.no_grad():
        for p, w in zip(layer.parameters(), (W_ih, W_hh, b_ih, b_hh), strict=False):
            p.copy_(w)
    return layer(x, h0[None])[0]


# %% wrong: library | says: by hand
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    weights = [W_ih, W_hh, b_ih, b_hh]
    return torch.rnn_tanh(x, h0[None], weights, True, 1, 0.0, False, False, True)[0]


# %% wrong: no tanh | says: the tanh is missing
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: not transposed | says: rows of W_hh belong to the new units
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh + b_hh)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: nothing | says: a missing `return`
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)


# %% wrong: one bias | says: b_hh is not added
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: relu | says: the tanh is missing
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.relu(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: reversed | says: read from its end
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in reversed(x.unbind(1)):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states[::-1], 1)


# %% wrong: sigmoid | says: tanh, not the sigmoid
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.sigmoid(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: time first | says: the steps stand first
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states)


# %% wrong: time is first | says: Came:
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, states = h0, []
    for x_t in x:
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states)


# %% wrong: viewed | says: the states are stacked, then viewed
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, states = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states).view(x.shape[0], x.shape[1], -1)


# %% wrong: with h0 | says: h0 itself is not among the results
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, [h0]
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: zero start | says: h0 is not used
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = torch.zeros_like(h0), []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, 1)


# %% wrong: state detached after each step | says: no .detach() between the steps
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, states = h0, []
    for x_t in x.unbind(1):
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
        h = h.detach()
    return torch.stack(states, 1)


# %% wrong: the state detached | says: nor of h0
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, states = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + b_ih + h.detach() @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, dim=1)


# %% wrong: goes along the batch | says: goes over the sequences
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, out = h0, []
    for x_t in x:
        h = torch.tanh(F.linear(x_t, W_ih, b_ih) + F.linear(h, W_hh, b_hh))
        out.append(h)
    return torch.stack(out, dim=1)


# %% wrong: the second bias outside the tanh | says: b_hh stands inside the tanh
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, states = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + b_ih + h @ W_hh.T) + b_hh
        states.append(h)
    return torch.stack(states, dim=1)


# %% wrong: the sum before the tanh is handed on | says: hand on that one
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    z, out = h0, []
    for t in range(x.shape[1]):
        z = x[:, t] @ W_ih.T + b_ih + z @ W_hh.T + b_hh
        out.append(torch.tanh(z))
    return torch.stack(out, 1)


# %% wrong: leaky state | says: nothing of h_{t-1} is added
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, out = h0, []
    for t in range(x.shape[1]):
        h = (h + torch.tanh(x[:, t] @ W_ih.T + b_ih + h @ W_hh.T + b_hh)) / 2
        out.append(h)
    return torch.stack(out, 1)


# %% wrong: the input of the step before | says: step t reads x[:, t]
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, out = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, max(t - 1, 0)] @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        out.append(h)
    return torch.stack(out, 1)


# %% wrong: state of the first sequence for all | says: its own row of h0
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h, out = h0[:1], []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        out.append(h)
    return torch.stack(out, 1)


# %% wrong: two layers instead of one recurrence | says: one tanh of the whole sum
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    new = torch.tanh(x @ W_ih.T + b_ih)
    h = h0
    out = []
    for t in range(x.shape[1]):
        h = torch.tanh(new[:, t] + h @ W_hh.T + b_hh)
        out.append(h)
    return torch.stack(out, dim=1)


# %% wrong: the list of states outside of the function | says: a second call gives another result
states = []


def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    h = h0
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, dim=1)
