"""Routes of streams themselves, below /api/v1/."""

from django.urls import path

from streams.doctor.views import doctor

urlpatterns = [path("streams/doctor/", doctor, name="stream-doctor")]
