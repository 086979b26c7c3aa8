"""From points to joint angles."""
