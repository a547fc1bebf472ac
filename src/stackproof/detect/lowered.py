"""Python that a later version writes, rewritten for one that cannot read it: every line stays where it is."""

import re

# Pattern, what stands for it, in words. Since 3.12; none of it says anything about what runs.
LATER = (
    (re.compile(r"^([ \t]*)type[ \t]+(\w+)(?:\[[^\]\n]*\])?([ \t]*=)", re.MULTILINE), r"\1\2\3", "a type statement"),
    (
        re.compile(r"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+)\[[^\]\n]*\]([ \t]*[:(])", re.MULTILINE),
        r"\1\2",
        "type parameters",
    ),
)


def lowered(text: str) -> str:
    for pattern, plain, _ in LATER:
        text = pattern.sub(plain, text)
    return text
