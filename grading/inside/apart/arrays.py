"""Kinds of arrays: NumPy's, and those of the standard library."""

from array import array

import numpy

from .plain import described, plain_dtype
from .values import Kind


class Array(Kind):
    """A NumPy array of numbers, texts or times, or of fields of these."""

    types = (numpy.ndarray, numpy.matrix, numpy.recarray)

    def fits(self, table, value):
        if type(value) not in self.types:
            return False
        try:
            return bool(described(value.dtype))
        except (ValueError, RecursionError):
            return False

    def made(self, table, value):
        return self.types.index(type(value))

    def state(self, table, value):
        return [described(value.dtype), list(value.shape), table.blob(value.tobytes())]

    def make(self, table, name, made, tree):
        dtype, shape, at = tree
        fresh = numpy.frombuffer(table.blobs[at], plain_dtype(dtype)).reshape(shape).copy()
        return fresh.view(self.types[made])

    def fill(self, table, value, tree):
        fresh = self.make(table, "", self.types.index(type(value)), tree)
        if (value.shape, value.dtype) == (fresh.shape, fresh.dtype):
            if value.tobytes() != fresh.tobytes():
                value[...] = fresh
        else:
            raise ValueError("an array cannot change its shape")


class Buffer(Kind):
    """A bytearray, or an array of the standard library's."""

    def fits(self, table, value):
        return type(value) is bytearray or type(value) is array and value.typecode not in "uw"

    def made(self, table, value):
        return getattr(value, "typecode", "")

    def state(self, table, value):
        return table.blob(bytes(value))

    def make(self, table, name, made, tree):
        if made in "uw" and made:
            raise ValueError("an array of characters")
        return array(made) if made else bytearray()

    def fill(self, table, value, tree):
        fresh = table.blobs[tree]
        if bytes(value) != fresh:
            value[:] = array(value.typecode, fresh) if type(value) is array else fresh
