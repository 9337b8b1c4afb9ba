"""which files were last loaded, so that a start with the same ones need not read them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('knowledge_revision', sa.Column('files', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('knowledge_revision') as batch_op:
        batch_op.drop_column('files')
