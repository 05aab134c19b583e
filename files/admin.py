"""Uploaded files in the admin: to see, never to change."""

from django.contrib import admin

from files.models import Upload
from streams.admin import ReadOnly


@admin.register(Upload)
class UploadAdmin(ReadOnly, admin.ModelAdmin[Upload]):
    list_display = ("name", "slug", "content_type", "size", "uses", "created_by", "created_at")
    list_filter = (("created_by", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("created_by",)
    search_fields = ("name", "slug", "=id", "sha256")
    ordering = ("-created_at",)
    show_full_result_count = False
    # Not the file itself: a link to what people uploaded would be served from this very site.
    fields = ("name", "slug", "content_type", "size", "sha256", "uses", "created_by", "created_at")
    readonly_fields = ("created_at",)
