"""A command written as one text into words, as Compose splits it: no shell runs it."""

from dataclasses import dataclass, field

_ENDS = frozenset(";&|<>")  # everything from the first of these on is lost to Compose
_BLANKS = frozenset(" \t\r\n")


@dataclass
class _Splitter:
    words: list[str] = field(default_factory=list)
    word: list[str] = field(default_factory=list)
    begun: bool = False

    def add(self, character: str) -> None:
        self.word.append(character)
        self.begun = True

    def end(self) -> None:
        if self.begun:
            self.words.append("".join(self.word))
        self.word, self.begun = [], False


def split(command: str) -> list[str]:
    """Raises ValueError for a quote that nothing closes, and for a backslash before nothing."""
    return _split(command)[0]


def lost(command: str) -> str:
    """What Compose leaves away: a text command ends at the first operator of a shell outside quotes."""
    return _split(command)[1]


def _split(command: str) -> tuple[list[str], str]:
    splitter, quote, position = _Splitter(), "", 0
    while position < len(command):
        character = command[position]
        if character == "\\" and quote != "'":
            position += 1
            if position == len(command):
                raise ValueError
            splitter.add(command[position])
        elif quote:
            if character == quote:
                quote = ""
            else:
                splitter.add(character)
        elif character in "'\"":
            quote, splitter.begun = character, True
        elif (closed := _substitution(command, position)) > position:
            for each in command[position:closed]:
                splitter.add(each)
            position = closed - 1
        elif character in _ENDS:
            if character == ">" and splitter.word and splitter.word[0].isdigit():
                splitter.word, splitter.begun = [], False
            splitter.end()
            return splitter.words, command[position:]
        elif character in _BLANKS:
            splitter.end()
        else:
            splitter.add(character)
        position += 1
    if quote:
        raise ValueError
    splitter.end()
    return splitter.words, ""


def _substitution(command: str, position: int) -> int:
    """Where a command substitution that begins here ends; it stays one word, unrun."""
    for opened, closed in (("`", "`"), ("$(", ")")):
        if command.startswith(opened, position):
            end = command.find(closed, position + len(opened))
            return end + 1 if end >= 0 else position
    return position
