"""A Dockerfile as it was read: stages and instructions, each with the line where it stands."""

from dataclasses import dataclass

from stackproof.model.source import Place


@dataclass(frozen=True)
class Heredoc:
    """A here-document of RUN, COPY or ADD; `expand`: variables in it are filled in; `strip`: leading tabs are cut."""

    name: str
    text: str
    expand: bool
    strip: bool


@dataclass(frozen=True)
class Instruction:
    """One instruction, continuation lines joined and comments between them left out.

    `keyword` is in upper case; `flags` are those before the words (`--from=builder`, value "" where there is none);
    `words` is the rest as written; `exec` is the exec form where the words are one JSON array of strings.
    `seen` is the first line, `last` the number of the last one, here-documents included. The words of an ONBUILD
    are parsed again into `trigger`.
    """

    keyword: str
    words: str
    seen: Place
    last: int
    flags: tuple[tuple[str, str], ...] = ()
    exec: tuple[str, ...] | None = None
    heredocs: tuple[Heredoc, ...] = ()
    trigger: "Instruction | None" = None


@dataclass(frozen=True)
class Stage:
    """One FROM and what follows it; `base` with the global arguments filled in, `written` as it stands in the file."""

    index: int
    name: str | None  # lower case, as `COPY --from` and `--target` find it
    base: str
    written: str
    instructions: tuple[Instruction, ...]  # without the FROM
    seen: Place
    platform: str = ""  # as written


@dataclass(frozen=True)
class Dockerfile:
    """One file; `directives` such as syntax and escape; `arguments` are the ARGs before the first FROM."""

    path: str
    directives: tuple[tuple[str, str], ...]
    arguments: tuple[Instruction, ...]
    stages: tuple[Stage, ...]

    def __hash__(self) -> int:
        """What is derived from a file is kept by it: a hash over every word each time would cost more than it saves."""
        return hash((self.path, len(self.stages)))

    def stage(self, name: str) -> Stage | None:
        """By name or number; the last one for ""; None where there is none."""
        if not name:
            return self.stages[-1] if self.stages else None
        return next((each for each in self.stages if name.lower() in (each.name, str(each.index))), None)
