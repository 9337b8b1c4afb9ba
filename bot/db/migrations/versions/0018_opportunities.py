"""opportunities, interest, community contacts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact_arrivals',
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('contact', 'week', name=op.f('pk_contact_arrivals'))
    )
    op.create_table('contact_links',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['staff.id'], name=op.f('fk_contact_links_made_by_staff'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_contact_links'))
    )
    op.create_index('ix_contact_links_contact', 'contact_links', ['contact'])


def downgrade() -> None:
    op.drop_index('ix_contact_links_contact', 'contact_links')
    op.drop_table('contact_links')
    op.drop_table('contact_arrivals')
