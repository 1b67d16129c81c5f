"""Where the peer's pages would lie: its mails name their addresses."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
