"""What a pair keeps in storage from one run to the next: acts of approval, beads, memory, nights."""
