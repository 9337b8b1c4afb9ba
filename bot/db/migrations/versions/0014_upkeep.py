"""findings, links, uses, feeds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

TIME = bot.db.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('knowledge_uses',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'key', 'day', name=op.f('pk_knowledge_uses'))
    )
    op.create_table('upkeep_findings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('entry_kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('says', sa.JSON(), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('assigned_to', sa.Integer(), nullable=True),
    sa.Column('wakes_at', TIME, nullable=True),
    sa.Column('done_at', TIME, nullable=True),
    sa.Column('done_mark', sa.String(), nullable=True),
    sa.Column('since', TIME, nullable=False),
    sa.ForeignKeyConstraint(['assigned_to'], ['staff.id'], name=op.f('fk_upkeep_findings_assigned_to_staff'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upkeep_findings')),
    sa.UniqueConstraint('kind', 'entry_kind', 'key', 'part', name=op.f('uq_upkeep_findings_kind_entry_kind_key_part'))
    )
    op.create_index('ix_upkeep_findings_state', 'upkeep_findings', ['state', 'kind'])
    op.create_table('upkeep_jobs',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('due_at', TIME, nullable=False),
    sa.Column('lease_until', TIME, nullable=True),
    sa.Column('ended_at', TIME, nullable=True),
    sa.Column('failure', sa.String(), nullable=False),
    sa.Column('asked', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_upkeep_jobs'))
    )
    op.create_table('upkeep_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('due_at', TIME, nullable=False),
    sa.Column('checked_at', TIME, nullable=True),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', TIME, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upkeep_links')),
    sa.UniqueConstraint('url', name=op.f('uq_upkeep_links_url'))
    )
    op.create_index(op.f('ix_upkeep_links_due_at'), 'upkeep_links', ['due_at'])
    op.create_table('upkeep_link_checks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('at', TIME, nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['upkeep_links.id'], name=op.f('fk_upkeep_link_checks_link_id_upkeep_links'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upkeep_link_checks'))
    )
    op.create_index('ix_upkeep_link_checks_link_id', 'upkeep_link_checks', ['link_id', 'at'])
    op.create_table('upkeep_feeds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('every_hours', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('due_at', TIME, nullable=False),
    sa.Column('lease_until', TIME, nullable=True),
    sa.Column('tried_at', TIME, nullable=True),
    sa.Column('read_at', TIME, nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('etags', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upkeep_feeds')),
    sa.UniqueConstraint('url', name=op.f('uq_upkeep_feeds_url'))
    )
    op.create_table('upkeep_arrivals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('encoding', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=True),
    sa.Column('brought_by', sa.Integer(), nullable=True),
    sa.Column('at', TIME, nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['brought_by'], ['staff.id'], name=op.f('fk_upkeep_arrivals_brought_by_staff'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['feed_id'], ['upkeep_feeds.id'], name=op.f('fk_upkeep_arrivals_feed_id_upkeep_feeds'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upkeep_arrivals'))
    )
    op.create_table('upkeep_backups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', TIME, nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upkeep_backups'))
    )


def downgrade() -> None:
    for name in ('upkeep_backups', 'upkeep_arrivals', 'upkeep_feeds', 'upkeep_link_checks', 'upkeep_links', 'upkeep_jobs',
                 'upkeep_findings', 'knowledge_uses'):
        op.drop_table(name)
