"""Honest work that looks odd, and the numbers that tests show."""

import nbformat
from classroom import find

from hostile.case import WRONG, code, edited, picture, simple

simple("honest", code(), clean=True)
simple("honest_wrong", code(add=WRONG), clean=True, test_add=0, test_part=0.5)
simple(
    "honest_warning_on_stderr",
    code(
        add="import warnings, sys; warnings.warn('old'); print('x', file=sys.stderr); return a + b"
    ),
    clean=True,
)
simple(
    "honest_progress_bar",
    code(mean="from tqdm import tqdm; return sum(tqdm(x)) / len(x)"),
    clean=True,
)
simple(
    "honest_magics",
    code(
        add="""# magics
%matplotlib inline
found = !echo 5
if found == ["5"]:
    %time right = True
def add(a, b): return a + b if right else 0"""
    ),
    clean=True,
)
simple(
    "honest_import_left_in_a_cell_of_its_own",
    edited(
        lambda nb: nb.cells.insert(
            0, nbformat.v4.new_code_cell("import pdb\nfound = 'pdb' in dir()")
        ),
        add="return a + b if not found else 0",
    ),
    says="run without imports that no work needs: cell",
)
simple(
    "honest_own_sum",  # the student's own business
    code(
        mean="# own sum\nfrom numpy import sum\ndef mean(x): return float(sum(x)) / len(x)",
        half="return float(sum([[x, 0.0]])) / 2",
    ),
    clean=True,
)
simple(
    "honest_picture",
    edited(lambda nb: picture(nb, "image/png", "aGVsbG8=")),
    clean=True,
)
simple(
    "picture_that_is_not_there",
    edited(lambda nb: find(nb, "essay").update(source="![a](attachment:none.png)")),
    clean=True,
)
simple(
    "picture_that_is_a_script",
    edited(lambda nb: picture(nb, 'image/png" onerror="alert(1)', "x")),
    clean=True,
)
simple(
    "honest_plot",
    code(add="import matplotlib.pyplot as plt; plt.plot([1]); return a + b"),
    clean=True,
)
simple(
    "honest_threads",
    code(
        add="""import threading
    t = threading.Thread(target=print); t.start(); t.join(); return a + b"""
    ),
    clean=True,
)
simple(
    "honest_subprocess",
    code(
        add="""import subprocess, sys
    return int(subprocess.run([sys.executable, "-c", f"print({a} + {b})"], capture_output=True).stdout)"""
    ),
    clean=True,
)
simple(
    "honest_files",
    code(add="open('a.txt', 'w').write(str(a + b)); return int(open('a.txt').read())"),
    clean=True,
)
simple(
    "honest_widget_and_display",
    code(
        add="""from IPython.display import display, HTML, clear_output
    display(HTML('<b>x</b>')); clear_output(); return a + b"""
    ),
    clean=True,
)
simple(
    "honest_magics",
    edited(lambda nb: nb.cells.insert(0, nbformat.v4.new_code_cell("%matplotlib inline\n!true"))),
    clean=True,
)


for _name, _value, _mark in [
    ("nan", "float('nan')", 0),
    ("infinity", "float('inf')", 0),
    ("minus", "-1.0", 0),
    ("too_much", "7", 0),
    ("text", "'full marks'", 0),
    ("number_as_text", "'1.0'", 0),
    ("true", "True", 0),
    ("list", "[1.0]", 0),
    ("complex", "1j", 0),
]:
    simple(
        f"score_{_name}",
        code(half=f"return {_value}"),
        says="not a number from 0 to 1",
        test_value=_mark,
    )
simple("score_numpy", code(half="import numpy as np; return np.float64(1.0)"), clean=True)
simple("score_tensor", code(half="import torch; return torch.tensor(1.)"), clean=True)
simple("score_quarter", code(half="return 0.25"), clean=True, test_value=0.25)
SHOW = "import sys; sys.displayhook(2.0); "
simple(
    "score_shown_before_failing",
    code(add=SHOW + WRONG),
    clean=True,
    test_add=0,
    test_part=0.5,
)
simple("score_shown_besides", code(add=SHOW + "return a + b"), clean=True)
simple(
    "score_shown_first",
    code(half="import sys; sys.displayhook(1.0); return 0.5"),
    clean=True,
    test_value=0.5,
)
