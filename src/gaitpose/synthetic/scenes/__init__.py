"""Pictures and clips of walkers in rooms: every choice from a seed, all truth kept."""
