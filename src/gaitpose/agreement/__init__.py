"""How far two recordings of the same movement agree."""
