"""The first administrator: python -m personal_assistant.database.promote ADDRESS"""

import sys

from sqlalchemy import update

from personal_assistant.database.models import User
from personal_assistant.database.session import transaction


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m personal_assistant.database.promote ADDRESS\n")
        return 2
    email = arguments[0].strip().lower()
    promoted = update(User).where(User.email == email).values(role="admin").returning(User.id)
    if transaction(lambda session: session.scalar(promoted)) is None:
        sys.stderr.write(f"error: nobody has registered as {email}\n")
        return 2
    sys.stdout.write(f"{email} is an administrator now\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
