"""Formulas without a script: LaTeX to MathML, for feedback and for the course's pages alike."""

from latex2mathml.converter import convert


def to_mathml(latex: str, display: str) -> str:
    """LaTeX to MathML; ValueError for what the converter does not know."""
    try:
        made = convert(latex.strip(), display=display)
    except Exception as error:
        raise ValueError(f"this formula cannot be turned into MathML: {latex!r}") from error
    if "\\" in made:  # the converter passes an unknown command through as text
        raise ValueError(f"this formula cannot be turned into MathML, unknown command: {latex!r}")
    return made
