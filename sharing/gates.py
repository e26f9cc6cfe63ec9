"""Gates: features that stay shut until their impact has been assessed and signed off."""

from __future__ import annotations

from uuid import UUID

from sharing.enums import Feature
from sharing.models import ImpactAssessment


def gate_open(agency_id: UUID, feature: Feature | str) -> bool:
    """Whether an agency may use this feature now.

    Raises ValueError for a feature that there is not: a misspelt gate must not stand open.
    """
    return ImpactAssessment.objects.filter(
        agency_id=agency_id,
        feature=Feature(feature),
        signed_at__isnull=False,
        withdrawn_at=None,
    ).exists()
