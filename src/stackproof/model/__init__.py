"""The nouns that the stages hand to each other: frozen data, no behaviour that touches the world."""
