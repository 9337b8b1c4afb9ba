"""stories and consent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stories',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('pathway', sa.String(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=True),
    sa.Column('texts', sa.LargeBinary(), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=True),
    sa.Column('country', sa.LargeBinary(), nullable=True),
    sa.Column('in_reports', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('wish', sa.LargeBinary(), nullable=True),
    sa.Column('mark', sa.Integer(), nullable=False),
    sa.Column('entry_key', sa.String(), nullable=True),
    sa.Column('consent_id', sa.Integer(), nullable=True),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_stories_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_stories_chat_id_chats'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['consent_id'], ['consents.id'], name=op.f('fk_stories_consent_id_consents'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stories')),
    sa.UniqueConstraint('reference', name=op.f('uq_stories_reference')),
    sqlite_autoincrement=True,
    )
    for column in ('person_id', 'chat_id', 'state', 'entry_key', 'consent_id', 'updated_at'):
        op.create_index(op.f(f'ix_stories_{column}'), 'stories', [column])
    op.create_table('story_moves',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('story_id', sa.Integer(), nullable=False),
    sa.Column('at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('was', sa.String(), nullable=False),
    sa.Column('becomes', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_story_moves_story_id_stories'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_story_moves'))
    )
    op.create_index(op.f('ix_story_moves_story_id'), 'story_moves', ['story_id'])


def downgrade() -> None:
    op.drop_table('story_moves')
    op.drop_table('stories')
