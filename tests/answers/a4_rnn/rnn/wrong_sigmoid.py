# says: tanh, not the sigmoid
def rnn_states(x, h0, W_ih, W_hh, b_ih, b_hh):
    """x (B, T, D), h0 (B, H) -> every state h_1 ... h_T, (B, T, H)."""
    h, states = h0, []
    for x_t in x.unbind(1):  # (B, D)
        h = torch.sigmoid(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        states.append(h)
    return torch.stack(states, 1)
