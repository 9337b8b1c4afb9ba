"""live settings, suggestions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

WAITS = sa.text("state IN ('open', 'taken')")
TO_TELL = sa.text("hear AND told_at IS NULL AND decided_at IS NOT NULL")


def upgrade() -> None:
    op.create_table('live_settings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_settings')),
    sa.UniqueConstraint('name', name=op.f('uq_live_settings_name'))
    )
    op.create_table('live_setting_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_setting_changes'))
    )
    op.create_index(op.f('ix_live_setting_changes_name'), 'live_setting_changes', ['name'])
    op.execute(sa.text("INSERT INTO knowledge_revision (id, number) VALUES (2, 0)"))  # so that no two have to make it
    op.add_column('people', sa.Column('language_off_told', sa.String(), nullable=True))
    op.create_table('suggestions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('about_kind', sa.String(), nullable=False),
    sa.Column('about_key', sa.String(), nullable=False),
    sa.Column('words', bot.db.base.SecretText(), nullable=False),
    sa.Column('english', bot.db.base.SecretText(), nullable=True),
    sa.Column('english_by', sa.String(), nullable=True),
    sa.Column('asked_machine_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('merged_into', sa.Integer(), nullable=True),
    sa.Column('hear', sa.Boolean(), nullable=False),
    sa.Column('told_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_suggestions_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_suggestions_chat_id_chats'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['merged_into'], ['suggestions.id'], name=op.f('fk_suggestions_merged_into_suggestions'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestions')),
    sa.UniqueConstraint('reference', name=op.f('uq_suggestions_reference'))
    )
    for column in ('person_id', 'chat_id', 'merged_into'):
        op.create_index(op.f(f'ix_suggestions_{column}'), 'suggestions', [column])
    op.create_index('ix_suggestions_waiting', 'suggestions', ['id'], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index('ix_suggestions_to_tell', 'suggestions', ['decided_at'], sqlite_where=TO_TELL, postgresql_where=TO_TELL)
    op.create_index('ix_suggestions_about', 'suggestions', ['about_kind', 'about_key'])
    op.create_table('news_wishes',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('told_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_news_wishes_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_news_wishes_chat_id_chats'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_news_wishes'))
    )
    op.create_index(op.f('ix_news_wishes_chat_id'), 'news_wishes', ['chat_id'])
    op.create_table('news_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('published_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['staff.id'], name=op.f('fk_news_items_made_by_staff'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_news_items')),
    sa.UniqueConstraint('key', name=op.f('uq_news_items_key'))
    )


def downgrade() -> None:
    for table in ('news_items', 'news_wishes', 'suggestions'):
        op.drop_table(table)
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_column('language_off_told')
    op.execute(sa.text("DELETE FROM knowledge_revision WHERE id = 2"))
    op.drop_table('live_setting_changes')
    op.drop_table('live_settings')
