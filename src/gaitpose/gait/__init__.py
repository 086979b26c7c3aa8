"""From poses to a gait analysis: clean sagittal motion, events, cycles, parameters."""
