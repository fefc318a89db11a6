"""Every store on which a fault may strike: PostgreSQL also with writers that do not wait."""

import pytest

from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.store import migrate


@pytest.fixture(params=["sqlite", *Writers])
def any_url(request: pytest.FixtureRequest) -> str:
    """Each store in turn and each order of writers, migrated."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    url: str = request.getfixturevalue(f"{kind}_url")
    migrate(url, writers=None if kind == "sqlite" else Writers(request.param))
    return url
