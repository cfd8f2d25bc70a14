"""A YAML file read field by field, with every fault of it collected before any is told.

A Section is one mapping of the file. The caller asks it for each field it knows, says what would be right, and at the
end calls ``done()``, which reports the keys nobody asked for. What a faulty field returns is a harmless stand-in, so
that reading goes on; ``Sheet.raise_faults()`` then raises them all, in the order of the file.

PyYAML's nodes are read rather than its objects: only they know their lines, and only they tell ``no`` (Norwegian) from
false.
"""

from amts_tasks.settings.section import Section
from amts_tasks.settings.sheet import Sheet
from amts_tasks.settings.words import nearest, quoted

__all__ = ["Section", "Sheet", "nearest", "quoted"]
