"""Where rows for measurements may go: never beside what a bureau has entered."""

from django.conf import settings
from django.db import connection

from bases.models import Base
from portal.errors import DomainError


def refuse_real_data() -> None:
    """Raise DomainError outside of measurements and the demo, and for a database in which a real base stands.

    What is copied in here goes past every act and cannot be told from a certification afterwards but by its mark.
    """
    database = connection.settings_dict["NAME"]
    if not (settings.DEMO or getattr(settings, "MEASUREMENTS", False)):
        raise DomainError(
            f"现在的设置连着数据库“{database}”，不是用来测量的。"
            "请改用 DJANGO_SETTINGS_MODULE=portal.settings.bench 和一个专用的数据库，或运行 make bench。"
        )
    real = Base.objects.filter(demo=False).count()
    if real:
        raise DomainError(
            f"数据库“{database}”里有 {real} 家正式登记的基地，不能加入测量数据。"
            "请取消 DATABASE_URL，或把它指向一个空的、专用的数据库。"
        )
