"""Referrals to an agency, all of them and in one state, in the whole order of their lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_what_waits"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["sent_to", "-received_at", "-id"], name="referral_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["sent_to", "state", "-received_at", "-id"], name="referral_by_state"
            ),
        ),
        migrations.RemoveIndex(model_name="referral", name="referral_sent_to"),
    ]
