"""helpers.show makes tables that read alike as HTML and as text."""

import pytest

from helpers import show


def test_a_table_in_words_and_in_html():
    made = show.table(["net", "error, %"], [["plain", "9.5"], ["a < b", 10]], "Mean of 3 seeds")
    assert repr(made) == "Mean of 3 seeds\nnet    error, %\nplain       9.5\na < b        10"
    html = made._repr_html_()
    assert "<caption>Mean of 3 seeds</caption>" in html and "a &lt; b" in html
    assert html.count("<tr>") == 3 and html.count('text-align: right">') == 3
    assert repr(show.table(["x"], [["1"]])) == "x\n1", "without a caption there is no empty line"


def test_a_row_that_does_not_fit_its_head_is_refused():
    with pytest.raises(ValueError, match="a row has 1 cells under a head of 2"):
        show.table(["a", "b"], [["1"]])
