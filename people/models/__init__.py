"""Who the young people are; nothing here says who may see it."""

from people.models.contact import ContactPoint
from people.models.family import Relative
from people.models.identifier import Identifier
from people.models.safe_address import SafeAddress
from people.models.spelling import Spelling
from people.models.young_person import YoungPerson

__all__ = ["ContactPoint", "Identifier", "Relative", "SafeAddress", "Spelling", "YoungPerson"]
