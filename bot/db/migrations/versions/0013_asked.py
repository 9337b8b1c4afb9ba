"""what was asked, training examples, model runs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

UNIQUE = 'uq_knowledge_unknown_kind_language_words'


def upgrade() -> None:
    with op.batch_alter_table('knowledge_unknown', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('first_at', bot.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('state', sa.String(), nullable=False, server_default='open'))
        batch_op.add_column(sa.Column('assigned_to', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('settled_as', sa.String(), nullable=False, server_default=''))
        batch_op.create_foreign_key(op.f('fk_knowledge_unknown_assigned_to_staff'), 'staff', ['assigned_to'], ['id'], ondelete='SET NULL')
        batch_op.drop_constraint(op.f(UNIQUE), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_knowledge_unknown_kind_language_words_about'), ['kind', 'language', 'words', 'about'])
    op.create_index('ix_knowledge_unknown_open', 'knowledge_unknown', ['state', 'last_at'])
    op.create_table('knowledge_unknown_weeks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unknown_id', sa.Integer(), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unknown_id'], ['knowledge_unknown.id'], name=op.f('fk_knowledge_unknown_weeks_unknown_id_knowledge_unknown'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_unknown_weeks')),
    sa.UniqueConstraint('unknown_id', 'week', name=op.f('uq_knowledge_unknown_weeks_unknown_id_week'))
    )
    op.create_table('training_examples',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('intent', sa.String(), nullable=False),
    sa.Column('text', bot.db.base.SecretText(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_examples')),
    sa.UniqueConstraint('digest', name=op.f('uq_training_examples_digest'))
    )
    op.create_table('model_tests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('intent', sa.String(), nullable=False),
    sa.Column('text', bot.db.base.SecretText(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('must', sa.Boolean(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_tests')),
    sa.UniqueConstraint('digest', name=op.f('uq_model_tests_digest'))
    )
    op.create_table('training_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=True),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('started_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('heard_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(), nullable=True),
    sa.Column('model', sa.String(), nullable=True),
    sa.Column('against', sa.String(), nullable=True),
    sa.Column('examples', sa.Integer(), nullable=False),
    sa.Column('tests_mark', sa.String(), nullable=True),
    sa.Column('refused', sa.JSON(), nullable=True),
    sa.Column('result', bot.db.base.SecretJson(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_runs')),
    sa.UniqueConstraint('active', name=op.f('uq_training_runs_active'))
    )
    op.create_table('trained_models',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('base', sa.String(), nullable=False),
    sa.Column('examples', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('made_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', bot.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['training_runs.id'], name=op.f('fk_trained_models_run_id_training_runs'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trained_models')),
    sa.UniqueConstraint('name', name=op.f('uq_trained_models_name'))
    )
    op.create_table('model_in_use',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('before', sa.String(), nullable=True),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('since', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_in_use'))
    )
    op.create_table('model_processes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('failure', sa.String(), nullable=True),
    sa.Column('started_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_processes')),
    sa.UniqueConstraint('token', name=op.f('uq_model_processes_token'))
    )


def downgrade() -> None:
    for table in ('model_processes', 'model_in_use', 'trained_models', 'training_runs', 'model_tests', 'training_examples', 'knowledge_unknown_weeks'):
        op.drop_table(table)
    op.drop_index('ix_knowledge_unknown_open', 'knowledge_unknown')
    op.execute("DELETE FROM knowledge_unknown WHERE about <> ''")  # two answers may have the same words
    with op.batch_alter_table('knowledge_unknown', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('uq_knowledge_unknown_kind_language_words_about'), type_='unique')
        batch_op.create_unique_constraint(op.f(UNIQUE), ['kind', 'language', 'words'])
        batch_op.drop_constraint(op.f('fk_knowledge_unknown_assigned_to_staff'), type_='foreignkey')
        for column in ('settled_as', 'assigned_to', 'state', 'first_at', 'about'):
            batch_op.drop_column(column)
