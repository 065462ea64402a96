"""Values of other kinds than tensors arrive as what they are; objects are compared with their like."""

import copy
import datetime  # noqa: F401  (in PLAIN)
import enum
import io
from array import array  # noqa: F401  (in PLAIN)
from collections import deque
from pathlib import Path  # noqa: F401
from types import SimpleNamespace  # noqa: F401
from uuid import UUID  # noqa: F401

import numpy as np
import pytest
from test_apart_kinds import several

PLAIN = """np.array(["a", "bc"]); np.array([b"a"]); np.str_("bc"); np.str_(""); np.timedelta64(3, "D")
np.array(["2026-01"], "M8[M]"); np.array([(1, [2.5, 3])], [("a", "i4"), ("b", "f8", (2,))])
np.zeros((0, 3)); datetime.date(2026, 1, 2); datetime.time(12, 30); datetime.timedelta(-1, 5, 7)
datetime.datetime(2026, 1, 1, 12, 0, 0, 5); datetime.timezone.utc
datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
deque([1, [2]], 3); deque(); Path("a/b.txt"); UUID(int=5); np.matrix([[1, 2], [3, 4]]); SimpleNamespace(a=1, b=[2]); array("i", [1, 2]); array("d"); bytearray(b"ab"); bytearray()"""


@pytest.mark.parametrize("source", PLAIN.replace("\n", "; ").split("; "))
def test_texts_times_and_arrays_of_them_arrive(answers, source):
    f = answers(
        "import datetime, numpy as np\nfrom array import array\nfrom collections import deque\n"
        "from pathlib import Path\nfrom types import SimpleNamespace\nfrom uuid import UUID\n"
        f"def f(x, kind): return {source}, type(x) is type({source}), isinstance(x, kind)"
    )
    want = eval(source)
    came, same, of_it = f(want, type(want))
    assert type(came) is type(want) and same is of_it is True
    if isinstance(want, np.ndarray):
        assert came.dtype == want.dtype and came.shape == want.shape and (came == want).all()
    else:
        assert came == want and getattr(came, "maxlen", None) == getattr(want, "maxlen", None)


def test_a_queue_and_bytes_are_changed_in_place(answers):
    f, queue, data = (
        answers("def f(q, b): q.appendleft(0); b += b'x'"),
        deque([1, 2]),
        bytearray(b"a"),
    )
    f(queue, data)
    assert list(queue) == [0, 1, 2] and data == b"ax"


def test_members_of_flags_and_of_texts_arrive(answers):
    both, none, name, more = answers("""
        import enum
        class P(enum.IntFlag):
            R, W = 4, 2
        class S(enum.StrEnum):
            A = "a"
        class T(enum.IntFlag):
            R = 4
            def words(self): return "read"
        f = P.R | P.W, P(0), S.A, T.R
    """)
    assert int(both) == both == 6 and both & 4 and both + 1 == 7 and isinstance(both, enum.IntFlag)
    assert none == 0 and not none and name == "a" and name.upper() == "A"
    assert more.words() == "read"


def test_objects_of_answers_are_added_and_compared_with_each_other_only(answers):
    V, W, seen = several(
        answers,
        "seen = []\n"
        "class V:\n"
        "    def __init__(self, x): self.x = x\n"
        "    def __add__(self, o): seen.append(o); return V(self.x + o.x)\n"
        "    def __rsub__(self, o): seen.append(o); return V(o.x - self.x)\n"
        "    def __eq__(self, o): seen.append(o); return self.x == o.x\n"
        "    def __lt__(self, o): return self.x < o.x\n"
        "    def __neg__(self): return V(-self.x)\n"
        "    def __hash__(self): return hash(self.x)\n"
        "class W(V): pass\n"
        "def count(): return len(seen)",
        "V W count",
    )
    assert (V(5) - W(3)).x == 2
    assert (V(1) + V(2)).x == 3 and V(1) == V(1) and V(1) != V(2) and -V(1) == V(-1)
    assert [v.x for v in sorted([V(2), V(1)])] == [1, 2] and V(3) in [V(3)]
    assert len({V(1), V(1), V(2)}) == 2
    before = seen()
    assert V(1) != 1 and 1 != V(1) and V(1) not in [1, "x"]
    for wrong in (lambda: V(1) + 1, lambda: 1 - V(1), lambda: np.ones(1) + V(1), lambda: V(1) < 2):
        with pytest.raises(TypeError):
            wrong()
    assert seen() == before  # no value of the test's was shown to it


