"""Whose hands did what, where a complaint was closed, where misconduct is decided; what may speak of people sealed."""

import django.db.models.deletion
import portal.encryption.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0003_telling'),
        ('documents', '0005_service_of_letters'),
        ('jurisdictions', '0002_load_divisions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='complaint',
            name='closed_at_desk',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jurisdictions.jurisdiction'),
        ),
        migrations.AddField(
            model_name='finding',
            name='hands',
            field=models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='findingobjection',
            name='entered',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='findingobjection',
            name='uploads',
            field=models.ManyToManyField(related_name='+', to='documents.upload'),
        ),
        migrations.AddField(
            model_name='misconduct',
            name='desk',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jurisdictions.jurisdiction', verbose_name='审定机关'),
        ),
        migrations.AddField(
            model_name='misconduct',
            name='hands',
            field=models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='complaint',
            name='recipient_because',
            field=portal.encryption.fields.EncryptedTextField(blank=True, default='', verbose_name='认定依据'),
        ),
        migrations.AlterField(
            model_name='misconduct',
            name='record',
            field=portal.encryption.fields.EncryptedTextField(verbose_name='核实记录'),
        ),
        migrations.AlterField(
            model_name='rating',
            name='comment',
            field=portal.encryption.fields.EncryptedTextField(blank=True, verbose_name='意见'),
        ),
    ]
