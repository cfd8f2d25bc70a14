"""Is everything in place, and how does this account's Amazon Translate behave? ``amts doctor`` and its ``--probe``."""

from amts_tasks.doctor.checks import examine
from amts_tasks.doctor.contract import CASES
from amts_tasks.doctor.desk import Desk
from amts_tasks.doctor.finding import Finding, failed, table
from amts_tasks.doctor.probe import MOST_USD, Probe, estimate, prefix, probe, words

__all__ = [
    "CASES",
    "MOST_USD",
    "Desk",
    "Finding",
    "Probe",
    "estimate",
    "examine",
    "failed",
    "prefix",
    "probe",
    "table",
    "words",
]
