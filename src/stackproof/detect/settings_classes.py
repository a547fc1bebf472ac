"""Settings classes (pydantic-settings): their fields, the variables that fill them, and the objects made of them."""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect.code import Code
from stackproof.detect.environment import Kind
from stackproof.detect.modules import Function, Module, dotted, running, walk

_BASES = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic_settings.main.BaseSettings"})
_KINDS: dict[str, Kind] = {
    "str": "str", "int": "int", "float": "float", "bool": "bool", "SecretStr": "str", "Path": "str", "AnyUrl": "str",
    "AnyHttpUrl": "str", "HttpUrl": "str", "PostgresDsn": "str", "RedisDsn": "str", "AmqpDsn": "str", "EmailStr": "str",
    "PositiveInt": "int", "NonNegativeInt": "int", "PositiveFloat": "float", "NonNegativeFloat": "float",
    "Literal": "str",
}  # fmt: skip
_MAX_HOPS = 8


class SettingsField(NamedTuple):
    name: str
    variable: str  # the environment variable that fills it
    default: ast.expr | None
    required: bool
    kind: Kind
    secret: bool  # by its type
    module: Module
    node: ast.AnnAssign


@lru_cache(maxsize=8)
def classes(code: Code) -> tuple[str, ...]:
    """Settings classes that are made into objects; one that others only build on counts through them."""
    known = [f"{module.name}.{name}" for module in code for name in module.classes]
    found = [name for name in known if _BASES & set(code.bases(name))]
    extended = {base for name in found for base in code.bases(name)[1:]}
    return tuple(name for name in found if name not in extended or name in code.instantiated)


@lru_cache(maxsize=128)
def fields(code: Code, name: str) -> Mapping[str, SettingsField]:
    """The fields of a settings class by name, inherited ones too."""
    found: dict[str, SettingsField] = {}
    config = _config(code, name)
    for base in reversed(code.bases(name)):
        if known := code.klass(base):
            module, node = known
            for statement in node.body:
                if isinstance(statement, ast.AnnAssign) and (field := _field(module, statement, config)):
                    found[field.name] = field
    return found


def owner(code: Code, module: Module, expression: ast.expr, hops: int = 0) -> str | None:
    """The settings class of the object that an expression stands for."""
    if hops > _MAX_HOPS:
        return None
    if isinstance(expression, ast.Call):
        return _made(code, module, expression, hops)
    if isinstance(expression, ast.Name):
        if expression.id == "self":
            return _around(code, module, expression.lineno)
        if local := module.local(expression.id, expression.lineno):
            return owner(code, module, local, hops + 1)
        if annotated := module.annotation(expression.id, expression.lineno):
            return _annotated(code, module, annotated)
    if isinstance(expression, ast.BoolOp | ast.IfExp):  # settings or get_settings()
        parts = expression.values if isinstance(expression, ast.BoolOp) else [expression.body, expression.orelse]
        return next((found for part in parts if (found := owner(code, module, part, hops + 1))), None)
    home, rest = code.split(code.meaning(module, expression) or "")
    return owner(code, home, home.names[rest], hops + 1) if home and rest in home.names else None


def returned(function: Function) -> Iterator[ast.expr]:
    """What the `return` statements of a function's own body give."""
    return (node.value for node in running(function.body) if isinstance(node, ast.Return) and node.value)


def property_of(code: Code, name: str, attribute: str) -> tuple[Module, ast.expr] | None:
    """The expression that a property or method of a settings class returns."""
    for base in code.bases(name):
        module, node = code.klass(base) or (None, None)
        for item in node.body if node else []:
            if module and isinstance(item, ast.FunctionDef) and item.name == attribute:
                return next(((module, value) for value in returned(item)), None)
    return None


def _made(code: Code, module: Module, call: ast.Call, hops: int) -> str | None:
    name = code.meaning(module, call.func)
    if name is None:
        return None
    if settings := _settings(code, name):
        return settings
    home, function = code.function(name) or (None, None)
    for value in returned(function) if function else ():
        if home and (settings := owner(code, home, value, hops + 1)):
            return settings
    return None


