"""From labelled pictures to weights: data, labels, losses, recipes, the loop, measurement."""
