"""The pictures of a visit, for whoever may see the visit; no picture has another address."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, request

from checker.pictures import thumb
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import photo_files
from checker.summaries.photo import stored_photo
from checker.web.clock import now
from checker.web.manager.views import bp
from checker.web.session import me, signed_in
from checker.web.store import current_store


@bp.get("/visits/<uuid:uuid>/photos/<sha256:sent_hash>")
@signed_in()
def photo(uuid: UUID, sent_hash: str) -> Response:
    """A picture as it is stored; `?size=thumb` small, for lists."""
    size = request.args.get("size", "whole")
    if size not in ("whole", "thumb"):
        abort(404)
    stored_hash = stored_photo(current_store(), uuid, sent_hash, person_id=me().id, now=now())
    picture = photo_files.read(current_store(), stored_hash)
    if picture is None:  # `verify` tells of it
        raise not_found(N_("The file of this photo is not there any more. Tell your administrator."))
    response = Response(thumb(picture) if size == "thumb" else picture, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response.headers["Cache-Control"] = "no-store"
    return response
