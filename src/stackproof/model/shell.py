"""A line of shell into its simple commands, by words alone: nothing is run and no variable is filled in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from stackproof.model.dockerfile import Instruction

_PLAIN = re.compile(r"[\w./:=@%+,~*?-]+", re.ASCII)
_OPERATORS = ("&&", "||", ";;", "|&", ";", "|", "&", "\n", "(", ")")
_LEADING = frozenset({"if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "exec", "time", "command"})
_WRAPPERS = frozenset({"sudo", "env", "nohup", "tini", "dumb-init", "gosu", "su-exec"})
_ASSIGNED = re.compile(r"[A-Za-z_]\w*\+?=.*", re.DOTALL)
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_SHEBANG = re.compile(r"#!\s*(?:/usr/bin/env\s+)?\S*?(\w+)\s")


@dataclass(frozen=True)
class Simple:
    """One command; `before` and `after` are the operators around it, "" at the ends. Quotes are taken off the words."""

    words: tuple[str, ...]
    before: str = ""
    after: str = ""

    @cached_property
    def program(self) -> str:
        """The name of what is run, without its folder; assignments, keywords and wrappers before it left out."""
        words = self.bare
        return words[0].rsplit("/", 1)[-1] if words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        return self.bare[1:]

    @cached_property
    def bare(self) -> tuple[str, ...]:
        at = 0
        while at < len(self.words) and _before_program(self.words[at]):
            at += 1
            while at < len(self.words) and self.words[at - 1] in _WRAPPERS and self.words[at].startswith("-"):
                at += 1
        return self.words[at:]


@lru_cache(maxsize=1024)
def commands(line: str) -> tuple[Simple, ...]:
    return tuple(_Lexer(line).simple())


def script(said: Instruction) -> str:
    """What the shell of a RUN, CMD or ENTRYPOINT reads: words or here-documents; "" for another program's input."""
    if said.exec is not None:
        return _handed(said.exec)
    if not said.heredocs:
        return said.words
    bodies = "\n".join(each.text for each in said.heredocs)
    alone = commands(said.words)
    if alone and all(word.startswith("<<") for word in alone[0].words):
        shebang = _SHEBANG.match(bodies)
        return "" if shebang and shebang[1] not in _SHELLS else bodies
    fed = [each.program for each in alone]
    return f"{said.words}\n{bodies}" if _SHELLS.intersection(fed) else said.words


def _handed(words: tuple[str, ...]) -> str:
    """The line in ["sh", "-c", "line"]; other words as one command, quoted."""
    if len(words) >= 3 and words[0].rsplit("/", 1)[-1] in _SHELLS and words[1].startswith("-") and "c" in words[1]:
        return words[2]
    return " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)


def _before_program(word: str) -> bool:
    return word in _LEADING or word.rsplit("/", 1)[-1] in _WRAPPERS or _ASSIGNED.fullmatch(word) is not None


@dataclass
class _Lexer:
    text: str
    at: int = 0
    words: list[str] = field(default_factory=list)
    word: list[str] = field(default_factory=list)
    open: bool = False  # a word has begun, perhaps an empty quoted one

    def simple(self) -> Iterator[Simple]:
        before = ""
        while self.at < len(self.text):
            if run := _PLAIN.match(self.text, self.at):
                self.at = run.end()
                self._add(run[0])
                continue
            operator = self._operator()
            if operator is None:
                self._letter()
                continue
            yield from self._command(before, operator)
            before = operator
        yield from self._command(before, "")

    def _operator(self) -> str | None:
        if self.text[self.at] == "&" and (
            self.text[self.at - 1 : self.at] == ">" or self.text[self.at + 1 : self.at + 2] == ">"
        ):
            return None  # 2>&1 and &>file
        for each in _OPERATORS:
            if self.text.startswith(each, self.at):
                self.at += len(each)
                return each
        return None

    def _letter(self) -> None:
        letter = self.text[self.at]
        self.at += 1
        if letter.isspace():
            self._end()
        elif letter == "#" and not self.open:
            end = self.text.find("\n", self.at)
            self.at = end if end >= 0 else len(self.text)
        elif letter == "\\":
            self._escaped()
        elif letter == "'":
            self._until("'")
        elif letter == '"':
            self._double()
        elif letter == "`":
            self._until("`", keep="`")
        elif letter == "$" and self.text[self.at : self.at + 1] in ("(", "{"):
            self._nested()
        else:
            self._add(letter)

    def _add(self, text: str) -> None:
        self.word.append(text)
        self.open = True

    def _escaped(self) -> None:
        if not self.text.startswith("\n", self.at):  # the line goes on
            self._add(self.text[self.at : self.at + 1])
        self.at += 1

    def _end(self) -> None:
        if self.open:
            self.words.append("".join(self.word))
        self.word, self.open = [], False

    def _command(self, before: str, after: str) -> Iterator[Simple]:
        self._end()
        if self.words:
            yield Simple(tuple(self.words), before, after)
        self.words = []

    def _until(self, mark: str, keep: str = "") -> None:
        end = self.text.find(mark, self.at)
        end = end if end >= 0 else len(self.text)
        self._add(keep + self.text[self.at : end] + keep)
        self.at = end + 1

    def _double(self) -> None:
        self.open = True
        while self.at < len(self.text):
            letter = self.text[self.at]
            self.at += 1
            if letter == '"':
                return
            if letter == "$" and self.text[self.at : self.at + 1] == "(":
                self._nested()
            elif letter == "\\":
                self._add(self.text[self.at : self.at + 1])
                self.at += 1
            else:
                self._add(letter)

    def _nested(self) -> None:
        """`$(…)` and `${…}` stay as they are, brackets counted."""
        begun, depth = self.at - 1, 0
        opening = self.text[self.at]
        closing = {"(": ")", "{": "}"}[opening]
        while self.at < len(self.text):
            letter = self.text[self.at]
            self.at += 1
            depth += (letter == opening) - (letter == closing)
            if not depth:
                break
        self._add(self.text[begun : self.at])
