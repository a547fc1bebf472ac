"""A user to try things with: python -m personal_assistant.database.seed

Safe to run again and again. The user has no password, only the key that SEED_API_KEY names,
so that no deployment ever has a way in that is written in the code.
"""

import sys
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from personal_assistant.auth.passwords import UNUSABLE, digest
from personal_assistant.config.settings import get_settings, plain
from personal_assistant.database.models import ApiKey, Note, User
from personal_assistant.database.session import transaction

EMAIL = "demo@example.invalid"
SMS_NUMBER = "+15005550006"  # one of Twilio's numbers for tests
_NOTES = ("The plants want water twice a week.", "The spare key is with the neighbours.")


def _id(what: str) -> str:
    return uuid5(NAMESPACE_URL, f"personal-assistant:{what}").hex


USER_ID = _id("demo")


def main() -> int:
    settings = get_settings()
    key = plain(settings.seed_api_key)
    if settings.environment == "prod" and key is None:
        sys.stderr.write(
            "error: ENVIRONMENT is prod, where only a key of yours may be seeded\n"
            "  fix: set SEED_API_KEY or SEED_API_KEY_FILE, or leave the seed out\n"
        )
        return 2
    transaction(_user)
    transaction(_notes)
    if key:
        transaction(lambda session: _key(session, key))
    made = "with the key of SEED_API_KEY" if key else "without a key: SEED_API_KEY is not set"
    sys.stdout.write(f"{EMAIL} is there, with the number {SMS_NUMBER}, {made}\n")
    return 0


def _user(session: Session) -> None:
    session.execute(
        insert(User)
        .values(id=USER_ID, email=EMAIL, password_hash=UNUSABLE, sms_number=SMS_NUMBER)
        .on_conflict_do_nothing()
    )


def _notes(session: Session) -> None:
    rows = [{"id": _id(text), "user_id": USER_ID, "text": text} for text in _NOTES]
    session.execute(insert(Note).values(rows).on_conflict_do_nothing())


def _key(session: Session, key: str) -> None:
    """Another value takes the place of the one before."""
    row = {"id": _id("key"), "user_id": USER_ID, "name": "seed", "key_hash": digest(key)}
    statement = insert(ApiKey).values(**row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[ApiKey.id], set_={"key_hash": row["key_hash"]}
        )
    )


if __name__ == "__main__":
    sys.exit(main())
