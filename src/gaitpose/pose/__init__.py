"""From pixels to joints: estimators, and how they follow the right person."""
