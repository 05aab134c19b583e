"""Routes of files, below /api/v1/."""

from django.urls import path

from files.api import views

urlpatterns = [
    path("files/", views.FileList.as_view(), name="file-list"),
    path("files/<uuid:pk>/", views.FileDetail.as_view(), name="file-detail"),
]
