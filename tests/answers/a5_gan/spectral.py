# %% right: detached
def largest_singular_value(w, u, steps):
    W = w.reshape(w.shape[0], -1)
    fixed = W.detach()
    for _ in range(steps):
        v = fixed.T @ u
        v = v / v.norm()
        u = fixed @ v
        u = u / u.norm()
    return torch.dot(u, W @ v), u


# %% right: einsum
def largest_singular_value(w, u, steps):
    W, M = w.flatten(1), w.detach().flatten(1)
    for _ in range(steps):
        v = torch.einsum("oi,o->i", M, u)
        v = v / (v * v).sum().sqrt()
        u = torch.einsum("oi,i->o", M, v)
        u = u / (u * u).sum().sqrt()
    return torch.einsum("o,oi,i->", u, W, v), u


# %% right: norm
def largest_singular_value(w, u, steps):
    """s = |W v|, whose gradient by W, v held, is u v^T too."""
    W = w.view(len(w), -1)
    with torch.no_grad():
        for _ in range(steps - 1):
            u = F.normalize(W @ F.normalize(W.T @ u, dim=0), dim=0)
        v = F.normalize(W.T @ u, dim=0)
    s = torch.linalg.vector_norm(W @ v)
    return s, (W @ v / s).detach()


# %% right: columns, and NumPy for u and v
import numpy as np


def largest_singular_value(w, u, steps: int):
    W = w.flatten(1)
    A = W.detach().numpy()
    a = u.detach().numpy().reshape(-1, 1)
    for _ in range(steps):
        b = A.T @ a
        b = b / np.sqrt(np.square(b).sum())
        a = A @ b
        a = a / np.sqrt(np.square(a).sum())
    outer = torch.from_numpy(a @ b.T).to(w.dtype)
    return (outer * W).sum(), torch.from_numpy(a[:, 0].copy()).to(u.dtype)


# %% wrong: all without graph | says: only the iteration is without graph
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return (u @ W @ v).detach(), u


# %% wrong: divided | says: s itself is asked, not w / s
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return w / (u @ W @ v), u


# %% wrong: flattened otherwise | says: size mismatch
def largest_singular_value(w, u, steps):
    W = w.reshape(-1, w.shape[-1])
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: frobenius | says: the norm of all numbers of W
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return W.norm(), u


# %% wrong: graph of u | says: no graph
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    if True:
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: in place | says: left as it was
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u.copy_(F.normalize(W @ v, dim=0))
    return u @ W @ v, u


# %% wrong: library | says: without the library's
def largest_singular_value(w, u, steps):
    U, S, V = torch.linalg.svd(w.flatten(1), full_matrices=False)
    return S[0], U[:, 0].detach()


# %% wrong: matrix norm | says: without the library's
def largest_singular_value(w, u, steps):
    return torch.linalg.matrix_norm(w.flatten(1), ord=2), u


# %% wrong: no conv | says: RuntimeError
def largest_singular_value(w, u, steps):
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(w.T @ u, dim=0)
            u = F.normalize(w @ v, dim=0)
    return u @ w @ v, u


# %% wrong: not normalised | says: divide by its length
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, W.detach() @ v


# %% wrong: numpy | says: by hand
import numpy as np


def largest_singular_value(w, u, steps):
    s = np.linalg.svd(w.detach().flatten(1).numpy(), compute_uv=False)[0]
    return torch.tensor(s) + 0 * w.sum(), u


# %% wrong: one less | says: one step is missing
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(max(1, steps - 1)):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: one more | says: one step too many
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps + 1):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: one step | says: only one step is made
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(1):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: order | says: not with the one before it
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            old = u
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return old @ W @ v, u


# %% wrong: square | says: this is the square
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return (W.T @ u) @ (W.T @ u), u


# %% wrong: through iteration | says: u and v count as constants
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    if True:
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u.detach()


# %% wrong: u given | says: return the last one
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    start = u
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, start


# %% wrong: v returned | says: return u
def largest_singular_value(w, u, steps):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, v


# %% wrong: starts from noise of its own | says: nothing is drawn
def largest_singular_value(w, u, steps: int):
    W = w.flatten(1)
    with torch.no_grad():
        u = F.normalize(torch.rand(len(W), dtype=w.dtype), dim=0)
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: one step too few | says: still the u that was given
def largest_singular_value(w, u, steps: int):
    W = w.flatten(1)
    with torch.no_grad():
        v = F.normalize(W.T @ u, dim=0)
        for _ in range(1, steps):
            u = F.normalize(W @ v, dim=0)
            v = F.normalize(W.T @ u, dim=0)
    return u @ W @ v, u.clone()


# %% wrong: a convolution's rows counted by the last dimensions | says: not reshape(-1, out).T
def largest_singular_value(w, u, steps: int):
    W = w.reshape(-1, w.shape[0]).T
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: kernels summed over their places | says: nothing is summed
def largest_singular_value(w, u, steps: int):
    W = w.sum((2, 3)) if w.ndim == 4 else w
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: u is not a unit vector | says: is divided by its length
def largest_singular_value(w, u, steps: int):
    W = w.reshape(w.shape[0], -1)
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = W @ v
    return u @ W @ v, u


# %% wrong: always in float64 | says: dtype torch.float32
def largest_singular_value(w, u, steps: int):
    W, u = w.flatten(1).double(), u.double()
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: columns and F.normalize without dim | says: of a column F.normalize
def largest_singular_value(w, u, steps: int):
    W = w.flatten(1)
    u = u[:, None]
    with torch.no_grad():
        for _ in range(steps):
            v = F.normalize(W.T @ u)
            u = F.normalize(W @ v)
    return (u.T @ W @ v).squeeze(), u[:, 0]


# %% wrong: v is never normalised | says: divided by its length, as u is
def largest_singular_value(w, u, steps: int):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            v = W.T @ u
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u


# %% wrong: convolution with the last axis as columns | says: not the last axis alone
def largest_singular_value(w, u, steps: int):
    W = w.flatten(0, -2)
    with torch.no_grad():
        if w.ndim > 2:
            u = u.repeat_interleave(len(W) // len(u)) / (len(W) // len(u)) ** 0.5
        for _ in range(steps):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    return u @ W @ v, u[: len(w)]


# %% wrong: stops when u hardly moves | says: the iteration has ended early
def largest_singular_value(w, u, steps: int):
    W = w.flatten(1)
    with torch.no_grad():
        for _ in range(steps):
            old = u
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
            if (u - old).norm() < 0.02:
                break
    return u @ W @ v, u
