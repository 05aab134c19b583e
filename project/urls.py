"""Where everything is mounted."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from project import health, monitoring
from runs.api.tokens import ObtainToken

v1: list[URLPattern | URLResolver] = [
    path("", include("streams.urls")),
    path("", include("runs.api.urls")),
    path("", include("files.api.urls")),
    path("", include("chat.api.urls")),
    path("", include("planning.api.urls")),
    path("token/", ObtainToken.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
]

urlpatterns = [
    path("", include("chat.api.dialect_urls")),
    path("api/", include("planning.api.session_urls")),
    path("api/", include("planning.api.strategy_urls")),
    path("ag-ui/", include("runs.api.agui_urls")),
    path("ag-ui/", include("chat.api.agui_urls")),
    path("ag-ui/", include("planning.api.agui_urls")),
    path("ai-sdk/", include("chat.api.aisdk_urls")),
    path("ai-sdk/", include("planning.api.aisdk_urls")),
    path("api/v1/", include(v1)),
    path("admin/", admin.site.urls),
    path("healthz", health.live, name="live"),
    path("readyz", health.ready, name="ready"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("", include("project.accounts")),
    path("", include("chat.urls")),
    path("", include("planning.urls")),
]

handler400 = "project.errors.bad_request"
handler404 = "project.errors.page_not_found"
handler500 = "project.errors.server_error"
