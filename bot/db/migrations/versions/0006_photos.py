"""photos of letters that wait to be read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

UNREAD = sa.text("state IN ('arrived', 'waiting', 'reading')")


def upgrade() -> None:
    op.create_table('photos',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('inbox_id', sa.Integer(), nullable=True),
    sa.Column('media_id', bot.db.base.SecretText(), nullable=True),
    sa.Column('body', bot.db.base.SecretBytes(), nullable=True),
    sa.Column('for_person', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('not_before', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(), nullable=True),
    sa.Column('received_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('done_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_photos_chat_id_chats'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['inbox_id'], ['inbox.id'], name=op.f('fk_photos_inbox_id_inbox'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photos')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photos_inbox_id'), ['inbox_id'], unique=False)
        batch_op.create_index('ix_photos_unread', ['chat_id', 'id'], unique=False, sqlite_where=UNREAD, postgresql_where=UNREAD)


def downgrade() -> None:
    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.drop_index('ix_photos_unread', sqlite_where=UNREAD, postgresql_where=UNREAD)
        batch_op.drop_index(batch_op.f('ix_photos_inbox_id'))

    op.drop_table('photos')
