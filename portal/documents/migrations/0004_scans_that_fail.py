from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_frozen_letters")]
    operations = [
        migrations.AddField(
            model_name="upload",
            name="scan_attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="upload",
            name="scan",
            field=models.CharField(
                choices=[
                    ("pending", "待查毒"),
                    ("clean", "已查毒"),
                    ("infected", "含病毒，已隔离"),
                    ("unscanned", "未查毒（本机没有查毒程序）"),
                    ("oversized", "太大，查毒程序查不了"),
                    ("failed", "查毒没有成功"),
                ],
                default="pending",
                max_length=10,
                verbose_name="查毒",
            ),
        ),
    ]
