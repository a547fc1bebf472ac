"""Which variables an instruction of a Dockerfile sees: global arguments, those declared again, the environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stackproof.model.dockerfile import Dockerfile, Instruction, Stage
from stackproof.model.interpolation import expand
from stackproof.model.words import pairs

# What BuildKit sets on the usual machine; FROM sees them as they are, a stage after `ARG NAME` only.
PLATFORM: Mapping[str, str] = {
    f"{side}{part}": value
    for side in ("BUILD", "TARGET")
    for part, value in {"PLATFORM": "linux/amd64", "OS": "linux", "ARCH": "amd64", "VARIANT": ""}.items()
}
# Arguments that RUN sees without an ARG where the build was given them.
PREDEFINED = frozenset(
    name
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (upper, upper.lower())
) | {"SOURCE_DATE_EPOCH", "BUILDKIT_INLINE_CACHE"}
_NONE: Mapping[str, str] = {}
EXPANDING = frozenset({"ADD", "ARG", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"})


@dataclass(frozen=True)
class Seen:
    """An instruction and the variables before it; `declared` also has the names whose value nobody knows.

    `arguments` are the declared names that no ENV covers.
    """

    said: Instruction
    values: Mapping[str, str]
    declared: frozenset[str]
    arguments: frozenset[str]


def escape(file: Dockerfile) -> str:
    return dict(file.directives).get("escape", "\\")


def global_values(arguments: tuple[Instruction, ...], given: Mapping[str, str], escaped: str = "\\") -> dict[str, str]:
    """What FROM sees: the ARGs before the first one, a default from those above it. Raises ValueError."""
    values = {**PLATFORM, **{name: given[name] for name in PLATFORM if name in given}}
    for said in arguments:
        for name, default in pairs(said, escaped):
            if name in given:
                values[name] = given[name]
            elif default is not None:
                values[name] = expand(default, values, escaped).text
    return values


def chain(file: Dockerfile, stage: Stage) -> tuple[Stage, ...]:
    """The stages that one stands on, the first one first, itself last. A FROM finds the stages above it only."""
    under = below(file)
    found = [stage]
    while (index := under[found[-1].index]) is not None:
        found.append(file.stages[index])
    return tuple(reversed(found))


def below(file: Dockerfile) -> list[int | None]:
    """For each stage the number of the one it stands on; the last one of a name counts."""
    named: dict[str, int] = {}
    found: list[int | None] = []
    for stage in file.stages:
        found.append(named.get(stage.base.lower()))
        if stage.name:
            named[stage.name] = stage.index
    return found


def walk(file: Dockerfile, given: Mapping[str, str] = _NONE) -> tuple[tuple[Seen, ...], ...]:
    """For each stage its instructions with what each sees; the environment of the stages below it included."""
    found: list[list[Seen]] = [[] for _ in file.stages]
    for index, seen in _walk(file, given):
        found[index].append(seen)
    return tuple(tuple(each) for each in found)


def expansions(file: Dockerfile, given: Mapping[str, str] = _NONE) -> Iterator[Seen]:
    """The same one after the other, each before its own values are filled in. Raises ValueError."""
    return (seen for _, seen in _walk(file, given))


def _walk(file: Dockerfile, given: Mapping[str, str]) -> Iterator[tuple[int, Seen]]:
    escaped = escape(file)
    above = global_values(file.arguments, given, escaped)
    ends: list[_Scope] = []
    for stage, under in zip(file.stages, below(file), strict=True):
        scope = _Scope(ends[under].environment if under is not None else _NONE, above, given, escaped)
        for said in stage.instructions:
            yield stage.index, scope.seen(said)
            scope.take(said)
        ends.append(scope)


class _Scope:
    """The variables of a stage as its instructions go by; an ENV wins over an ARG of the same name."""

    def __init__(
        self, environment: Mapping[str, str], above: Mapping[str, str], given: Mapping[str, str], escaped: str
    ) -> None:
        self.environment, self._above, self._given, self._escaped = environment, above, given, escaped
        self._arguments: Mapping[str, str | None] = {}
        self._values = environment
        self._declared = frozenset(environment)

    def seen(self, said: Instruction) -> Seen:
        return Seen(said, self._values, self._declared, self._declared - self.environment.keys())

    def take(self, said: Instruction) -> None:
        if said.keyword == "ARG":
            for name, default in pairs(said, self._escaped):
                self._arguments = {**self._arguments, name: self._argument(name, default)}
                self._fill()
        elif said.keyword == "ENV":
            new = {
                expand(name, self._values, self._escaped).text: expand(value or "", self._values, self._escaped).text
                for name, value in pairs(said, self._escaped)
            }
            self.environment = {**self.environment, **new}
            self._fill()

    def _argument(self, name: str, default: str | None) -> str | None:
        """One that the build is given wins; then the default here, then the value before the first FROM."""
        if name in self._given:
            return self._given[name]
        return self._above.get(name) if default is None else expand(default, self._values, self._escaped).text

    def _fill(self) -> None:
        known = {name: value for name, value in self._arguments.items() if value is not None}
        self._values = {**known, **self.environment}
        self._declared = frozenset({*self._arguments, *self.environment})
