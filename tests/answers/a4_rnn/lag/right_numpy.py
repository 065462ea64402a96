import numpy as np

A = 0.9 * np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]])
B = np.array([[0.9, 3], [0, 0.8]])


def curve(W):
    return np.array([np.linalg.norm(np.linalg.matrix_power(W.T, k) @ [1, 0]) for k in range(200)])


lag = {
    "turn radius": float(abs(np.linalg.eigvals(A)).max()),
    "shear radius": float(abs(np.linalg.eigvals(B)).max()),
    "shear peak": float(curve(B).max()),
    "shear peak lag": int(curve(B).argmax()),
    "turn gone": int((curve(A) < 0.01).argmax()),
    "shear gone": int((curve(B) < 0.01).argmax()),
    "forget bias": float(-np.log(2**0.01 - 1)),
}
