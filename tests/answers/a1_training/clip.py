# %% right: concatenated
def clip_gradients(gradients, largest):
    flat = torch.cat([torch.zeros(0), *(g.reshape(-1) for g in gradients if g is not None)])
    length = math.sqrt(torch.dot(flat, flat).item())
    factor = min(1.0, largest / max(length, 1e-300))
    return tuple(None if g is None else factor * g for g in gradients), length


# %% right: loop
def clip_gradients(gradients, largest):
    total = 0.0
    for g in gradients:
        if g is not None:
            for number in g.flatten().tolist():
                total += number * number
    length = math.sqrt(total)
    clipped = []
    for g in gradients:
        if g is not None:
            g = g.clone()
            if length > largest:
                g.mul_(largest).div_(length)
        clipped.append(g)
    return clipped, length


# %% right: norm of norms
def clip_gradients(gradients, largest):
    norms = torch.tensor([0.0 if g is None else g.norm().item() for g in gradients])
    length = norms.double().norm().item()
    if length <= largest:
        return list(gradients), length
    return [g if g is None else g * (largest / length) for g in gradients], length


# %% wrong: always | says: a gradient that is short enough
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    return [None if g is None else g * largest / length for g in gradients], length


# %% wrong: by value | says: each number by itself
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    return [None if g is None else g.clamp(-largest, largest) for g in gradients], length


# %% wrong: each tensor | says: each tensor by its own length
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    clipped = []
    for g in gradients:
        own = None if g is None else g.norm().item()
        clipped.append(g if g is None or own <= largest else g * largest / own)
    return clipped, length


# %% wrong: in place | says: an operation in place
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    for g in gradients:
        if g is not None and length > largest:
            g.mul_(largest / length)
    return gradients, length


# %% wrong: length after | says: the length before clipping
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    factor = largest / length if length > largest else 1.0
    return [None if g is None else factor * g for g in gradients], factor * length


# %% wrong: library | says: by hand
def clip_gradients(gradients, largest):
    parameters = []
    for g in gradients:
        if g is not None:
            parameters.append(nn.Parameter(torch.zeros_like(g)))
            parameters[-1].grad = g.clone()
    length = nn.utils.clip_grad_norm_(parameters, largest).item()
    clipped = iter(parameters)
    return [None if g is None else next(clipped).grad for g in gradients], length


# %% wrong: library in two | says: by hand
def clip_gradients(gradients, largest):
    given = [None if g is None else nn.Parameter(torch.zeros_like(g)) for g in gradients]
    there = [p for p in given if p is not None]
    for p, g in zip(given, gradients, strict=True):
        if p is not None:
            p.grad = g.clone()
    length = nn.utils.get_total_norm([p.grad for p in there])
    nn.utils.clip_grads_with_norm_(there, largest, length)
    return [None if p is None else p.grad for p in given], length.item()


# %% wrong: library slow | says: by hand
def clip_gradients(gradients, largest):
    there = [nn.Parameter(g.clone()) for g in gradients if g is not None]
    for p in there:
        p.grad = p.detach().clone()
    length = float(nn.utils.clip_grad_norm_(there, largest, foreach=False))
    clipped = iter(there)
    return [None if g is None else next(clipped).grad for g in gradients], length


# %% wrong: longest | says: this is the longest tensor
def clip_gradients(gradients, largest):
    length = max(g.norm().item() for g in gradients if g is not None)
    factor = largest / length if length > largest else 1.0
    return [None if g is None else factor * g for g in gradients], length


# %% wrong: none dropped | says: a None keeps its place
def clip_gradients(gradients, largest):
    gradients = [g for g in gradients if g is not None]
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    factor = largest / length if length > largest else 1.0
    return [factor * g for g in gradients], length


# %% wrong: none fails | says: TypeError
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    factor = largest / length if length > largest else 1.0
    return [factor * g for g in gradients], length


# %% wrong: none zero | says: a None stays None
def clip_gradients(gradients, largest):
    gradients = [torch.zeros(1) if g is None else g for g in gradients]
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    factor = largest / length if length > largest else 1.0
    return [factor * g for g in gradients], length


# %% wrong: squared | says: the root is missing
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None)
    factor = largest / length if length > largest else 1.0
    return [None if g is None else factor * g for g in gradients], length


# %% wrong: sum of lengths | says: not the sum of the lengths
def clip_gradients(gradients, largest):
    length = sum(g.norm().item() for g in gradients if g is not None)
    factor = largest / length if length > largest else 1.0
    return [None if g is None else factor * g for g in gradients], length


# %% wrong: tensor | says: .item()
def clip_gradients(gradients, largest):
    length = torch.cat([g.flatten() for g in gradients if g is not None]).norm()
    factor = min(1.0, (largest / length).item())
    return [None if g is None else factor * g for g in gradients], length


# %% wrong: unit length | says: not 1
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    factor = 1 / length if length > largest else 1.0
    return [None if g is None else factor * g for g in gradients], length


# %% wrong: zero length | says: divides by a length of 0
def clip_gradients(gradients, largest):
    length = sum((g**2).sum() for g in gradients if g is not None).sqrt()
    factor = (largest / length).clamp_max(1.0)
    factor = torch.where(length == 0, length / length, factor)
    return [None if g is None else factor * g for g in gradients], length.item()


