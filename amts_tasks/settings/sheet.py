"""One YAML file being read, and its faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from amts_tasks.errors import ConfigError, Fault

MOST_BYTES = 4_000_000
"""A settings file larger than this is taken for something else (bytes)."""


class Sheet:
    """One YAML file being read: its name, the variables it may use and the faults found so far."""

    def __init__(self, path: Path, variables: Mapping[str, str]) -> None:
        self.path = path
        self.variables = variables
        self.faults: list[Fault] = []

    def fault(self, node: yaml.Node | None, where: str, found: str, expected: str) -> None:
        """Note a fault at the line of ``node`` (the whole file where it is None)."""
        line = node.start_mark.line + 1 if node is not None else 0
        self.faults.append(Fault(str(self.path), line, where, found, expected))

    def raise_faults(self, of_other_files: Sequence[Fault] = ()) -> None:
        """Raise a ConfigError with all faults in the order of the file, those of other files last, if there are any."""
        faults = (*sorted(self.faults, key=lambda fault: fault.line), *of_other_files)
        if faults:
            raise ConfigError(faults)

    def compose(self) -> yaml.Node | None:
        """The file's outermost node; an unreadable or empty file is a fault and gives None."""
        try:
            raw = self.path.read_bytes()
            if len(raw) > MOST_BYTES:
                self.fault(None, "", f"{len(raw)} bytes", f"a settings file of at most {MOST_BYTES} bytes")
                return None
            node: yaml.Node | None = yaml.compose(raw.decode("utf-8-sig"), Loader=yaml.SafeLoader)
        except OSError as error:
            self.fault(None, "", error.strerror or str(error), "a readable YAML file")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            self.faults.append(Fault(str(self.path), line, "", f"byte 0x{raw[error.start]:02x}", "text in UTF-8"))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            found = f"{error.problem or error.context or 'a syntax error'} (column {mark.column + 1 if mark else 0})"
            self.faults.append(Fault(str(self.path), line, "", found, "valid YAML"))
        except yaml.reader.ReaderError as error:
            self.fault(None, "", f"character U+{int(error.character):04X}", "YAML without control characters")
        except RecursionError:
            self.fault(None, "", "lists or mappings nested too deep to read", "a settings file")
        else:
            if node is None:
                self.fault(None, "", "an empty file", "a mapping of settings")
            return node
        return None
