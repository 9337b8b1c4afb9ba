"""mentors, pairs, relay"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def at(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, bot.db.base.UtcDateTime(timezone=True), nullable=nullable)


def secret(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def whose(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f(f'fk_{table}_person_id_people'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f(f'fk_{table}_chat_id_chats'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
        sa.UniqueConstraint('person_id', name=op.f(f'uq_{table}_person_id')),
    ]


def upgrade() -> None:
    op.create_table('mentors',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('profession', sa.String(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('times', sa.JSON(), nullable=False),
    sa.Column('often', sa.String(), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    secret('way_words'),
    secret('gender'),
    secret('called'),
    secret('vouched'),
    sa.Column('most', sa.Integer(), nullable=False),
    at('agreed_at'),
    sa.Column('recheck_on', sa.Date(), nullable=True),
    at('left_at'),
    at('created_at', nullable=False),
    at('updated_at', nullable=False),
    *whose('mentors'),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_mentors_chat_id'), 'mentors', ['chat_id'])
    op.create_index(op.f('ix_mentors_state'), 'mentors', ['state'])
    op.create_table('mentor_wishes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('profession', sa.String(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('times', sa.JSON(), nullable=False),
    secret('gender', nullable=False),
    at('left_at'),
    at('created_at', nullable=False),
    at('updated_at', nullable=False),
    *whose('mentor_wishes'),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_mentor_wishes_chat_id'), 'mentor_wishes', ['chat_id'])
    op.create_index(op.f('ix_mentor_wishes_state'), 'mentor_wishes', ['state'])
    op.create_table('mentor_pairs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mentor_id', sa.Integer(), nullable=False),
    sa.Column('wish_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('reason', sa.JSON(), nullable=False),
    at('mentor_agreed_at'),
    at('mentee_agreed_at'),
    sa.Column('mentor_names', sa.Boolean(), nullable=False),
    sa.Column('mentee_names', sa.Boolean(), nullable=False),
    at('alarm_at'),
    sa.Column('alarm', sa.String(), nullable=False),
    sa.Column('alarm_by', sa.String(), nullable=False),
    at('handled_at'),
    at('created_at', nullable=False),
    at('updated_at', nullable=False),
    sa.ForeignKeyConstraint(['mentor_id'], ['mentors.id'], name=op.f('fk_mentor_pairs_mentor_id_mentors'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['wish_id'], ['mentor_wishes.id'], name=op.f('fk_mentor_pairs_wish_id_mentor_wishes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_pairs')),
    sa.UniqueConstraint('mentor_id', 'wish_id', name=op.f('uq_mentor_pairs_mentor_id_wish_id')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_mentor_pairs_wish_id'), 'mentor_pairs', ['wish_id'])
    op.create_index(op.f('ix_mentor_pairs_state'), 'mentor_pairs', ['state'])
    op.create_table('mentor_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pair_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    secret('text'),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    at('at', nullable=False),
    at('done_at'),
    sa.ForeignKeyConstraint(['pair_id'], ['mentor_pairs.id'], name=op.f('fk_mentor_messages_pair_id_mentor_pairs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_messages')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_mentor_messages_pair_id'), 'mentor_messages', ['pair_id'])
    op.create_index('ix_mentor_messages_waiting', 'mentor_messages', ['id'], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index('ix_mentor_messages_at', 'mentor_messages', ['at'])
    op.create_table('mentor_writing',
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('pair_id', sa.Integer(), nullable=False),
    at('until', nullable=False),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_mentor_writing_chat_id_chats'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['pair_id'], ['mentor_pairs.id'], name=op.f('fk_mentor_writing_pair_id_mentor_pairs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('chat_id', name=op.f('pk_mentor_writing'))
    )
    op.create_index(op.f('ix_mentor_writing_pair_id'), 'mentor_writing', ['pair_id'])
    op.create_table('mentor_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mentor_id', sa.Integer(), nullable=False),
    at('at', nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('was', sa.String(), nullable=False),
    sa.Column('becomes', sa.String(), nullable=False),
    secret('words'),
    sa.ForeignKeyConstraint(['mentor_id'], ['mentors.id'], name=op.f('fk_mentor_events_mentor_id_mentors'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_events'))
    )
    op.create_index(op.f('ix_mentor_events_mentor_id'), 'mentor_events', ['mentor_id'])


def downgrade() -> None:
    for table in ('mentor_events', 'mentor_writing', 'mentor_messages', 'mentor_pairs', 'mentor_wishes', 'mentors'):
        op.drop_table(table)
