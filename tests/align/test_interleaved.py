from __future__ import annotations

from amts_tasks.align.interleaved import METHOD, align_interleaved, unwoven
from amts_tasks.languages import default_profile
from amts_tasks.text import Kind

EN, VI = default_profile("en"), default_profile("vi")
TEXT = """<!-- ===================== Phần 1 ===================== -->

<!--
# Sampling
-->

# Lấy mẫu
:label:`sec_sampling`

<!--
We draw `n` balls. The mean is $\\bar{x}$.
-->

Ta lấy `n` quả bóng. Trung bình là $\\bar{x}$.

```python
draw(3)  # <!-- no comment -->
```

<!--
Two things follow.

* The first one.
-->

Có hai hệ quả.

* Hệ quả đầu tiên.
* Hệ quả do người dịch thêm.

## Những người thực hiện
"""


def test_the_source_is_taken_out_of_the_comments() -> None:
    woven = unwoven(TEXT, "a.md")
    assert woven.target.text == TEXT
    assert woven.source.text.startswith("# Sampling\n\n:label:`sec_sampling`\n\nWe draw `n` balls.")
    assert "draw(3)" in woven.source.text
    assert "Phần" not in woven.source.text
    assert "Lấy" not in woven.source.text


def test_beads_stay_in_their_chunks_and_cover_everything() -> None:
    woven = unwoven(TEXT)
    beads = align_interleaved(woven, EN, VI)
    said = {
        tuple(
            " ".join(document.blocks[i].text.strip() for i in side)
            for document, side in ((woven.source, bead.source), (woven.target, bead.target))
        )
        for bead in beads
    }
    assert ("# Sampling", "# Lấy mẫu") in said
    assert ("Two things follow.", "Có hai hệ quả.") in said
    assert ("* The first one.", "* Hệ quả đầu tiên.") in said
    assert ("", "## Những người thực hiện") in said
    assert {bead.method for bead in beads if bead.source and bead.target} == {METHOD}
    for document, side in ((woven.source, 0), (woven.target, 1)):
        covered = [index for bead in beads for index in (bead.source, bead.target)[side]]
        wanted = [b.index for b in document.blocks if b.kind not in {Kind.blank, Kind.comment}]
        assert sorted(covered) == wanted


def test_a_document_without_chunks_has_one_and_no_source() -> None:
    woven = unwoven("# A\n\nText.\n\n<!-- a note -->\n")
    assert len(unwoven("# A\n\nText.\n").chunks) == 1
    assert unwoven("").chunks == (((), ()),)
    assert woven.target.text.startswith("# A")