def _settings(code: Code, name: str | None) -> str | None:
    return name if name and _BASES & set(code.bases(name)) else None


def _annotated(code: Code, module: Module, annotation: ast.expr) -> str | None:
    """`Settings`, `Settings | None`, `Optional[Settings]`."""
    names = (node for node in walk(annotation) if isinstance(node, ast.Name | ast.Attribute))
    return next((found for node in names if (found := _settings(code, code.meaning(module, node)))), None)


def _around(code: Code, module: Module, line: int) -> str | None:
    for node in module.classes.values():
        if node.lineno <= line <= (node.end_lineno or 0):
            return _settings(code, f"{module.name}.{node.name}")
    return None


def _field(module: Module, node: ast.AnnAssign, config: Mapping[str, object]) -> SettingsField | None:
    if not isinstance(node.target, ast.Name) or node.target.id.startswith(("_", "model_config")):
        return None
    types = _types(node.annotation)
    if "ClassVar" in types:
        return None
    default, options = _default(node.value)
    missing = default is None or (isinstance(default, ast.Constant) and default.value is ...)
    variable = _alias(options) or f"{config.get('env_prefix', '')}{node.target.id}"
    return SettingsField(
        name=node.target.id,
        variable=variable if config.get("case_sensitive") is True else variable.upper(),
        default=None if missing else default,
        required=missing and "default_factory" not in options,
        kind=_kind(types),
        secret="SecretStr" in types,
        module=module,
        node=node,
    )


def _default(value: ast.expr | None) -> tuple[ast.expr | None, Mapping[str, ast.expr]]:
    """The default and the words of `Field(...)`."""
    if isinstance(value, ast.Call) and (dotted(value.func) or "").endswith("Field"):
        options = {word.arg: word.value for word in value.keywords if word.arg}
        return (value.args[0] if value.args else options.get("default")), options
    return value, {}


def _alias(options: Mapping[str, ast.expr]) -> str | None:
    """The first name that `validation_alias`, `alias` or (pydantic 1) `env` gives; AliasChoices too."""
    for word in ("validation_alias", "alias", "env"):
        for node in walk(options[word]) if word in options else ():
            if isinstance(node, ast.Call) and node.args:
                node = node.args[0]
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                return node.value
    return None


def _types(annotation: ast.expr) -> frozenset[str]:
    """The last parts of all names in an annotation."""
    names = {node.id for node in walk(annotation) if isinstance(node, ast.Name)}
    return frozenset({*names, *(node.attr for node in walk(annotation) if isinstance(node, ast.Attribute))})


def _kind(types: frozenset[str]) -> Kind:
    kinds = {_KINDS[name] for name in types if name in _KINDS}
    other = any(name in types for name in ("list", "List", "dict", "Dict", "set", "Set", "tuple", "Tuple"))
    return kinds.pop() if len(kinds) == 1 and not other else "other"


@lru_cache(maxsize=128)
def _config(code: Code, name: str) -> Mapping[str, object]:
    """env_prefix and case_sensitive; the nearest class that states them counts."""
    found: dict[str, object] = {}
    for base in reversed(code.bases(name)):
        _, node = code.klass(base) or (None, None)
        for word, value in _stated(node) if node else ():
            if isinstance(value, ast.Constant):
                found[word] = value.value
    return found


def _stated(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """`class S(BaseSettings, env_prefix=...)`, `model_config = SettingsConfigDict(...)` or a dict, `class Config`."""
    yield from ((word.arg, word.value) for word in node.keywords if word.arg)
    for item in node.body:
        if isinstance(item, ast.ClassDef) and item.name == "Config":
            for inner in item.body:
                if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name):
                    yield inner.targets[0].id, inner.value
        value = getattr(item, "value", None) if isinstance(item, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Call):
            yield from ((word.arg, word.value) for word in value.keywords if word.arg)
        elif isinstance(value, ast.Dict):
            yield from _entries(value)


def _entries(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value
