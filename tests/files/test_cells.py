"""Whatever a name holds, CSV gives it back, and no reader stumbles over it."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from drumsort.files import cells

BYTES = st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF)  # of names that are no UTF-8
NAMES = st.text(
    st.characters(exclude_categories=["Cs"]) | BYTES | st.sampled_from("\r\n\",;'=\\x9")
)


@given(st.lists(NAMES.filter(lambda name: "\0" not in name), min_size=2, max_size=4))
@example(["kick\r.wav", "a\r\nb\n"])
@example(["=1+1.wav", "'=1+1.wav"])
@example(["caf\udce8", "caf\\xe8"])
def test_every_name_comes_back(names):
    text = cells.line(names)
    text.encode("utf-8", "strict")
    ((*read,),) = csv.reader(io.StringIO(text, newline=""))
    assert [cells.meant(cell) for cell in read] == names
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in read)


def test_a_line_is_as_it_ever_was():
    assert cells.line(["a b", 0.5, None, "x,y", 'the "big" one']) == (
        'a b,0.5,,"x,y","the ""big"" one"\n'
    )
