"""check-ins, outcomes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

WAITS = sa.text('next_at IS NOT NULL')


def upgrade() -> None:
    op.create_table('check_in_rhythms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('rhythm', sa.String(), nullable=False),
    sa.Column('next_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('unanswered', sa.Integer(), nullable=False),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_check_in_rhythms_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_check_in_rhythms_chat_id_chats'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in_rhythms')),
    sa.UniqueConstraint('person_id', name=op.f('uq_check_in_rhythms_person_id'))
    )
    op.create_index(op.f('ix_check_in_rhythms_chat_id'), 'check_in_rhythms', ['chat_id'])
    op.create_index('ix_check_in_rhythms_due', 'check_in_rhythms', ['next_at'], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table('check_ins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('rhythm', sa.String(), nullable=False),
    sa.Column('sent_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answered_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('feeling', bot.db.base.SecretJson(), nullable=True),
    sa.Column('belonging', bot.db.base.SecretJson(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_check_ins_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_check_ins_chat_id_chats'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_ins'))
    )
    op.create_index(op.f('ix_check_ins_person_id'), 'check_ins', ['person_id'])
    op.create_index(op.f('ix_check_ins_chat_id'), 'check_ins', ['chat_id'])
    op.create_index(op.f('ix_check_ins_sent_at'), 'check_ins', ['sent_at'])
    op.create_table('outcomes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('how', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('words', bot.db.base.SecretText(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('faces', bot.db.base.SecretJson(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('noted_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_outcomes_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcomes')),
    sa.UniqueConstraint('person_id', 'kind', 'source', name=op.f('uq_outcomes_person_id_kind_source'))
    )
    op.create_index(op.f('ix_outcomes_person_id'), 'outcomes', ['person_id'])
    op.create_table('trials',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.Column('learnt', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('made_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trials'))
    )
    op.create_table('trial_goals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('trial_id', sa.Integer(), nullable=False),
    sa.Column('goal', sa.String(), nullable=False),
    sa.Column('came_of_it', sa.String(), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['trial_id'], ['trials.id'], name=op.f('fk_trial_goals_trial_id_trials'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trial_goals'))
    )
    op.create_index(op.f('ix_trial_goals_trial_id'), 'trial_goals', ['trial_id'])


def downgrade() -> None:
    op.drop_table('trial_goals')
    op.drop_table('trials')
    op.drop_table('outcomes')
    op.drop_table('check_ins')
    op.drop_table('check_in_rhythms')
