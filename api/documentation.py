"""The schema, and a page on which to read it: for members, by token or session."""

from __future__ import annotations

from django.shortcuts import render
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.context import become
from api.authentication import IsMember, SessionAuthentication, TokenAuthentication


class _ForMembers(APIView):
    """Open to a token, and to a browser whose user is signed in."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsMember]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Let in, and bind the actor like everywhere."""
        super().initial(request, *args, **kwargs)
        become(request.auth)  # type: ignore[arg-type]


class SchemaView(_ForMembers, SpectacularAPIView):
    """This description, in OpenAPI 3."""

    renderer_classes = [OpenApiJsonRenderer]


@extend_schema(exclude=True)
class DocsView(_ForMembers):
    """The description as a page (Swagger UI, from our own files)."""

    def get(self, request: Request) -> Response:
        """Show the page; its scripts are files, as the content security policy asks."""
        return render(request._request, "api/docs.html")  # type: ignore[return-value]
