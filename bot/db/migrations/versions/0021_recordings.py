"""voice messages and videos that a person may hear"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

THERE = sa.text("state IN ('asked', 'kept')")


def upgrade() -> None:
    op.create_table('recordings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('handoff_id', sa.Integer(), nullable=True),
    sa.Column('note_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('for_story', sa.Boolean(), nullable=False),
    sa.Column('media_id', bot.db.base.SecretText(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('came_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_recordings_chat_id_chats'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_recordings_message_id_messages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['handoff_id'], ['handoffs.id'], name=op.f('fk_recordings_handoff_id_handoffs'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['note_id'], ['case_notes.id'], name=op.f('fk_recordings_note_id_case_notes'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recordings')),
    sqlite_autoincrement=True
    )
    for column in ('chat_id', 'message_id', 'handoff_id', 'note_id'):
        op.create_index(op.f(f'ix_recordings_{column}'), 'recordings', [column])
    op.create_index('ix_recordings_there', 'recordings', ['came_at'], sqlite_where=THERE, postgresql_where=THERE)


def downgrade() -> None:
    op.drop_table('recordings')
