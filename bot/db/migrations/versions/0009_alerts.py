"""alerts: lines for the team's Telegram chat, which notices were e-mailed, indexes for what is unseen"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

UNSENT = sa.text("state IN ('queued', 'sending')")
UNTOLD, UNSEEN = sa.text('seen_at IS NULL AND mailed_at IS NULL'), sa.text('seen_at IS NULL')


def upgrade() -> None:
    op.create_table('staff_alerts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('object', sa.String(), nullable=False),
    sa.Column('at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('not_before', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_alerts'))
    )
    op.create_index(op.f('ix_staff_alerts_object'), 'staff_alerts', ['object'])
    op.create_index('ix_staff_alerts_unsent', 'staff_alerts', ['id'], sqlite_where=UNSENT, postgresql_where=UNSENT)
    op.add_column('notices', sa.Column('mailed_at', bot.db.base.UtcDateTime(timezone=True), nullable=True))
    op.create_index('ix_notices_untold', 'notices', ['staff_id', 'at'], sqlite_where=UNTOLD, postgresql_where=UNTOLD)
    op.create_index('ix_notices_unseen', 'notices', ['staff_id', 'id'], sqlite_where=UNSEEN, postgresql_where=UNSEEN)


def downgrade() -> None:
    op.drop_index('ix_notices_unseen', 'notices')
    op.drop_index('ix_notices_untold', 'notices')
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_column('mailed_at')

    op.drop_table('staff_alerts')
