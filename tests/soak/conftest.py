from tests.distributed.conftest import address as address
from tests.e2e.conftest import template as template
from tests.e2e.conftest import undisturbed as undisturbed