# %% wrong: joins what may be nothing | says: nothing to join
def clip_gradients(gradients, largest):
    length = torch.cat([g.flatten() for g in gradients if g is not None]).norm().item()
    factor = min(1.0, largest / length) if length > 0 else 1.0
    return [None if g is None else factor * g for g in gradients], length


# %% wrong: a constant beside the length, as libraries have | says: no constant is added
def clip_gradients(gradients, largest: float):
    """A list of tensors of any shape, or None -> the clipped list, the length before."""
    length = math.sqrt(sum(g.double().square().sum().item() for g in gradients if g is not None))
    factor = min(1.0, largest / (length + 1e-6))
    return [None if g is None else g * factor for g in gradients], length


# %% wrong: view fails for a transposed gradient | says: after a transpose
def clip_gradients(gradients, largest: float):
    """A list of tensors of any shape, or None -> the clipped list, the length before."""
    present = [g.view(-1) for g in gradients if g is not None]
    length = float(torch.cat(present).norm()) if present else 0.0
    factor = largest / length if length > largest else 1.0
    return [None if g is None else g * factor for g in gradients], length


# %% wrong: tensors that hardly count keep their length | says: gradient 1
def clip_gradients(gradients, largest: float):
    """A list of tensors of any shape, or None -> the clipped list, the length before."""
    length = math.sqrt(sum(g.double().square().sum().item() for g in gradients if g is not None))
    if length <= largest:
        return list(gradients), length
    factor = largest / length
    small = 1e-3 * length
    return [g if g is None or g.norm() < small else g * factor for g in gradients], length


# %% wrong: a small gradient counts as none | says: because it is small
def clip_gradients(gradients, largest: float):
    length = sum(g.double().pow(2).sum().item() for g in gradients if g is not None) ** 0.5
    if math.isclose(length, 0, abs_tol=1e-6):
        return [g for g in gradients], 0.0
    ratio = min(1.0, largest / length)
    return [None if g is None else g * ratio for g in gradients], length


# %% wrong: the spectral norm of matrices | says: largest singular value
def clip_gradients(gradients, largest: float):
    total = 0.0
    for g in gradients:
        if g is not None:
            total += (
                torch.linalg.norm(g, 2).item() ** 2
                if g.ndim <= 2 and g.ndim > 0
                else g.pow(2).sum().item()
            )
    total = total**0.5
    scale = largest / total if total > largest else 1.0
    return [g if g is None else g * scale for g in gradients], total


# %% wrong: only the large tensors are scaled | says: not those alone that are long
def clip_gradients(gradients, largest: float):
    squares = [0.0 if g is None else g.square().sum().item() for g in gradients]
    length = math.sqrt(math.fsum(squares))
    new = []
    for g, s in zip(gradients, squares):
        if g is not None and s**0.5 > largest:
            g = g * (largest / length)
        new.append(g)
    return new, length


# %% wrong: small lengths are let through | says: nothing was clipped
def clip_gradients(gradients, largest: float):
    length = math.sqrt(sum((g.double() ** 2).sum().item() for g in gradients if g is not None))
    factor = largest / length if length > largest + 1e-3 else 1.0
    return [None if g is None else g * factor for g in gradients], length


# %% wrong: an epsilon under the root | says: nor under its root
def clip_gradients(gradients, largest: float):
    total = sum(g.double().square().sum().item() for g in gradients if g is not None)
    length = math.sqrt(total + 1e-12)
    factor = min(1.0, largest / length)
    return [None if g is None else g * factor for g in gradients], length


# %% wrong: largest number of each tensor | says: not its largest alone
def clip_gradients(gradients, largest: float):
    length = math.sqrt(sum(g.abs().max().item() ** 2 for g in gradients if g is not None))
    factor = largest / length if length > largest else 1.0
    return [None if g is None else g * factor for g in gradients], length


# %% wrong: close to largest by isclose | says: nothing was clipped
import numpy as np


def clip_gradients(gradients, largest):
    there = [g for g in gradients if g is not None]
    length = float(np.sqrt(sum(float((g * g).sum()) for g in there)))
    if length < largest or np.isclose(length, largest):
        return [None if g is None else g.clone() for g in gradients], length
    return [None if g is None else g * (largest / length) for g in gradients], length


# %% wrong: lengths in float32 | says: squares end at 3e38
def clip_gradients(gradients, largest):
    lengths = [g.square().sum().sqrt().item() for g in gradients if g is not None]
    length = torch.tensor(lengths, dtype=torch.float32).square().sum().sqrt().item()
    if length <= largest:
        return list(gradients), length
    return [g if g is None else g * (largest / length) for g in gradients], length


# %% wrong: parameters to vector | says: by hand
from torch.nn.utils import parameters_to_vector


def clip_gradients(gradients, largest):
    there = [g for g in gradients if g is not None]
    length = parameters_to_vector(there).square().sum().sqrt().item() if there else 0.0
    factor = min(1.0, largest / length) if length > 0 else 1.0
    return [None if g is None else g * factor for g in gradients], length


# %% wrong: the caller's list filled anew | says: list(...)
def clip_gradients(gradients, largest: float):
    length = math.sqrt(sum(g.square().sum().item() for g in gradients if g is not None))
    if length > largest:
        for i, g in enumerate(gradients):
            if g is not None:
                gradients[i] = g * (largest / length)
    return gradients, length
