"""The quick way agrees with `packaging`, which has the last word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from stackproof.plan import versions

numbers = st.lists(st.integers(0, 20), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
clauses = st.tuples(st.sampled_from([">=", "<=", ">", "<", "==", "!=", "~="]), numbers)


@given(st.lists(clauses, max_size=3), numbers)
def test_a_range_holds_what_packaging_says(parts: list[tuple[str, str]], release: str) -> None:
    specifier = ",".join(f"{sign}{number}" for sign, number in parts if sign != "~=" or "." in number)
    assert versions.allows(specifier, release) == SpecifierSet(specifier).contains(release)


@given(numbers, numbers)
def test_releases_are_ordered_as_packaging_orders_them(ours: str, theirs: str) -> None:
    assert versions.at_least(ours, theirs) == (Version(ours) >= Version(theirs))


@pytest.mark.parametrize(
    ("specifier", "release", "holds"),
    [
        ("", "3.12.99", True),
        (">=3.11, <4", "3.12.99", True),
        (">=3.11,<4.0", "4.0.99", False),
        ("~=3.11", "3.12.99", True),
        ("==3.11.*", "3.12.99", False),
        (">=3.11.0rc1", "3.11.99", True),
    ],
)
def test_ranges_as_projects_write_them(specifier: str, release: str, *, holds: bool) -> None:
    assert versions.allows(specifier, release) is holds


@pytest.mark.parametrize("specifier", ["three", ">=3.11,", ">=3.11 <4"])
def test_no_range_is_a_value_error(specifier: str) -> None:
    try:
        SpecifierSet(specifier)
    except ValueError:
        with pytest.raises(ValueError, match="specifier"):
            versions.allows(specifier, "3.11.99")
    else:
        assert versions.allows(specifier, "3.11.99")


@pytest.mark.parametrize(("version", "holds"), [("5.5.0rc1", False), ("5.5.0.post1", True), ("main", False)])
def test_versions_that_are_no_plain_release(version: str, *, holds: bool) -> None:
    assert versions.at_least(version, "5.5.0") is holds