def test_a_name_that_a_call_binds_anew_is_new_in_the_test(answers):
    names, peer = {}, answers.peer
    answers(
        "import torch\n"
        "total, w = 0, torch.zeros(2)\n"
        "def f(x):\n"
        "    global total, w, fresh, odd\n"
        "    total, w, fresh = total + x, w + x, [x]\n"
        "    if x < 0: raise ValueError\n"
        "def g():\n"
        "    global total\n"
        "    total = ()\n"
        "    for _ in range(99): total = (total,)"
    )
    f, g, names["total"], _ = (peer.fetch(name) for name in ("f", "g", "total", "w"))
    peer.fetch("fresh")
    peer.rebind = names.update
    try:
        f(3)
        assert names["total"] == 3 and names["w"].tolist() == [3, 3] and names["fresh"] == [3]
        with pytest.raises(ValueError):
            f(-4)
        assert names["total"] == -1
        assert g() is None and names["total"] == -1  # what cannot be handed over stays behind
    finally:
        peer.rebind = None


def test_heirs_of_plain_data_are_compared_by_these(answers):
    bag, items, n, text, pair, level, odd = answers("""
        import enum
        from typing import NamedTuple
        class Bag(dict):
            def total(self): return sum(self.values())
        class Items(list): pass
        class N(int): pass
        class Text(str): pass
        class Pair(NamedTuple):
            a: int
            b: int
            def total(self): return self.a + self.b
        class Level(enum.IntEnum):
            low, high = 1, 2
            def next(self): return Level.high
        class Odd(float):
            def __eq__(self, o): return True
            def __sub__(self, o): return 0.0
        f = Bag(a=1), Items([3]), N(3), Text("ab"), Pair(1, 2), Level.low, Odd(1)
    """)
    assert bag == {"a": 1} and {"a": 1} == bag and bag != {} and bag.total() == 1
    assert items == [3] and items + [4] == [3, 4] and items < [4]
    assert n == 3 and n + 1 == 4 and 1 - n == -2 and int(n) == 3 and "abcd"[n] == "d" and n in [3]
    assert text == "ab" and text + "c" == "abc" and {"ab": 1}[text] == 1
    assert isinstance(pair, tuple) and pair == (1, 2) and (pair.b, pair.total()) == (2, 3)
    assert level == 1 and level.next() > 1
    assert odd != 5 and 1 != odd and float(odd) == 1
    for wrong in (lambda: odd - 1, lambda: odd < 2):
        with pytest.raises(TypeError):
            wrong()


@pytest.mark.parametrize("head", ["NamedTuple", "namedtuple('Pair', 'a b')"])
def test_a_named_tuple_with_methods_is_the_tuple_that_it_is(answers, head):
    """What it does is done there."""
    pair, kind, f = answers(f"""
        from collections import namedtuple
        from typing import NamedTuple
        class Pair({head}):
            a: int
            b: int
            def total(self): return self.a + self.b
            @property
            def first(self): return [self.a]
        def g(pair): return type(pair) is Pair and pair.total()
        f = Pair(1, [2]), Pair, g
    """)
    assert isinstance(pair, tuple) and pair == (1, [2]) and pair.b == pair[1] == [2]
    assert isinstance(pair, kind) and pair.first == [1] and type(pair).__name__ == "Pair"
    assert f(pair._replace(b=4)) == 5 and kind(3, 4) == (3, 4)
    with pytest.raises(TypeError):
        pair.total()
    with pytest.raises(AttributeError):
        pair.other()


