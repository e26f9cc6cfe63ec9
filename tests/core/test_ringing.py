"""Numbers that can be rung by a tap."""

import pytest

from core.templatetags.ringing import ringable


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("020 7946 0000", "02079460000"),
        ("Ward 7, +44 (0)20 7946-0000, ask for Ana", "+442079460000"),
        ("bleep 4411", None),
        ("", None),
        ("0123456", "0123456"),
    ],
)
def test_a_number_is_a_link(words, number):
    assert (f'href="tel:{number}"' in ringable(words)) == (number is not None)


def test_the_words_around_it_are_escaped():
    said = ringable("<b>020 7946 0000</b>")
    assert said.startswith("&lt;b&gt;<a ")
    assert said.endswith("</a>&lt;/b&gt;")
