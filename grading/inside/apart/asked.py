"""What one side does with an object because the other has asked for it."""

import copy
import operator

from IPython.core.async_helpers import get_asyncio_loop

from .operators import between, data


def call(target, args, named):
    return target(*args, **dict(named))


def method(target, name, args, named):
    return getattr(target, name)(*args, **dict(named))


def whole(target):
    """The result of a coroutine, or of what else can be awaited."""

    async def awaited():
        return await target

    return get_asyncio_loop().run_until_complete(awaited())


ASKED = {"call": call, "method": method, "get": getattr, "set": setattr, "next": next}
ASKED |= {
    "copy": copy.deepcopy,
    "shallow": copy.copy,
    "await": whole,
    "between": between,
    "data": data,
}
# of a class, which may have them of its metaclass or be generic
ASKED |= {"iter": iter, "len": len, "item": operator.getitem, "contains": operator.contains}
