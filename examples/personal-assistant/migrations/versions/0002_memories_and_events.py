"""What the assistant remembers, and what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memories",
        *_owned(),
        sa.Column("message_id", sa.String(32), sa.ForeignKey("messages.id", ondelete="SET NULL")),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
    )
    op.create_table(
        "events",
        *_owned(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("events")
    op.drop_table("memories")


def _owned() -> tuple[sa.schema.SchemaItem, ...]:
    owner = sa.ForeignKey("users.id", ondelete="CASCADE")
    return (
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(32), owner, nullable=False, index=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
