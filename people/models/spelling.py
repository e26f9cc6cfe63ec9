"""Every name that anybody has, once: where a search begins."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from core.models import IMPERSONAL


class Spelling(models.Model):
    """A name that somebody has or had, in capitals, and nothing about who that is.

    There are few, however many people have them. So the part of a name that somebody searches
    for is looked up here, and whoever has one of the names that hold it by an index. The
    database writes it with the people, and gives it to nobody: only `reach_named` reads it,
    which shows people of the asker's own lists.
    """

    classified = IMPERSONAL

    name = models.CharField(primary_key=True, max_length=200)

    class Meta:
        ordering = ("name",)
        indexes = (
            # Without a list of what waits to be put in, which each search would read.
            GinIndex(
                fields=("name",),
                opclasses=("gin_trgm_ops",),
                fastupdate=False,
                name="spelling_trigrams",
            ),
        )

    def __str__(self) -> str:
        return self.name
