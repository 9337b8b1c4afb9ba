"""privacy: counts of what is deleted, sealed reasons of legal holds, indexes that deleting needs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

OPEN = sa.text("state != 'closed'")
FORGOTTEN, TO_ERASE = sa.text('forgotten_at IS NOT NULL'), sa.text('erase_at IS NOT NULL')


def upgrade() -> None:
    op.create_table('deleted_counts',
    sa.Column('month', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'language', 'kind', name=op.f('pk_deleted_counts'))
    )
    op.create_table('retention_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ran_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('deletes_from', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_runs'))
    )
    op.create_index('ix_handoffs_silent', 'handoffs', ['updated_at'], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('ix_messages_outbox', 'messages', ['outbox_id'])
    op.create_index('ix_referrals_chat', 'referrals', ['chat_id'])
    op.create_index('ix_notices_object', 'notices', ['object'])
    op.create_index('ix_notices_at', 'notices', ['at'])
    op.create_index('ix_inbox_received', 'inbox', ['received_at'])
    op.create_index('ix_outbox_created', 'outbox', ['created_at'])
    op.add_column('outbox', sa.Column('erase_at', bot.db.base.UtcDateTime(timezone=True), nullable=True))
    op.create_index('ix_outbox_chat', 'outbox', ['chat_id', 'id'])
    op.create_index('ix_outbox_erase', 'outbox', ['erase_at'], sqlite_where=TO_ERASE, postgresql_where=TO_ERASE)
    op.add_column('people', sa.Column('forgotten_at', bot.db.base.UtcDateTime(timezone=True), nullable=True))
    op.create_index('ix_people_forgotten', 'people', ['forgotten_at'], sqlite_where=FORGOTTEN, postgresql_where=FORGOTTEN)
    op.add_column('case_events', sa.Column('words', bot.db.base.SecretText(), nullable=True))
    _seal_what_was_typed()
    _change_why(sa.String(), bot.db.base.SecretText('legal_holds.why'))
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ended_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('ended_why', bot.db.base.SecretText(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_legal_holds_ended_by_staff'), 'staff', ['ended_by'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_legal_holds_ended_by_staff'), type_='foreignkey')
        batch_op.drop_column('ended_why')
        batch_op.drop_column('ended_by')

    _change_why(bot.db.base.SecretText('legal_holds.why'), sa.String())
    with op.batch_alter_table('case_events', schema=None) as batch_op:
        batch_op.drop_column('words')

    op.drop_index('ix_people_forgotten', 'people')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_column('forgotten_at')

    op.drop_index('ix_outbox_erase', 'outbox')
    op.drop_index('ix_outbox_chat', 'outbox')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('erase_at')

    op.drop_index('ix_outbox_created', 'outbox')
    op.drop_index('ix_inbox_received', 'inbox')
    op.drop_index('ix_notices_at', 'notices')
    op.drop_index('ix_notices_object', 'notices')
    op.drop_index('ix_referrals_chat', 'referrals')
    op.drop_index('ix_messages_outbox', 'messages')
    op.drop_index('ix_handoffs_silent', 'handoffs')
    op.drop_table('retention_runs')
    op.drop_table('deleted_counts')


def _seal_what_was_typed() -> None:
    """Until now the reasons that staff typed stood beside the codes."""
    events = sa.table('case_events', sa.column('id', sa.Integer), sa.column('actor', sa.String), sa.column('why', sa.String),
                      sa.column('words', bot.db.base.SecretText('case_events.words')))
    connection = op.get_bind()
    codes = ('', 'helped', 'referred', 'could_not_reach', 'other')
    typed = sa.select(events.c.id, events.c.why).where(events.c.actor.like('staff:%'), events.c.why.not_in(codes))
    for number, why in connection.execute(typed).all():
        connection.execute(events.update().where(events.c.id == number).values(why='', words=why))


def _change_why(was: sa.types.TypeEngine, becomes: sa.types.TypeEngine) -> None:
    """The reasons are kept: read as they were, written as they shall be."""
    old = sa.table('legal_holds', sa.column('id', sa.Integer), sa.column('why', was))
    reasons = dict(op.get_bind().execute(sa.select(old.c.id, old.c.why)).all())
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.drop_column('why')
        batch_op.add_column(sa.Column('why', becomes, nullable=True))

    new = sa.table('legal_holds', sa.column('id', sa.Integer), sa.column('why', becomes))
    for number, why in reasons.items():
        op.get_bind().execute(new.update().where(new.c.id == number).values(why=why))
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.alter_column('why', existing_type=becomes, nullable=False)
