"""Addresses of what a person may know, change and have erased of the own data."""

from django.urls import path

from people.views import looked, oversight, own, verifying

app_name = "people"
urlpatterns = [
    path("mijn-gegevens/", own.own, name="own"),
    path("mijn-gegevens/inzage/", looked.looked, name="looked"),
    path("mijn-gegevens/wensen/", own.wishes, name="wishes"),
    path("mijn-gegevens/downloaden/", own.download, name="download"),
    path("mijn-gegevens/wissen/", own.erase, name="erase"),
    path("verwijzers/", verifying.all_referrers, name="referrers"),
    path("verwijzers/<int:membership_id>/", verifying.check, name="check_referrer"),
    path("bewaartermijnen/", oversight.retention, name="retention"),
    path("verzoeken-tot-wissen/<int:request_id>/", oversight.erasure, name="erasure"),
    path("verzoeken-tot-wissen/", oversight.erasures, name="erasures"),
]
