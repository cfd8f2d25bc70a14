"""Every error AMTS raises on purpose.

    AmtsError
      InputError            bad input or usage: the command line exits with 2
        ConfigError         faults of a configuration file, all of them at once
        BookError           a book, revision or document that cannot be read
        TextError           a text that cannot be parsed
        AlignmentError      two texts that cannot be aligned
      StorageError          an artefact that is missing or not what it should be
      LeaseHeld             another run of the same pair holds its lease
      BudgetExceeded        the plan costs more than the pair may spend
      ServiceError          the translation service refused or cannot be reached
        ImportFailed        a parallel-data import ended FAILED
        JobFailed           a translation job ended FAILED or STOPPED
        OutputIncomplete    a job ended, but documents are missing from its output
      ForgeError            GitHub or GitLab refused or cannot be reached
      PublishError          the translated tree was not committed

A message says where, what was found, what would be right and what to do. The parts stay as attributes, so that an error
crosses processes by pickle and the layer above can decide by value (Airflow retries none of the InputErrors).
"""

from __future__ import annotations

from dataclasses import dataclass


class AmtsError(Exception):
    """The root of all errors AMTS raises on purpose."""


class InputError(AmtsError):
    """Bad input or usage; trying again unchanged cannot help."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: where it stands, what was found and what would be right."""

    file: str
    line: int
    """1-based; 0 where the fault concerns the whole file."""
    where: str
    """Dotted path of the field, such as ``pairs.en-zh.budget``; empty for the whole file."""
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.where}:" if self.where else ""
        return f"{place}:{field} found {self.found}; expected {self.expected}"


def not_utf8(name: object, error: UnicodeDecodeError) -> InputError:
    """What is said of a file that is not UTF-8: its name, the line and the zero-based byte of the first fault."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return InputError(f"{name}:{line}: not UTF-8 at byte {error.start}; save it as UTF-8")


class ConfigError(InputError):
    """The faults of a configuration, all at once, in ``faults``."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class BookError(InputError):
    """A book, revision or document that cannot be read."""


class TextError(InputError):
    """A text that cannot be parsed."""


class AlignmentError(InputError):
    """Two texts that cannot be aligned."""


class StorageError(AmtsError):
    """An artefact is missing or not what it should be."""


class LeaseHeld(AmtsError):
    """Another run of the same pair holds its lease."""


class BudgetExceeded(AmtsError):
    """The plan costs more than the pair may spend; nothing was sent."""


class ServiceError(AmtsError):
    """The translation service refused a request or cannot be reached."""


class ImportFailed(ServiceError):
    """A parallel-data import ended FAILED; the message holds the service's reason."""


class JobFailed(ServiceError):
    """A translation job ended FAILED or STOPPED; the message holds the service's reason."""


class OutputIncomplete(ServiceError):
    """A job ended, but documents are missing from its output."""


class ForgeError(AmtsError):
    """GitHub or GitLab refused a request or cannot be reached."""


class PublishError(AmtsError):
    """The translated tree was not committed; the repository is as it was."""
