"""What a check of checks/ tells where an answer is wrong."""

import pytest

from checks.compare import Wrong


def message(check, *arguments, **named) -> str:
    """The message with which a check fails."""
    with pytest.raises(Wrong) as caught:
        check(*arguments, **named)
    return str(caught.value)
