"""Variables in the words of a Dockerfile filled in as BuildKit does it: quotes, escapes, and the forms of `${…}`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from stackproof.model import glob

_DEEPEST = 50  # `${A:-${B:-…}}` within each other
_LONGEST = 1 << 16  # letters; an environment variable of Linux has at most twice as many
_PLAIN = re.compile(r"[\w.:=,@+-]+", re.ASCII)  # nothing that any form ends with or begins with
_SPECIAL = "@*#?-$!"


@dataclass(frozen=True)
class Expanded:
    """`words` is the text split at the blanks that no quote protects; `missing` are names without a value."""

    text: str
    words: tuple[str, ...]
    missing: tuple[str, ...]


def expand(text: str, values: Mapping[str, str], escape: str = "\\", *, raw: bool = False) -> Expanded:
    """`raw` keeps quotes and escapes, and variables that have no value.

    Raises ValueError, with the reason, where BuildKit refuses the text. `${NAME:?words}` is no error here:
    the image's own environment may have the name.
    """
    reader = _Reader(text, values, escape, raw)
    found = reader.until("")
    whole = "".join(found.letters)
    if len(whole) > max(_LONGEST, len(text)):
        raise ValueError(f"the value becomes longer than {_LONGEST} letters")
    return Expanded(whole, found.finished(), tuple(reader.missing))


@dataclass
class _Collected:
    letters: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    word: list[str] = field(default_factory=list)

    def plain(self, text: str) -> None:
        """What is not quoted: blanks end a word."""
        self.letters.append(text)
        for letter in text:
            if not letter.isspace():
                self.word.append(letter)
            elif self.word:
                self._end()

    def protected(self, text: str) -> None:
        self.letters.append(text)
        if text:
            self.word.append(text)

    def finished(self) -> tuple[str, ...]:
        if self.word:
            self._end()
        return tuple(self.words)

    def _end(self) -> None:
        self.words.append("".join(self.word))
        self.word = []


class _Reader:
    """One pass over a text."""

    def __init__(self, text: str, values: Mapping[str, str], escape: str, raw: bool) -> None:
        self.text, self.values, self.escape, self.raw = text, values, escape, raw
        self.at = 0
        self.depth = 0
        self.missing: dict[str, None] = {}

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def next(self) -> str:
        letter = self.peek()
        self.at += 1
        return letter

    def until(self, stop: str, *, escapes: bool = False) -> _Collected:
        """Up to the letter `stop`, "" for the end; `escapes` keeps the escape letter before what it protects."""
        found = _Collected()
        while self.at < len(self.text):
            if run := _PLAIN.match(self.text, self.at):
                self.at = run.end()
                found.protected(run[0])
                continue
            letter = self.next()
            if stop and letter == stop:
                return found
            if letter == "'":
                found.protected(self._single())
            elif letter == '"':
                found.protected(self._double(escapes))
            elif letter == "$":
                found.plain(self._dollar())
            elif letter == self.escape:
                found.protected((letter if self.raw or escapes else "") + self.next())
            else:
                found.plain(letter)
        if stop:
            raise ValueError(f"no `{stop}` that ends a `${{`")
        return found

    def _single(self) -> str:
        end = self.text.find("'", self.at)
        if end < 0:
            raise ValueError("a single quote that nothing closes")
        inner, self.at = self.text[self.at : end], end + 1
        return f"'{inner}'" if self.raw else inner

    def _double(self, escapes: bool) -> str:
        found: list[str] = []
        while self.at < len(self.text):
            letter = self.next()
            if letter == '"':
                inner = "".join(found)
                return f'"{inner}"' if self.raw else inner
            if letter == "$":
                found.append(self._dollar())
            elif letter == self.escape:
                found.append(self._escaped(letter, escapes))
            else:
                found.append(letter)
        raise ValueError("a double quote that nothing closes")

    def _escaped(self, letter: str, escapes: bool) -> str:
        kept = letter if self.raw or escapes else ""
        if self.peek() in ('"', "$", self.escape) and self.peek():
            return kept + self.next()
        return kept if self.at >= len(self.text) else kept + letter * (not kept)

    def _dollar(self) -> str:
        if self.peek() != "{":
            name = self._name()
            return self._plain(name, f"${name}") if name else "$"
        if self.depth == _DEEPEST:
            raise ValueError(f"`${{` more than {_DEEPEST} deep")
        self.depth += 1
        self.next()
        found = self._braces()
        self.depth -= 1
        return found

    def _braces(self) -> str:
        begun = self.at - 2
        if self.peek() in ("{", "}", ":"):
            raise ValueError("`${` without a name: bad substitution")
        name = self._name()
        sign = self.next()
        if sign == "}":
            return self._plain(name, f"${{{name}}}")
        if sign == "/":
            return self._replaced(name)
        empty = sign == ":"
        if empty:
            sign = self.next()
        if not sign:
            raise ValueError("no `}` that ends a `${`")
        if sign not in "+-?#%" or (empty and sign in "#%"):
            raise ValueError(f"`{self.text[begun : self.at]}`: BuildKit knows no such form")
        word = "".join(self.until("}", escapes=sign in "#%").letters)
        return self._formed(name, sign, empty, word)

    def _formed(self, name: str, sign: str, empty: bool, word: str) -> str:
        value = self.values.get(name)
        unset = value is None or (empty and not value)
        if sign == "+":
            return "" if unset else word
        if sign == "-":
            return word if unset else value or ""
        if value is None:
            self.missing[name] = None
        if sign == "?":
            return value or ""
        longest = word.startswith(sign)
        cut = glob.cut_front if sign == "#" else glob.cut_back
        return cut(word.removeprefix(sign) if longest else word, value or "", longest=longest)

    def _replaced(self, name: str) -> str:
        everywhere = self.peek() == "/"
        if everywhere:
            self.next()
        pattern = "".join(self.until("/", escapes=True).letters)
        by = "".join(self.until("}", escapes=True).letters)
        return glob.replace(pattern, by, self._plain(name, ""), everywhere=everywhere)

    def _plain(self, name: str, written: str) -> str:
        value = self.values.get(name)
        if value is None:
            self.missing[name] = None
            return written if self.raw else ""
        return value

    def _name(self) -> str:
        begun = self.at
        if self.peek().isdigit():
            while self.peek().isdigit():
                self.at += 1
        elif self.peek() and self.peek() in _SPECIAL:
            self.at += 1
        else:
            while self.peek() and (self.peek().isalnum() or self.peek() == "_"):
                self.at += 1
        return self.text[begun : self.at]
