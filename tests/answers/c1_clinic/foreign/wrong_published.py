# says: has no attribute 'astype'
import numpy as np


def classify(net, images, labels):
    x = images.astype("float32")
    x = (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True)
    x = x.transpose(0, 3, 1, 2)
    z = net.predict(x)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return p, (p.argmax(axis=1) == labels).astype("float32").mean().numpy()
