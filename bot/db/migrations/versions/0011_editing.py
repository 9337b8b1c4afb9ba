"""drafts, workflow and approvals; entries found by one column; what a version was about"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('draft', 'in_review', 'approved', 'scheduled')")
SCHEDULED = sa.text("state = 'scheduled'")
NAMES = ('name', 'title', 'expansion', 'organization', 'number')


def upgrade() -> None:
    op.add_column('knowledge_entries', sa.Column('archived', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('knowledge_entries', sa.Column('title', sa.String(), nullable=False, server_default=''))
    op.add_column('knowledge_entries', sa.Column('search', sa.String(), nullable=False, server_default=''))
    op.create_index('ix_knowledge_entries_title', 'knowledge_entries', ['kind', 'archived', 'title'])
    op.add_column('knowledge_versions', sa.Column('what', sa.String(), nullable=False, server_default='change'))
    op.add_column('knowledge_versions', sa.Column('approved_by', sa.String(), nullable=True))
    op.create_table('knowledge_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('wish', sa.String(), nullable=False),
    sa.Column('base', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('checked', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('mark', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=True),
    sa.Column('approved_hash', sa.String(), nullable=True),
    sa.Column('publish_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('publish_by', sa.String(), nullable=True),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['knowledge_entries.id'], name=op.f('fk_knowledge_drafts_entry_id_knowledge_entries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_drafts'))
    )
    op.create_index(op.f('ix_knowledge_drafts_entry_id'), 'knowledge_drafts', ['entry_id'])
    op.create_index('uq_knowledge_drafts_open', 'knowledge_drafts', ['kind', 'key', 'author'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('ix_knowledge_drafts_due', 'knowledge_drafts', ['publish_at'], sqlite_where=SCHEDULED, postgresql_where=SCHEDULED)
    op.create_table('knowledge_draft_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('becomes', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['knowledge_drafts.id'], name=op.f('fk_knowledge_draft_steps_draft_id_knowledge_drafts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_draft_steps'))
    )
    op.create_index(op.f('ix_knowledge_draft_steps_draft_id'), 'knowledge_draft_steps', ['draft_id'])
    _fill()


def _fill() -> None:
    """The columns of what is there already, as bot/knowledge/indexing.py makes them today."""
    connection = op.get_bind()
    entries = sa.table('knowledge_entries', *(sa.column(name) for name in ('id', 'key', 'title', 'search')), sa.column('data', sa.JSON))
    texts = sa.table('knowledge_texts', *(sa.column(name) for name in ('entry_id', 'language', 'field', 'text')))
    said: dict[int, list[str]] = {}
    wanted = (texts.c.language == 'en') | (texts.c.field == 'names')
    for row in connection.execute(sa.select(texts.c.entry_id, texts.c.text).where(wanted)):
        said.setdefault(row.entry_id, []).append(row.text)
    for row in connection.execute(sa.select(entries.c.id, entries.c.key, entries.c.data)).all():
        data = row.data if isinstance(row.data, dict) else json.loads(row.data)
        parts = [row.key, *(str(data.get(name, '')) for name in NAMES), *data.get('aliases', []), *said.get(row.id, [])]
        title = str(data.get('name') or data.get('title') or row.key).casefold()
        found = '\n'.join(part for part in parts if part).casefold()
        connection.execute(sa.update(entries).where(entries.c.id == row.id).values(title=title, search=found))


def downgrade() -> None:
    op.drop_table('knowledge_draft_steps')
    op.drop_table('knowledge_drafts')
    with op.batch_alter_table('knowledge_versions', schema=None) as batch_op:
        batch_op.drop_column('approved_by')
        batch_op.drop_column('what')
    op.drop_index('ix_knowledge_entries_title', 'knowledge_entries')
    with op.batch_alter_table('knowledge_entries', schema=None) as batch_op:
        batch_op.drop_column('search')
        batch_op.drop_column('title')
        batch_op.drop_column('archived')
