"""translations that are tried again, replies to look at before they are sent, characters of a day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

WANTED = sa.text('retry_at IS NOT NULL')


def upgrade() -> None:
    op.create_table('translation_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('characters', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_translation_days'))
    )
    op.create_table('reply_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('handoff_id', sa.Integer(), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('original', bot.db.base.SecretText(), nullable=False),
    sa.Column('text', bot.db.base.SecretText(), nullable=True),
    sa.Column('back', bot.db.base.SecretText(), nullable=True),
    sa.Column('made_by', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=True),
    sa.Column('lease_until', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['handoff_id'], ['handoffs.id'], name=op.f('fk_reply_drafts_handoff_id_handoffs'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_reply_drafts_staff_id_staff'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_drafts')),
    sa.UniqueConstraint('handoff_id', 'staff_id', name=op.f('uq_reply_drafts_handoff_id_staff_id')),
    sa.UniqueConstraint('token', name=op.f('uq_reply_drafts_token'))
    )
    op.create_index(op.f('ix_reply_drafts_staff_id'), 'reply_drafts', ['staff_id'])
    op.create_index(op.f('ix_reply_drafts_state'), 'reply_drafts', ['state'])
    for column in (
        sa.Column('put_by', sa.String(), nullable=True),
        sa.Column('failure', sa.String(), nullable=True),
        sa.Column('attempts', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('retry_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    ):
        op.add_column('message_translations', column)
    op.create_index('ix_message_translations_retry', 'message_translations', ['retry_at'], sqlite_where=WANTED, postgresql_where=WANTED)


def downgrade() -> None:
    op.drop_index('ix_message_translations_retry', 'message_translations')
    with op.batch_alter_table('message_translations', schema=None) as batch_op:
        batch_op.drop_column('retry_at')
        batch_op.drop_column('attempts')
        batch_op.drop_column('failure')
        batch_op.drop_column('put_by')

    op.drop_table('reply_drafts')
    op.drop_table('translation_days')
