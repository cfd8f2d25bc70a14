"""The order of the result: source blocks in theirs, and between them what only the translation has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from amts_tasks.sync.document.follow import Trail
from amts_tasks.sync.item import Item


class Slots:
    """Takes items as they are decided and gives them in the order of the result."""

    def __init__(self, trail: Trail, old: Sequence[int]) -> None:
        """`old` holds the block indices of the base without blank ones."""
        self.placed: dict[int, Item] = {}
        """The item of each source block."""
        self._trail, self._old = trail, old
        self._before: dict[int, list[Item]] = defaultdict(list)
        self._after: dict[int, list[Item]] = defaultdict(list)
        self._head: list[Item] = []

    def insert(self, last: int, item: Item) -> None:
        """Puts an item without source block after the heir of the base block `last`, which stood before it.

        Where that one has no heir, before the heir of the block that followed; else after the nearest heir above.
        """
        here = self._trail.new(last)
        following = self._trail.new(next((index for index in self._old if index > last), -1))
        if here is not None:
            self._after[here].append(item)
        elif following is not None:
            self._before[following].append(item)
        else:
            heirs = (self._trail.new(old) for old in range(last, -1, -1))
            heir = next((new for new in heirs if new is not None), None)
            (self._head if heir is None else self._after[heir]).append(item)

    def ordered(
        self,
        blocks: Iterable[int],
        turn: Callable[[Item], Sequence[int]],
        stood: Callable[[Item], int | None],
        grows: Callable[[int], bool],
    ) -> Iterator[Item]:
        """The items along the source's blocks; what holds whole tabs waits until the tab it would cut in two is closed.

        `turn` says by how much an item opens (+1) or closes (-1) tabs, in the order in which it does; `stood`, how many
        tabs were open before it in the translation: what stood in an open tab there does not wait for its end. `grows`
        says of a block whether it is new in the list or table of the block before it: what only the translation has
        comes after it then, for it would tear the list.
        """
        opened = 0
        waiting: list[Item] = []
        for run in self._runs(blocks, grows):
            turns = [step for item in run for step in turn(item)]
            if opened and turns and _whole(turns) and len(turns) > 1 and stood(run[0]) != opened:
                waiting += run
                continue
            yield from run
            opened += sum(turns)
            if opened <= 0 and waiting:
                yield from waiting
                waiting = []
        yield from waiting

    def _runs(self, blocks: Iterable[int], grows: Callable[[int], bool]) -> Iterator[list[Item]]:
        held = self._head
        for index in blocks:
            if not grows(index):
                yield held
                held = []
            yield self._before[index]
            yield [self.placed[index]]
            held = held + self._after[index]
        yield held


def _whole(turns: Sequence[int]) -> bool:
    opened = 0
    for step in turns:
        opened += step
        if opened not in {0, 1}:
            return False
    return opened == 0
