# says: graph is cut
from scipy.ndimage import maximum_filter


def max_pool(x, K: int, S: int):
    y = maximum_filter(x.detach().numpy(), (1, 1, K, K), origin=(0, 0, -(K // 2), -(K // 2)))
    y = y[:, :, : x.shape[2] - K + 1 : S, : x.shape[3] - K + 1 : S]
    return torch.from_numpy(y.copy())
