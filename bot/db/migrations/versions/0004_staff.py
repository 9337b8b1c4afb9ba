"""staff: links for a lost phone or password, single sign-on, an audit that is chained and cannot be changed"""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import sqlalchemy as sa
from alembic import op
import bot.db.base

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

audit = sa.table(
    'audit',
    sa.column('id', sa.Integer), sa.column('at', bot.db.base.UtcDateTime), sa.column('actor'), sa.column('verb'),
    sa.column('object'), sa.column('why'), sa.column('chain'),
)


def upgrade() -> None:
    op.create_table('sso_attempts',
    sa.Column('state_hash', sa.String(), nullable=False),
    sa.Column('browser_hash', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('details', bot.db.base.SecretJson(), nullable=False),
    sa.Column('created_at', bot.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('state_hash', name=op.f('pk_sso_attempts'))
    )
    with op.batch_alter_table('sso_attempts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sso_attempts_address'), ['address'], unique=False)

    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index('ix_audit_actor', ['actor', 'id'], unique=False)
        batch_op.create_index('ix_audit_at', ['at'], unique=False)
        batch_op.create_index('ix_audit_object', ['object', 'id'], unique=False)

    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), nullable=False, server_default='account'))
        batch_op.add_column(sa.Column('team_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('email', bot.db.base.SecretText(), nullable=True))
        batch_op.add_column(sa.Column('staff_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_invitations_staff_id_staff'), 'staff', ['staff_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key(batch_op.f('fk_invitations_team_id_teams'), 'teams', ['team_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('staff_sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('device', sa.String(), nullable=False, server_default=''))

    _chain_what_is_there()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)

    with op.batch_alter_table('staff_sessions', schema=None) as batch_op:
        batch_op.drop_column('device')

    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_invitations_team_id_teams'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_invitations_staff_id_staff'), type_='foreignkey')
        batch_op.drop_column('staff_id')
        batch_op.drop_column('email')
        batch_op.drop_column('team_id')
        batch_op.drop_column('kind')

    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_object')
        batch_op.drop_index('ix_audit_at')
        batch_op.drop_index('ix_audit_actor')

    with op.batch_alter_table('sso_attempts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sso_attempts_address'))

    op.drop_table('sso_attempts')


def _chain_what_is_there() -> None:
    """Entries older than the chain get theirs, as bot/staff/audit.py made it when this was written."""
    connection, before = op.get_bind(), ''
    for row in connection.execute(sa.select(audit).order_by(audit.c.id)).all():
        plain = {'at': row.at.astimezone(dt.UTC).isoformat(timespec='microseconds'), 'actor': row.actor, 'verb': row.verb,
                 'object': row.object, 'why': row.why}
        before = hashlib.sha256((before + json.dumps(plain, sort_keys=True, separators=(',', ':'))).encode()).hexdigest()
        connection.execute(audit.update().where(audit.c.id == row.id).values(chain=before))


GUARDS = {
    'sqlite': [
        f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        for verb in ('UPDATE', 'DELETE')
    ],
    'postgresql': [
        "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
    ],
}
UNGUARD = {
    'sqlite': ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
    'postgresql': [
        "DROP TRIGGER audit_no_truncate ON audit",
        "DROP TRIGGER audit_no_change ON audit",
        "DROP FUNCTION audit_refuses()",
    ],
}
