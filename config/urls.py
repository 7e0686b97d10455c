"""Every address of the site; each app brings its own urls.py."""

from django.contrib import admin
from django.urls import include, path

from config.pages import home

urlpatterns = [
    path("", include("config.urls_pages")),
    path("", home, name="home"),
    path("", include("courses.urls")),
    path("", include("people.urls")),
    path("", include("intake.urls")),
    path("", include("publishing.urls")),
    path("", include("scheduling.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
