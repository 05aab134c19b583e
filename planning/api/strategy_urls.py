"""Routes of the older strategy endpoints, below /api/."""

from django.urls import path

from planning.api import strategy_dialect as views

urlpatterns = [
    path("strategies/", views.Strategies.as_view(), name="older-strategies"),
    path("strategies/latest", views.LatestStrategy.as_view(), name="older-strategy-latest"),
    path("strategies/<uuid:pk>/status", views.StrategyStatus.as_view(), name="older-strategy"),
    path("strategies/<uuid:pk>/events", views.events, name="older-strategy-events"),
    path(
        "strategies/<uuid:pk>/commands",
        views.StrategyCommands.as_view(),
        name="older-strategy-commands",
    ),
]
