"""A limit on what is uploaded, kept while it comes in; nothing of it reaches a disk.

The settings name it as the first upload handler, before the one that keeps files in
memory.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from courses.imports.reading import MOST_BYTES

OVER = "gem.upload_over_limit"
"""Set in `request.META` when more was sent; what was sent is then not there."""


class LimitedUpload(FileUploadHandler):
    """Counts what all files of a request hold; the rest is read and thrown away."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.total = 0

    def receive_data_chunk(
        self,
        raw_data: bytes,
        start: int,
    ) -> bytes:
        """Hand a chunk on to the handler that keeps it, as long as there is room."""
        self.total += len(raw_data)
        if self.total > MOST_BYTES:
            if self.request is not None:
                self.request.META[OVER] = True
            raise SkipFile
        return raw_data

    def file_complete(
        self,
        file_size: int,
    ) -> UploadedFile | None:
        """Keep nothing itself."""
        return None
