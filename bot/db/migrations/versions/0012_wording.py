"""states of translations, reviews, own sentences"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

TIME = bot.db.base.UtcDateTime(timezone=True)
# of what is not outdated the English has not changed since
MADE_FROM = """
UPDATE knowledge_texts SET made_from = (
    SELECT e.text FROM knowledge_texts e
    WHERE e.entry_id = knowledge_texts.entry_id AND e.field = knowledge_texts.field AND e.language = 'en')
WHERE language <> 'en' AND state <> 'outdated'
"""


def upgrade() -> None:
    op.create_table('wordings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('forms', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('english', sa.JSON(), nullable=False),
    sa.Column('shipped', sa.JSON(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('at', TIME, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wordings')),
    sa.UniqueConstraint('language', 'key', name=op.f('uq_wordings_language_key'))
    )
    op.create_table('wording_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('forms', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('at', TIME, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wording_versions'))
    )
    op.create_index('ix_wording_versions_sentence', 'wording_versions', ['language', 'key'])
    op.create_table('text_reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=True),
    sa.Column('at', TIME, nullable=False),
    sa.Column('settled_by', sa.String(), nullable=True),
    sa.Column('settled_at', TIME, nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_text_reviews_staff_id_staff'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_reviews'))
    )
    op.create_index(op.f('ix_text_reviews_staff_id'), 'text_reviews', ['staff_id'])
    op.create_index('ix_text_reviews_language', 'text_reviews', ['language', 'verdict'])
    op.create_table('text_suggestions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('english', sa.JSON(), nullable=False),
    sa.Column('forms', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('made_by', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=True),
    sa.Column('lease_until', TIME, nullable=True),
    sa.Column('at', TIME, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_suggestions')),
    sa.UniqueConstraint('language', 'place', name=op.f('uq_text_suggestions_language_place'))
    )
    op.create_index(op.f('ix_text_suggestions_state'), 'text_suggestions', ['state'])
    op.create_table('translation_files',
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('at', TIME, nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_translation_files_staff_id_staff'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_translation_files'))
    )
    op.create_index(op.f('ix_translation_files_staff_id'), 'translation_files', ['staff_id'])
    op.add_column('knowledge_texts', sa.Column('made_from', sa.String(), nullable=True))
    op.execute(MADE_FROM)
    op.add_column('staff', sa.Column('languages', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('invitations', sa.Column('languages', sa.JSON(), server_default='[]', nullable=False))


def downgrade() -> None:
    for table, column in (('invitations', 'languages'), ('staff', 'languages'), ('knowledge_texts', 'made_from')):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)

    for name in ('translation_files', 'text_suggestions', 'text_reviews', 'wording_versions', 'wordings'):
        op.drop_table(name)
