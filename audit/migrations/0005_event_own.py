"""Indexes of what an agency did and what was done to it, apart from all about young people."""


import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0004_queue'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('person_id', None)), fields=['agency_id', '-at'], name='event_own'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(django.db.models.fields.json.KeyTransform('agency', 'detail'), models.OrderBy(models.F('at'), descending=True), condition=models.Q(('person_id', None)), name='event_done_to'),
        ),
    ]
