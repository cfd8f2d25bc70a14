"""What did not change on either side is not aligned again, and nothing comes of it but time."""

from __future__ import annotations

from typing import Any

Small = Any


def beads(small: Small) -> bytes:
    keys = [key for key in small.storage.list(f"{small.name}/en-zh/") if key.endswith("/align/beads.jsonl.gz")]
    newest = max(keys, key=lambda key: small.s3.head_object(Bucket=small.name, Key=key)["LastModified"])
    return bytes(small.storage.get(newest))


def told(small: Small) -> str:
    (line,) = [line for line in small.said if " anew): " in line]
    return str(line)


def test_only_what_changed_is_aligned_again(small: Small) -> None:
    small.run()
    assert "aligned 4 documents (4 anew)" in told(small)
    small.revise()
    small.run()
    # Bases and translation are as they were: only the new source differs.
    assert "(0 anew)" in told(small)
    small.merge("amts/en-zh/urn")
    small.revise("index.md", "small book", "short book")
    small.run()
    assert "aligned 4 documents (1 anew)" in told(small)


def test_what_was_kept_gives_the_very_beads_that_are_found_anew(small: Small) -> None:
    small.run()
    small.revise()
    small.run()
    small.run(force=True)
    first = beads(small)
    small.s3.delete_object(Bucket=small.name, Key=f"{small.name}/en-zh/aligned.jsonl.gz")
    small.run(force=True)
    assert "(0 anew)" not in told(small)
    assert beads(small) == first


def test_another_profile_aligns_anew(small: Small, tmp_path: Any) -> None:
    small.run()
    languages = small.given().config.languages
    mine = tmp_path / "languages"
    mine.mkdir()
    for file in sorted(languages.glob("*.yaml")):
        text = file.read_text("utf-8")
        (mine / file.name).write_text(text.replace("expected_ratio: 0.39", "expected_ratio: 0.4"), "utf-8")
    relative = small.path.read_text("utf-8").rpartition("languages: ")[2].strip()
    small.edit((f"languages: {relative}", f"languages: {mine}"))
    small.run()
    assert "(0 anew)" not in told(small)
