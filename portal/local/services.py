"""All services the portal needs, on one machine, for as long as a block of code runs."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from portal.local.broker import running_broker
from portal.local.cluster import running_cluster
from portal.local.folders import var_folder
from portal.local.keeper import Keeper

# Importing the portal names these in our own environment, for Celery's sake; a command started here chooses its own.
DEVELOPMENT = "portal.settings.dev"


@contextmanager
def services(
    name: str = "demo", *, durable: bool = True, broker: bool = True, fresh: bool = False
) -> Iterator[dict[str, str]]:
    """Start what is not given by the environment and yield the environment in which the portal finds it all.

    DATABASE_URL and CELERY_BROKER_URL, where set, are used as they are. Everything started is stopped on leaving, and
    also when this process dies. Raises LocalError if something cannot be started.
    """
    env = dict(os.environ)
    if env.get("DJANGO_SETTINGS_MODULE") == DEVELOPMENT:
        del env["DJANGO_SETTINGS_MODULE"]
    var = var_folder()
    with ExitStack() as stack:
        keeper = stack.enter_context(Keeper())
        if not env.get("DATABASE_URL"):
            env["DATABASE_URL"] = stack.enter_context(running_cluster(name, var, keeper, durable=durable, fresh=fresh))
        if broker and not env.get("CELERY_BROKER_URL"):
            env["CELERY_BROKER_URL"] = stack.enter_context(running_broker(name, var, keeper))
        yield env
