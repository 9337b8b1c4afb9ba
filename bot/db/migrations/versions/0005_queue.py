"""the queue's order and indexes; notes and scheduled messages once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

FILTERS = ['state', 'team_id', 'claimed_by', 'language', 'need', 'area', 'snoozed_until']
OPEN, CLOSED = sa.text('closed_at IS NULL'), sa.text('closed_at IS NOT NULL')
SNOOZED, SCHEDULED = sa.text('snoozed_until IS NOT NULL'), sa.text("state = 'waiting'")


def upgrade() -> None:
    with op.batch_alter_table('case_notes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('once', sa.String(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_case_notes_once'), ['once'])

    with op.batch_alter_table('handoffs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rank', sa.Integer(), nullable=False, server_default='3'))
        batch_op.add_column(sa.Column('waiting_since', bot.db.base.UtcDateTime(timezone=True), nullable=False, server_default='2026-01-01 00:00:00'))

    op.execute("UPDATE handoffs SET waiting_since = created_at")
    op.execute("UPDATE handoffs SET rank = CASE urgency WHEN 'danger' THEN 0 WHEN 'today' THEN 1 WHEN 'week' THEN 2 ELSE 3 END")
    with op.batch_alter_table('handoffs', schema=None) as batch_op:
        batch_op.drop_index('ix_handoffs_queue')
        batch_op.drop_index('ix_handoffs_claimed')
        batch_op.drop_index('ix_handoffs_target')
        batch_op.drop_index(batch_op.f('ix_handoffs_team_id'))
        batch_op.create_index('ix_handoffs_created', ['created_at'], unique=False)
        batch_op.create_index('ix_handoffs_target', ['target_at'], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.create_index('ix_handoffs_open', ['rank', 'waiting_since', 'id', *FILTERS, 'updated_at', 'closed_at'], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.create_index('ix_handoffs_closed', ['closed_at', 'id', 'rank', *FILTERS], unique=False, sqlite_where=CLOSED, postgresql_where=CLOSED)
        batch_op.create_index('ix_handoffs_snoozed', ['snoozed_until'], unique=False, sqlite_where=SNOOZED, postgresql_where=SNOOZED)

    with op.batch_alter_table('scheduled_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('once', sa.String(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_scheduled_messages_once'), ['once'])
        batch_op.create_index('ix_scheduled_messages_due', ['due_at'], unique=False, sqlite_where=SCHEDULED, postgresql_where=SCHEDULED)


def downgrade() -> None:
    with op.batch_alter_table('scheduled_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_scheduled_messages_due', sqlite_where=SCHEDULED, postgresql_where=SCHEDULED)
        batch_op.drop_constraint(batch_op.f('uq_scheduled_messages_once'), type_='unique')
        batch_op.drop_column('once')

    with op.batch_alter_table('handoffs', schema=None) as batch_op:
        batch_op.drop_index('ix_handoffs_snoozed', sqlite_where=SNOOZED, postgresql_where=SNOOZED)
        batch_op.drop_index('ix_handoffs_closed', sqlite_where=CLOSED, postgresql_where=CLOSED)
        batch_op.drop_index('ix_handoffs_open', sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_index('ix_handoffs_target', sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_index('ix_handoffs_created')
        batch_op.create_index('ix_handoffs_queue', ['state', 'created_at'], unique=False)
        batch_op.create_index('ix_handoffs_claimed', ['claimed_by', 'state'], unique=False)
        batch_op.create_index('ix_handoffs_target', ['state', 'target_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_handoffs_team_id'), ['team_id'], unique=False)
        batch_op.drop_column('waiting_since')
        batch_op.drop_column('rank')

    with op.batch_alter_table('case_notes', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_case_notes_once'), type_='unique')
        batch_op.drop_column('once')
