"""gaitpose: from an ordinary video of a person walking to a gait report, on your own machine."""
