"""What the views of every resource share: the actor, input, one write, one edit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from drf_spectacular.utils import extend_schema
from psycopg import errors
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from access.actor import Member, NotVisible
from access.context import acting, become
from access.reading import ledger
from api.errors import PreconditionFailed, PreconditionRequired
from api.fields import MEANT
from api.idempotency import once
from core import clock
from core.errors import Conflict

QUICKER = (
    errors.UniqueViolation,
    errors.ExclusionViolation,
    errors.DeadlockDetected,
    errors.SerializationFailure,
)
"""What the database says when somebody else was quicker: trying again is the answer."""

Answer = dict[str, Any]
Show = Callable[[Member, str], Answer]
"""A record by its name, as a member may see it now. Raises NotVisible."""


class MemberView(APIView):
    """A view for a member: acts in their name from the moment they are known."""

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """Read addresses as UTF-8, whatever character set the body claims to be in."""
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in, and count; whoever is counted is the actor of the transaction."""
        super().initial(request, *args, **kwargs)
        if acting() is not self.member:
            become(self.member)

    @property
    def member(self) -> Member:
        """Who calls."""
        assert isinstance(self.request.auth, Member)
        return self.request.auth

    def said(self, serializer: type[Serializer]) -> Any:
        """What the body says. Raises ValidationError or ParseError."""
        meant = self.request.headers.get(MEANT, "")
        form = serializer(data=self.request.data, context={MEANT: meant})
        form.is_valid(raise_exception=True)
        return form.validated_data

    def shown(self, body: Answer) -> Response:
        """A record with the ETag of the caller's own view of it."""
        return Response(body, headers={"ETag": etag(body)})

    @property
    def _route(self) -> str:
        match = self.request.resolver_match
        return match.view_name if match else ""

    def write(self, act: Callable[[], str], show: Show, address: Callable[[str], str]) -> Response:
        """Do one action once and answer with what it wrote, as it may be seen now.

        `act` returns the record's name; `address` gives its path. Nothing is kept when any
        part fails.
        """
        try:
            with transaction.atomic():
                done = once(self.request, self.member, self._route, act)
        except (IntegrityError, OperationalError) as error:
            if not isinstance(error.__cause__, QUICKER):
                raise
            raise Conflict("Something else has just changed this. Try again.") from error
        try:
            body = self._since(done.at, lambda: show(self.member, done.name))
        except NotVisible:
            if not done.acted:
                raise
            # What was done has ended what opened it: a task that is done, for one.
            body = {"id": done.name}
        location = self.request.build_absolute_uri(address(done.name))
        return Response(body, status=201, headers={"Location": location, "ETag": etag(body)})

    def _since(self, moment: datetime, answer: Callable[[], Answer]) -> Answer:
        """An answer judged at the present, or at `moment` if that is later.

        A call that waited for another with its key began before what that one wrote: at
        its own instant the writing would not have happened yet.
        """
        if moment <= clock.instant():
            return answer()
        with clock.at(moment):
            become(self.member)
            return answer()

    def edit(
        self, name: str, *, lock: Callable[[], Any], show: Show, act: Callable[[], Any]
    ) -> Response:
        """Change a record that the caller has read in its current version.

        The version is that of the caller's own view, compared while the row is locked.
        Raises PreconditionRequired, PreconditionFailed, NotVisible.
        """
        known = self.request.headers.get("If-Match", "").strip()
        with transaction.atomic():
            lock()
            with ledger():  # Compared, not shown.
                current = etag(show(self.member, name))
            if not known or known == "*":
                raise PreconditionRequired
            if current not in [tag.strip() for tag in known.split(",")]:
                raise PreconditionFailed
            act()
        return self.shown(show(self.member, name))


@extend_schema(exclude=True)
class NothingHere(MemberView):
    """Every address under the API that is none: like what is hidden."""

    def _nothing(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotVisible

    get = post = put = patch = delete = _nothing


def etag(body: Answer) -> str:
    """The version of a view of a record: a digest of what is in it."""
    plain = json.dumps(body, sort_keys=True, cls=JSONEncoder)
    return f'"{hashlib.sha256(plain.encode()).hexdigest()[:32]}"'
