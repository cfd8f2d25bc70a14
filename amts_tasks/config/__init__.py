"""The configuration: one YAML file says which book is translated into what, with which account, when and for how much.

``load`` reads it with the language profiles it points at, and tells all faults of all those files at once.
"""

from amts_tasks.config.entities import (
    AwsConfig,
    BookConfig,
    Budget,
    Config,
    Follow,
    PairConfig,
    Place,
    Price,
    PushConfig,
    ScheduleConfig,
    StorageConfig,
    TranslationConfig,
)
from amts_tasks.config.globs import DOCUMENTS, matches
from amts_tasks.config.reading import load

__all__ = [
    "DOCUMENTS",
    "AwsConfig",
    "BookConfig",
    "Budget",
    "Config",
    "Follow",
    "PairConfig",
    "Place",
    "Price",
    "PushConfig",
    "ScheduleConfig",
    "StorageConfig",
    "TranslationConfig",
    "load",
    "matches",
]
