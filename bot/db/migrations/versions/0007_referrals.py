"""referrals sent out: counted reminders and follow-ups, what a service answered by its link, services that sink"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ASKED, UNSENT = sa.text('follow_up_at IS NOT NULL'), sa.text("state IN ('queued', 'sending')")


def upgrade() -> None:
    op.create_table('service_flags',
    sa.Column('service', sa.String(), nullable=False),
    sa.Column('no_place', sa.Integer(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('since', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('looked_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('service', name=op.f('pk_service_flags'))
    )
    with op.batch_alter_table('referrals', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reminders', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('follow_ups', sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_index('ix_referrals_service', ['service'], unique=False)
        batch_op.create_index('ix_referrals_consent', ['state', 'consent_until'], unique=False)
        batch_op.create_index('ix_referrals_follow_up', ['follow_up_at'], unique=False, sqlite_where=ASKED, postgresql_where=ASKED)

    with op.batch_alter_table('service_links', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answer', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('note', bot.db.base.SecretText(), nullable=True))
        batch_op.add_column(sa.Column('question', bot.db.base.SecretText(), nullable=True))

    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.create_index('ix_mails_unsent', ['id'], unique=False, sqlite_where=UNSENT, postgresql_where=UNSENT)


def downgrade() -> None:
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.drop_index('ix_mails_unsent', sqlite_where=UNSENT, postgresql_where=UNSENT)

    with op.batch_alter_table('service_links', schema=None) as batch_op:
        batch_op.drop_column('question')
        batch_op.drop_column('note')
        batch_op.drop_column('answer')

    with op.batch_alter_table('referrals', schema=None) as batch_op:
        batch_op.drop_index('ix_referrals_follow_up', sqlite_where=ASKED, postgresql_where=ASKED)
        batch_op.drop_index('ix_referrals_consent')
        batch_op.drop_index('ix_referrals_service')
        batch_op.drop_column('follow_ups')
        batch_op.drop_column('reminders')

    op.drop_table('service_flags')
