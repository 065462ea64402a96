# says: Expected: [
def backward(y, inputs, zs, weights, slope):
    return [torch.zeros_like(W) for W in weights], [W.new_zeros(len(W)) for W in weights]
