"""The proof that no byte is lost on the way to the translator and back, on anyone's own files."""

from amts_tasks.roundtrip.engines import ENGINES
from amts_tasks.roundtrip.walk import Roundtrip, Row, run

__all__ = ["ENGINES", "Roundtrip", "Row", "run"]