def test_classes_of_plain_data_are_known_on_both_sides(answers):
    Point, Level, point, is_point, is_level = several(
        answers,
        "import enum\n"
        "from collections import namedtuple\n"
        "Point = namedtuple('Point', 'x y')\n"
        "class Level(enum.IntEnum):\n"
        "    low, high = 1, 2\n"
        "point = Point(1, 2)\n"
        "def is_point(one): return type(one) is Point\n"
        "def is_level(one): return type(one) is Level",
        "Point Level point is_point is_level",
    )
    assert isinstance(point, Point) and point == Point(1, 2) and is_point(Point(3, 4))
    assert [one.name for one in Level] == ["low", "high"] and is_level(Level.high)
    assert point.__class__ is Point and not is_point((1, 2))


def test_views_files_and_what_a_function_has_been_given(answers):
    keys, items, file, f, steps = answers("""
        import io
        def g(x):
            "Doubles it."
            g.calls += 1
            return 2 * x
        g.calls = 0
        class Steps:
            at = 0
            def __iter__(self): return self
            def __next__(self):
                self.at += 1
                if self.at > 2: raise StopIteration
                return self.at
            def back(self): self.at = 0
        d = {"a": 1}
        f = d.keys(), d.items(), io.StringIO("a\\nb"), g, Steps()
    """)
    assert keys == {"a"} and ("a", 1) in items
    assert [line.strip() for line in file] == ["a", "b"] and file.getvalue() == "a\nb"
    assert f(2) == 4 and f.calls == 1 and f.__doc__ == "Doubles it."
    f.calls = 10
    assert f(2) == 4 and f.calls == 11
    assert list(steps) == [1, 2] and steps.back() is None and next(steps) == 1
    written = io.StringIO()
    answers("def f(file): file.write('x')")(written)
    assert written.getvalue() == "x"


def test_an_object_is_copied_matched_and_left(answers):
    Node, noted = several(
        answers,
        "from contextlib import contextmanager\n"
        "class Node:\n"
        "    __match_args__ = ('v', 'next')\n"
        "    def __init__(self, v, next=None): self.v, self.next = v, next\n"
        "    def __format__(self, how): return f'{self.v:{how}}'\n"
        "@contextmanager\n"
        "def noted():\n"
        "    try: yield 1\n"
        "    except ValueError: pass",
        "Node noted",
    )
    one = Node(1, Node(2))
    other, deep = copy.copy(one), copy.deepcopy(one)
    deep.next.v = other.v = 7
    assert one.v == 1 and one.next.v == 2 and other.next is one.next and f"{one:.1f}" == "1.0"
    match one:
        case Node(1, Node(v)):
            assert v == 2
        case _:
            pytest.fail("it does not match")
    with noted():
        raise ValueError
    with pytest.raises(KeyError), noted():
        raise KeyError("k")


KEPT = """
import numpy as np, torch
class Box:
    names = ["a"]
    def __init__(self): self.xs, self.d, self.a, self.t = [1], {}, np.zeros(2), torch.zeros(2)
    def all(self): return self.xs, self.d, self.a.tolist(), self.t.tolist(), self.names
state = {"n": [1]}
"""


def test_what_a_test_changes_in_an_attribute_and_holds_no_longer_is_changed(answers):
    box, state = answers(KEPT, "Box")(), answers("", "state")
    box.xs.append([2])
    box.xs[-1].append(3)
    box.d["k"] = box.xs
    box.a[0] = 5
    box.t.fill_(3)
    type(box).names.append("b")
    assert box.all() == ([1, [2, 3]], {"k": [1, [2, 3]]}, [5, 0], [3, 3], ["a", "b"])
    assert box.d == {"k": [1, [2, 3]]} and box.d["k"] is box.xs
    state["n"].append(2)
    assert answers("", "state") == {"n": [1, 2]}
    before = len(answers.peer.table.known)
    for _ in range(50):  # nothing of it is held for ever
        box.all()
    assert len(answers.peer.table.known) < before + 10
