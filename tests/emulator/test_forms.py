"""English word forms."""

from __future__ import annotations

import pytest

from amts_tasks.emulator.engines.forms import forms


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("modifies", "modify"),
        ("stopped", "stop"),
        ("using", "use"),
        ("boxes", "box"),
        ("layers", "layer"),
        ("is", "is"),
    ],
)
def test_forms(word, form):
    assert form in list(forms(word))
