"""What an answer is given: copies, and whether it left them as they were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zlib import crc32

import torch
from torch import Generator, Tensor, nn

from checks import watch
from checks.values import alike

# what usually changes the marks that begin so
LEFT = {
    "graph": "an operation in place (+=, a name ending in _): clone() first",
    "part": "a net's parts may differ in their mode, and train() and eval() change all of them: put back "
    "to each its own",
    "the": "leave the modules in the mode in which they are, or put it back: "
    "net.train(was_training), or to each its own",
    "settings": "an attribute of a layer (p, eps, stride, ...) that was set and not put back",
    "hooks": "remove a hook when it has done its work: handle.remove()",
    "forward": "a forward that is set on a module stays there: del module.forward",
    "optimiser": "a setting of the optimiser (lr, maximize, ...) that was set and not put back",
    "requires_grad": "requires_grad_() or a freeze that is not undone",
    "in place": "an operation in place (+=, a name ending in _) with what requires a gradient, or "
    "requires_grad_(): clone() first",
    "dtype": "double(), half() and to(...) change a module for good: work on a copy of it",
}


class Notes(list):
    """What a net of a test's notes of its calls: copies of the net note theirs in the same list."""

    def __deepcopy__(self, memo: dict) -> Notes:
        return self


def unforeseen() -> Generator:
    """Draws what no answer can know: by the text of the test, whose hidden lines students lack."""
    return Generator().manual_seed(crc32(watch.TEST[0].encode()))


def near_one(*shape: int) -> Tensor:
    """Factors that no message shows: by them, what a test's net computes is its own."""
    return 1 + 1e-6 * (1 + torch.rand(shape, generator=unforeseen(), dtype=torch.float64))


def copied(value: Any) -> Any:
    """A copy of a tensor, or of a list, tuple or dict with all in it; anything else as it is."""
    if isinstance(value, Tensor) and not isinstance(value, nn.Parameter):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if type(value) is dict:
        return {key: copied(one) for key, one in value.items()}
    return type(value)(map(copied, value)) if type(value) in (list, tuple) else value


def unchanged(value: Any, before: Any) -> bool:
    if isinstance(before, Tensor):
        return isinstance(value, Tensor) and value.dtype == before.dtype and alike(value, before, 0)
    if type(before) in (list, tuple, dict) and type(value) is not type(before):
        return False
    if type(before) in (list, tuple):
        return len(value) == len(before) and all(map(unchanged, value, before))
    if type(before) is dict:
        return list(value) == list(before) and all(unchanged(value[k], before[k]) for k in before)
    return value is before


def parts_of(value: Any) -> Any:
    """Its lists and dicts anew, with the very things that they hold."""
    if isinstance(value, dict):
        return {key: parts_of(one) for key, one in value.items()}
    return [parts_of(one) for one in value] if isinstance(value, list | tuple) else value


def list_changed(value: Any, held: Any) -> bool:
    """Of what was changed: is it the list, or the dict, not a tensor in it? held: its parts before."""
    if isinstance(held, list | dict) and not isinstance(value, list | tuple | dict):
        return True
    if isinstance(held, dict):
        return list(value) != list(held) or any(list_changed(value[k], held[k]) for k in held)
    if isinstance(held, list):
        return len(value) != len(held) or any(map(list_changed, value, held))
    return value is not held


def _hooks(module: nn.Module) -> list[dict]:
    parts = vars(module)
    return [there for name, there in parts.items() if name.endswith("_hooks") and there]


def hooks_of(module: nn.Module) -> list:
    """What runs when the module does, besides its forward."""
    return [each for there in _hooks(module) for each in there]


def settings_of(module: nn.Module) -> dict[str, Any]:
    """The plain numbers and words among the attributes of torch's own: p, eps, stride, ..."""
    plain = (bool, int, float, str, tuple) * type(module).__module__.startswith("torch.nn.")
    return {k: v for k, v in vars(module).items() if type(v) in plain and k != "training"}


def left(name: str, now: dict[str, Any]) -> str:
    """What usually changes the mark of that name; now: all marks as they have become."""
    net, _, part = name.partition(", part ")
    modes = (mode for each, mode in now.items() if each.startswith(net))
    if part and net.startswith("the mode") and len(set(modes)) == 1:
        return LEFT["part"]
    if name.startswith("requires_grad") and "," not in name and now[name]:
        return LEFT["in place"]  # where answers run in another process, no graph is seen to change
    return LEFT[name.split()[0]]


def _part(number: int, name: str) -> str:
    return f"argument {number}, the net" + f", part {name}" * bool(name)


def marks_of(given: Iterable[Any]) -> dict[str, Any]:
    """Mode, settings and hooks of modules, requires_grad and dtype of their tensors, and of others."""
    found = {}
    for number, value in enumerate(given, 1):
        if isinstance(value, nn.Module):
            for name, module in value.named_modules():
                found[f"the mode of {_part(number, name)}"] = module.training
                part = _part(number, name)
                found[f"hooks of {part}"] = hooks_of(module)
                found[f"forward of {part}"] = "forward" in vars(module)
                found[f"settings of {part}"] = settings_of(module)
            for name, p in value.named_parameters():
                found[f"requires_grad of argument {number}, {name}"] = p.requires_grad
                found[f"dtype of argument {number}, {name}"] = p.dtype
        elif isinstance(value, torch.optim.Optimizer):
            groups = [{k: v for k, v in g.items() if k != "params"} for g in value.param_groups]
            found[f"optimiser settings of argument {number}"] = groups
        elif isinstance(value, Tensor):
            found[f"graph of argument {number}"] = value.grad_fn is None  # some, after +=
            found[f"requires_grad of argument {number}"] = value.requires_grad
    return found


def put_back(given: Iterable[Any], marks: dict[str, Any]) -> None:
    for number, value in enumerate(given, 1):
        if isinstance(value, nn.Module):
            for name, module in value.named_modules():
                part = _part(number, name)
                module.training = marks.get(f"the mode of {part}", module.training)
                kept = marks.get(f"hooks of {part}", ())
                if not marks.get(f"forward of {part}"):
                    vars(module).pop("forward", None)
                for there in _hooks(module):
                    for each in set(there) - set(kept):
                        del there[each]
            for name, p in value.named_parameters():
                key = f"requires_grad of argument {number}, {name}"
                p.requires_grad_(marks.get(key, p.requires_grad))
