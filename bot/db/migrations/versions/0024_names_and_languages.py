"""what a mentee is called, the languages of a contact's poster, what kind of message a person's was"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.db.base

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('messages', sa.Column('kind', sa.String(), server_default='', nullable=False))
    # what was said before is sealed and cannot be read here; of a recording that is still known there is a row that says it
    op.execute(
        "UPDATE messages SET kind = (SELECT recordings.kind FROM recordings WHERE recordings.message_id = messages.id)"
        " WHERE id IN (SELECT message_id FROM recordings WHERE message_id IS NOT NULL)"
    )
    op.create_table(
        'contact_posters',
        sa.Column('contact', sa.String(), nullable=False),
        sa.Column('languages', sa.JSON(), nullable=False),
        sa.Column('chosen_by', sa.Integer(), nullable=True),
        sa.Column('chosen_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['chosen_by'], ['staff.id'], name=op.f('fk_contact_posters_chosen_by_staff'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('contact', name=op.f('pk_contact_posters')),
    )
    op.add_column('mentor_wishes', sa.Column('called', bot.db.base.SecretText(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('messages') as batch_op:
        batch_op.drop_column('kind')
    op.drop_table('contact_posters')
    with op.batch_alter_table('mentor_wishes') as batch_op:
        batch_op.drop_column('called')
