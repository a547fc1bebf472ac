"""Text from anywhere, without the characters that neither XML 1.0 nor HTML can hold."""


def printable(text: str) -> str:
    return "".join(letter for letter in text if letter in "\t\n" or (letter >= " " and letter not in "\ufffe\uffff"))
