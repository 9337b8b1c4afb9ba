"""skills a person has, and what is imported of ESCO"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('talents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', bot.db.base.SecretText(), nullable=False),
    sa.Column('words', bot.db.base.SecretText(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('years', bot.db.base.SecretJson(), nullable=True),
    sa.Column('implied_by', bot.db.base.SecretText(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_talents_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talents'))
    )
    op.create_index(op.f('ix_talents_person_id'), 'talents', ['person_id'])
    op.create_index(op.f('ix_talents_updated_at'), 'talents', ['updated_at'])
    op.create_table('esco_concepts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('isco', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_esco_concepts')),
    sa.UniqueConstraint('key', name=op.f('uq_esco_concepts_key'))
    )
    op.create_table('esco_labels',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('concept_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('compact', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('preferred', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['concept_id'], ['esco_concepts.id'], name=op.f('fk_esco_labels_concept_id_esco_concepts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_esco_labels')),
    sa.UniqueConstraint('concept_id', 'language', 'compact', name=op.f('uq_esco_labels_concept_id_language_compact'))
    )
    op.create_index('ix_esco_labels_compact', 'esco_labels', ['compact', 'language'])
    op.create_table('esco_links',
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['esco_concepts.id'], name=op.f('fk_esco_links_job_id_esco_concepts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['skill_id'], ['esco_concepts.id'], name=op.f('fk_esco_links_skill_id_esco_concepts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'skill_id', name=op.f('pk_esco_links'))
    )


def downgrade() -> None:
    op.drop_table('esco_links')
    op.drop_table('esco_labels')
    op.drop_table('esco_concepts')
    op.drop_table('talents')
