"""`manage.py demo`: everything on one machine; prints the address and the demo people; Ctrl-C stops all it started."""

import os
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.local.errors import LocalError
from portal.local.processes import HOST, beat, free_port, supervised, web, worker
from portal.local.services import services


class Command(BaseCommand):
    """Starts PostgreSQL, broker, worker, beat and the site, with demo data."""

    help = "在本机启动演示：自带数据库、后台任务和网站，打印网址和演示账号。"
    requires_system_checks: list[str] = []  # the children check; here no database is up yet

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C or SIGTERM, or until a part fails."""
        try:
            port = int(os.environ.get("PORT", "0")) or free_port()
            with services("demo") as found:
                env = found | {"DJANGO_SETTINGS_MODULE": "portal.settings.demo"}
                env.setdefault("SITE_URL", f"http://{HOST}:{port}")  # letters print it, the first while data is loaded
                for step in (["migrate", "-v", "0"], ["collectstatic", "--noinput", "-v", "0"], ["demo_load"]):
                    self._run(step, env)
                self._serve(port, env)
        except LocalError as problem:
            raise CommandError(str(problem)) from None

    def _run(self, words: list[str], env: dict[str, str]) -> None:
        done = subprocess.run([sys.executable, "manage.py", *words], env=env, check=False)
        if done.returncode:
            raise CommandError(f"manage.py {words[0]} 没有成功，演示没有启动。上面是原因。")

    def _serve(self, port: int, env: dict[str, str]) -> None:
        with supervised(env) as supervisor:
            for program in (worker(), beat(), web(port)):
                supervisor.start(program)
            supervisor.wait_for_port(port)
            if not supervisor.stopping:
                self._greet(port, env)
            supervisor.wait()
        self.stdout.write("演示已停止。")

    def _greet(self, port: int, env: dict[str, str]) -> None:
        self.stdout.write(
            f"\n演示已启动：http://{HOST}:{port}/\n登录：http://{HOST}:{port}/account/login/ （点账号即可登录）\n"
        )
        self._run(["demo_accounts"], env)
        self.stdout.write("按 Ctrl-C 停止。\n")
        self.stdout.flush()
