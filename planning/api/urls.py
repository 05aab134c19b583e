"""Routes of plans, strategies and memory, below /api/v1/."""

from django.urls import path

from planning.api import strategies, views
from runs import actions

urlpatterns = [
    path("plans/", views.PlanList.as_view(), name="plan-list"),
    path("plans/<uuid:pk>/", views.PlanDetail.as_view(), name="plan-detail"),
    path(
        "plans/<uuid:pk>/cancel/", views.PlanAction.as_view(act=actions.cancel), name="plan-cancel"
    ),
    path("plans/<uuid:pk>/pause/", views.PlanAction.as_view(act=actions.pause), name="plan-pause"),
    path(
        "plans/<uuid:pk>/resume/", views.PlanAction.as_view(act=actions.resume), name="plan-resume"
    ),
    path("plans/<uuid:pk>/branch/", views.PlanBranch.as_view(), name="plan-branch"),
    path("plans/<uuid:pk>/sources/<str:name>/", views.PlanSource.as_view(), name="plan-source"),
    path("strategies/", strategies.StrategyList.as_view(), name="strategy-list"),
    path("strategies/<uuid:pk>/", strategies.StrategyDetail.as_view(), name="strategy-detail"),
    path(
        "strategies/<uuid:pk>/cancel/",
        strategies.StrategyAction.as_view(act=actions.cancel),
        name="strategy-cancel",
    ),
    path(
        "strategies/<uuid:pk>/pause/",
        strategies.StrategyAction.as_view(act=actions.pause),
        name="strategy-pause",
    ),
    path(
        "strategies/<uuid:pk>/resume/",
        strategies.StrategyAction.as_view(act=actions.resume),
        name="strategy-resume",
    ),
    path(
        "strategies/<uuid:pk>/sources/<str:name>/",
        strategies.StrategySource.as_view(),
        name="strategy-source",
    ),
    path("entities/", views.EntityList.as_view(), name="entity-list"),
    path("entities/<slug:slug>/", views.EntityDetail.as_view(), name="entity-detail"),
]
