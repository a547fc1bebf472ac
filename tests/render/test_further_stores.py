"""Stores with a health check of their own and a further name, as Compose has them."""

import yaml

from stackproof.model.backend_facts import Part
from stackproof.model.facts import Backend
from stackproof.model.source import Place
from stackproof.render import compose
from tests.plan.small import SHOP, stack


def test_the_name_in_the_code_and_the_script_of_the_check() -> None:
    fact = Backend("mysql", None, None, Place("shop/db.py", 4), (Part("host", None, "db"), Part("password", "P", None)))
    (file,) = compose.render({"prod": stack(*SHOP, fact)})
    server = yaml.safe_load(file.text)["services"]["mysql"]
    assert server["networks"] == {"back": {"aliases": ["db"]}}
    assert server["healthcheck"]["test"] == [
        "CMD", "sh", "-c",
        'MYSQL_PWD="$$(cat /run/secrets/mysql-password)" exec mariadb -h 127.0.0.1 -P 3306 -u shop -N -e "SELECT 1"',
    ]  # fmt: skip
