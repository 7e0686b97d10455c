"""Every address of the site; each app brings its own urls.py."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("config.urls_pages")),
    path("", include("publishing.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
