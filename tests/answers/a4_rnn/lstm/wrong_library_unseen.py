# says: by hand
def lstm_step(x, h, c, W_ih, W_hh, b, order: str = "ifgo"):
    def sorted_rows(w):
        return torch.cat([w.chunk(4)[order.index(name)] for name in "ifgo"])

    with torch._C.DisableTorchFunction():  # past every mode of torch's functions
        weights = (sorted_rows(w) for w in (W_ih, W_hh, b))
        return torch.lstm_cell(x, (h, c), *weights, torch.zeros_like(b))
