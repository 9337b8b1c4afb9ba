"""the bytes of recordings that came by the web chat, which no channel keeps for us"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.db.base

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

LOOSE = sa.text('recording_id IS NULL')


def upgrade() -> None:
    op.create_table('recording_bodies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('inbox_id', sa.Integer(), nullable=True),
    sa.Column('recording_id', sa.Integer(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('body', bot.db.base.SecretBytes(), nullable=False),
    sa.Column('came_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_recording_bodies_chat_id_chats'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['inbox_id'], ['inbox.id'], name=op.f('fk_recording_bodies_inbox_id_inbox'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('fk_recording_bodies_recording_id_recordings'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recording_bodies')),
    sa.UniqueConstraint('key', name=op.f('uq_recording_bodies_key')),
    sqlite_autoincrement=True
    )
    for column in ('chat_id', 'inbox_id', 'recording_id'):
        op.create_index(op.f(f'ix_recording_bodies_{column}'), 'recording_bodies', [column])
    op.create_index('ix_recording_bodies_loose', 'recording_bodies', ['came_at'], sqlite_where=LOOSE, postgresql_where=LOOSE)


def downgrade() -> None:
    op.drop_table('recording_bodies')
