"""Every address × everybody × one's own, another's and nothing: who gets what, and what it never says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain, combinations
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from checker.actions.issue_token import SCOPES
from checker.standards.month import Month
from checker.summaries.branch import branch_month
from checker.summaries.values import BranchMonth
from checker.web.admin import trail
from checker.web.security import POLICY
from tests.disclosing import follows, reduced
from tests.making_store import GOOD, Shop, shop
from tests.web.world import DESCRIBED, SCENARIO, World, world

WHO = ("nobody", "sam", "rea", "mara", "eve", "lee", "reg", "ada", "dora")
"""The columns. Reg leads the region R1 alone; Dora administered and is disabled, her session is left."""

# What stands in the table:  in = led to the sign-in,  - = 404,  go = led on,  a number = that status.
TABLE = """
                                              nobody sam rea mara eve lee reg ada dora
GET /
    /                                         in     200 go  go   go  go  go  go  in
GET /session
    /session                                  200    200 200 200  200 200 200 200 200
GET /healthz
    /healthz                                  200    200 200 200  200 200 200 200 200
GET /sw.js
    /sw.js                                    200    200 200 200  200 200 200 200 200
GET /manifest.webmanifest
    /manifest.webmanifest                     200    200 200 200  200 200 200 200 200
GET /s/<wanted>/<path:name>
    /s/{assets}/app.css                       200    200 200 200  200 200 200 200 200
    /s/{assets}/../security.py                -      -   -   -    -   -   -   -   -
    /s/{assets}/%2e%2e/security.py            -      -   -   -    -   -   -   -   -
    /s/000000000000/app.css                   -      -   -   -    -   -   -   -   -
GET /look/<wanted>/accent.css
    /look/{look}/accent.css                   200    200 200 200  200 200 200 200 200
    /look/000000000000/accent.css             -      -   -   -    -   -   -   -   -
GET /look/<wanted>/logo.png
    /look/{look}/logo.png                     200    200 200 200  200 200 200 200 200
    /look/000000000000/logo.png               -      -   -   -    -   -   -   -   -

GET /login
    /login                                    200    go  go  go   go  go  go  go  200
    /login?next=//evil.example/x              200    go  go  go   go  go  go  go  200
POST /login
    /login                                    422    422 422 422  422 422 422 422 422
    /login email=dora@example.org password=nine+quiet+lamps
                                              422    422 422 422  422 422 422 422 422
POST /logout
    /logout                                   in     in  in  in   in  in  in  in  in
GET /welcome/<token>
    /welcome/{invitation}                     200    200 200 200  200 200 200 200 200
    /welcome/none                             -      -   -   -    -   -   -   -   -
POST /welcome/<token>
    /welcome/{invitation}                     422    422 422 422  422 422 422 422 422
    /welcome/none password=nine+quiet+lamps   -      -   -   -    -   -   -   -   -
GET /account
    /account                                  in     200 200 200  200 200 200 200 in
POST /account
    /account name=New+Name language=en        in     go  go  go   go  go  go  go  in
POST /account/password
    /account/password                         in     422 422 422  422 422 422 422 in
POST /account/sessions/<key>/end
    /account/sessions/{session}/end           in     in  -   -    -   -   -   -   in
    /account/sessions/00/end                  in     -   -   -    -   -   -   -   in
    /account/sessions/x/end                   in     -   -   -    -   -   -   -   in

POST /visits
    /visits branch=B001 checklist=shop        in     go  -   -    -   -   -   -   in
    /visits assignment={mine_assignment}      in     go  -   -    -   -   -   -   in
    /visits assignment={theirs_assignment}    in     -   -   -    -   -   -   -   in
POST /assignments/<uuid:uuid>/<any(accept, decline):step>
    /assignments/{mine_assignment}/accept     in     go  -   -    -   -   -   -   in
    /assignments/{theirs_assignment}/accept   in     -   -   -    -   -   -   -   in
    /assignments/{none}/accept                in     -   -   -    -   -   -   -   in
    /assignments/{mine_assignment}/decline    in     422 -   -    -   -   -   -   in
    /assignments/{theirs_assignment}/decline reason=x
                                              in     -   -   -    -   -   -   -   in

GET /visits/<uuid:uuid>
    /visits/{mine_draft}                      in     200 -   -    -   -   -   -   in
    /visits/{theirs_draft}                    in     -   -   -    -   -   -   -   in
    /visits/{seen}                            in     go  200 200  200 200 200 200 in
    /visits/{unseen}                          in     go  200 -    -   -   -   200 in
    /visits/{elsewhere}                       in     -   200 -    -   200 -   200 in
    /visits/{colleague}                       in     -   200 200  -   200 200 200 in
    /visits/{described}                       in     -   200 200  -   200 200 200 in
    /visits/{practice}                        in     go  200 -    -   -   -   200 in
    /visits/{void}                            in     go  200 200  200 200 200 200 in
    /visits/{returned}                        in     go  200 200  200 200 200 200 in
    /visits/{none}                            in     -   -   -    -   -   -   -   in
POST /visits/<uuid:uuid>
    /visits/{mine_draft}                      in     409 -   -    -   -   -   -   in
    /visits/{theirs_draft}                    in     -   -   -    -   -   -   -   in
    /visits/{seen}                            in     -   -   -    -   -   -   -   in
GET /visits/<uuid:uuid>/photos/<sha256:sent_hash>
    /visits/{seen}/photos/{photo}             in     200 200 200  200 200 200 200 in
    /visits/{seen}/photos/{photo}?size=thumb  in     200 200 200  200 200 200 200 in
    /visits/{seen}/photos/{late_photo}        in     -   -   -    -   -   -   -   in
    /visits/{seen}/photos/{no_photo}          in     -   -   -    -   -   -   -   in
    /visits/{unseen}/photos/{photo}           in     200 200 -    -   -   -   200 in
    /visits/{elsewhere}/photos/{photo}        in     -   200 -    -   200 -   200 in
    /visits/{practice}/photos/{photo}         in     200 200 -    -   -   -   200 in
    /visits/{colleague}/photos/{photo}        in     -   -   -    -   -   -   -   in
    /visits/{none}/photos/{photo}             in     -   -   -    -   -   -   -   in
PUT /visits/<uuid:uuid>/draft
    /visits/{mine_draft}/draft                401    422 -   -    -   -   -   -   401
    /visits/{theirs_draft}/draft              401    -   -   -    -   -   -   -   401
    /visits/{seen}/draft                      401    -   -   -    -   -   -   -   401
GET /visits/<uuid:uuid>/review
    /visits/{mine_draft}/review               in     200 -   -    -   -   -   -   in
    /visits/{theirs_draft}/review             in     -   -   -    -   -   -   -   in
    /visits/{seen}/review                     in     -   -   -    -   -   -   -   in
POST /visits/<uuid:uuid>/send
    /visits/{mine_draft}/send                 in     409 -   -    -   -   -   -   in
    /visits/{mine_draft}/send sequence=1      in     go  -   -    -   -   -   -   in
    /visits/{theirs_draft}/send sequence=1    in     -   -   -    -   -   -   -   in
GET /visits/<uuid:uuid>/receipt
    /visits/{seen}/receipt                    in     200 -   -    -   -   -   -   in
    /visits/{unseen}/receipt                  in     200 -   -    -   -   -   -   in
    /visits/{elsewhere}/receipt               in     -   -   -    -   -   -   -   in
    /visits/{mine_draft}/receipt              in     -   -   -    -   -   -   -   in
POST /visits/<uuid:uuid>/correction
    /visits/{returned}/correction             in     go  -   -    -   -   -   -   in
    /visits/{seen}/correction                 in     409 -   -    -   -   -   -   in
    /visits/{elsewhere}/correction            in     -   -   -    -   -   -   -   in
GET /visits/<uuid:uuid>/unfinished
    /visits/{mine_draft}/unfinished           in     200 -   -    -   -   -   -   in
    /visits/{theirs_draft}/unfinished         in     -   -   -    -   -   -   -   in
POST /visits/<uuid:uuid>/unfinished
    /visits/{mine_draft}/unfinished           in     422 -   -    -   -   -   -   in
    /visits/{theirs_draft}/unfinished         in     -   -   -    -   -   -   -   in
POST /visits/<uuid:uuid>/discard
    /visits/{mine_draft}/discard              in     go  -   -    -   -   -   -   in
    /visits/{theirs_draft}/discard            in     -   -   -    -   -   -   -   in
GET /visits/<uuid:uuid>/copies
    /visits/{mine_draft}/copies               in     go  -   -    -   -   -   -   in
    /visits/{theirs_draft}/copies             in     -   -   -    -   -   -   -   in
GET /visits/<uuid:uuid>/copies/<int:key>
    /visits/{mine_draft}/copies/{mine_copy}   in     200 -   -    -   -   -   -   in
    /visits/{mine_draft}/copies/{theirs_copy} in     -   -   -    -   -   -   -   in
    /visits/{theirs_draft}/copies/{theirs_copy} in   -   -   -    -   -   -   -   in
POST /visits/<uuid:uuid>/copies/<int:key>
    /visits/{mine_draft}/copies/{mine_copy}   in     go  -   -    -   -   -   -   in
    /visits/{mine_draft}/copies/{theirs_copy} in     -   -   -    -   -   -   -   in
    /visits/{theirs_draft}/copies/{theirs_copy} in   -   -   -    -   -   -   -   in

POST /tablet/contact
    /tablet/contact                           422    422 422 422  422 422 422 422 422
POST /tablet/session
    /tablet/session                           401    401 401 401  401 401 401 401 401
POST /tablet/recover
    /tablet/recover                           401    422 -   -    -   -   -   -   401
GET /tablet/day
    /tablet/day                               401    403 -   -    -   -   -   -   401
POST /tablet/leave
    /tablet/leave                             204    204 204 204  204 204 204 204 204
GET /tablet/shell/<lang>
    /tablet/shell/fi                          200    200 200 200  200 200 200 200 200
    /tablet/shell/xx                          -      -   -   -    -   -   -   -   -
GET /tablet/forms/<lang>/<checklist>/<int:version>/<any(named, none):served>
    /tablet/forms/en/shop/1/named             401    200 -   -    -   -   -   -   401
    /tablet/forms/en/nothing/1/none           401    -   -   -    -   -   -   -   401
POST /tablet/visits/<uuid:uuid>
    /tablet/visits/{seen}                     422    422 422 422  422 422 422 422 422
    /tablet/visits/{none}                     422    422 422 422  422 422 422 422 422
GET /tablet/visits/<uuid:uuid>/photos/<sha256:sent_hash>
    /tablet/visits/{seen}/photos/{photo}      200    200 200 200  200 200 200 200 200
    /tablet/visits/{seen}/photos/{late_photo} 200    200 200 200  200 200 200 200 200
    /tablet/visits/{seen}/photos/{no_photo}   -      -   -   -    -   -   -   -   -
    /tablet/visits/{colleague}/photos/{photo} -      -   -   -    -   -   -   -   -
    /tablet/visits/{none}/photos/{photo}      -      -   -   -    -   -   -   -   -
PUT /tablet/visits/<uuid:uuid>/photos/<sha256:sent_hash>
    /tablet/visits/{seen}/photos/{photo}      200    200 200 200  200 200 200 200 200
    /tablet/visits/{seen}/photos/{late_photo} 400    400 400 400  400 400 400 400 400
    /tablet/visits/{seen}/photos/{late_photo}?offset=0&of=9
                                              200    200 200 200  200 200 200 200 200
    /tablet/visits/{seen}/photos/{no_photo}   -      -   -   -    -   -   -   -   -
    /tablet/visits/{none}/photos/{photo}      -      -   -   -    -   -   -   -   -

GET /review
    /review                                   in     -   200 -    -   -   -   200 in
    /review?show=returned                     in     -   200 -    -   -   -   200 in
POST /visits/<uuid:uuid>/decision
    /visits/{seen}/decision decision=approve  in     -   go  -    -   -   -   go  in
    /visits/{seen}/decision                   in     -   400 -    -   -   -   400 in
    /visits/{none}/decision decision=approve  in     -   -   -    -   -   -   -   in
GET /visits/<uuid:uuid>.pdf
    /visits/{mine_draft}.pdf                  in     -   -   -    -   -   -   -   in
    /visits/{seen}.pdf                        in     -   200 200  200 200 200 200 in
    /visits/{unseen}.pdf                      in     -   200 -    -   -   -   200 in
    /visits/{elsewhere}.pdf                   in     -   200 -    -   200 -   200 in
    /visits/{colleague}.pdf                   in     -   200 200  -   200 200 200 in
    /visits/{described}.pdf                   in     -   200 200  -   200 200 200 in
    /visits/{practice}.pdf                    in     -   200 -    -   -   -   200 in
    /visits/{void}.pdf                        in     -   200 200  200 200 200 200 in
    /visits/{none}.pdf                        in     -   -   -    -   -   -   -   in
POST /visits/<uuid:uuid>/quote
    /visits/{seen}/quote                      in     -   400 -    -   -   -   400 in
    /visits/{seen}/quote do=withdraw item=tidy
                                              in     -   -   -    -   -   -   -   in
    /visits/{none}/quote do=withdraw item=tidy
                                              in     -   -   -    -   -   -   -   in
GET /visits/<uuid:uuid>/others
    /visits/{seen}/others                     in     -   200 -    -   -   -   200 in
    /visits/{elsewhere}/others                in     -   -   -    -   -   -   -   in
    /visits/{none}/others                     in     -   -   -    -   -   -   -   in
GET /visits/<uuid:uuid>/revise
    /visits/{seen}/revise                     in     -   200 -    -   -   -   200 in
    /visits/{none}/revise                     in     -   -   -    -   -   -   -   in
POST /visits/<uuid:uuid>/revise
    /visits/{seen}/revise                     in     -   422 -    -   -   -   422 in
    /visits/{none}/revise                     in     -   -   -    -   -   -   -   in

GET /branches
    /branches                                 in     -   200 200  -   200 200 200 in
GET /branches/<path:code>
    /branches/B001                            in     -   200 200  -   200 200 200 in
    /branches/B001?checklist=shop             in     -   200 200  -   200 200 200 in
    /branches/B003                            in     -   200 -    -   200 -   200 in
    /branches/none                            in     -   -   -    -   -   -   -   in
GET /me
    /me                                       in     -   -   -    200 -   -   -   in
    /me?checklist=shop                        in     -   -   -    200 -   -   -   in
GET /employees/<path:code>
    /employees/E0001                          in     -   200 200  200 -   -   200 in
    /employees/E0001?checklist=shop           in     -   200 200  200 -   -   200 in
    /employees/E0002                          in     -   200 200  -   -   -   200 in
    /employees/E0003                          in     -   200 -    -   -   -   200 in
    /employees/none                           in     -   -   -    -   -   -   -   in
GET /network
    /network                                  in     -   -   -    -   200 go  200 in
GET /regions/<path:code>
    /regions/R1                               in     -   -   -    -   200 200 200 in
    /regions/R2                               in     -   -   -    -   200 -   200 in
    /regions/none                             in     -   -   -    -   -   -   -   in
GET /branches/<path:code>/new-action
    /branches/B001/new-action                 in     -   -   200  -   -   -   200 in
    /branches/B001/new-action?checklist=shop&standard=smile
                                              in     -   -   200  -   -   -   200 in
    /branches/B003/new-action                 in     -   -   -    -   -   -   200 in
    /branches/none/new-action                 in     -   -   -    -   -   -   -   in
POST /branches/<path:code>/new-action
    /branches/B001/new-action                 in     -   -   422  -   -   -   422 in
    /branches/B001/new-action what=Greet owner=All due_on=2026-11-01 measured_by=Visits
                                              in     -   -   go   -   -   -   go  in
    /branches/B003/new-action what=Greet owner=All due_on=2026-11-01 measured_by=Visits
                                              in     -   -   -    -   -   -   go  in
    /branches/none/new-action                 in     -   -   -    -   -   -   -   in
GET /regions/<path:code>/new-action
    /regions/R1/new-action                    in     -   -   -    -   200 200 200 in
    /regions/R2/new-action                    in     -   -   -    -   200 -   200 in
    /regions/none/new-action                  in     -   -   -    -   -   -   -   in
POST /regions/<path:code>/new-action
    /regions/R1/new-action                    in     -   -   -    -   422 422 422 in
    /regions/R2/new-action what=Greet owner=All due_on=2026-11-01 measured_by=Visits
                                              in     -   -   -    -   go  -   go  in
    /regions/none/new-action                  in     -   -   -    -   -   -   -   in
GET /network/new-action
    /network/new-action                       in     -   -   -    -   200 -   200 in
POST /network/new-action
    /network/new-action                       in     -   -   -    -   422 -   422 in
    /network/new-action what=Greet owner=All due_on=2026-11-01 measured_by=Visits
                                              in     -   -   -    -   go  -   go  in
GET /reports/editions
    /reports/editions                         in     -   -   200  -   200 200 200 in
    /reports/editions?month=2026-10           in     -   -   200  -   200 200 200 in
    /reports/editions?month=soon              in     -   -   -    -   -   -   -   in
POST /reports/editions
    /reports/editions month=2026-09 scope=network series=shop-mystery_shopping
                                              in     -   -   -    -   go  -   go  in
    /reports/editions month=2026-09 scope=region:R1 series=shop-mystery_shopping
                                              in     -   -   -    -   go  go  go  in
    /reports/editions month=2026-09 scope=region:R2 series=shop-mystery_shopping
                                              in     -   -   -    -   go  -   go  in
    /reports/editions month=2026-09 scope=branch:B001 series=shop-mystery_shopping
                                              in     -   -   go   -   go  go  go  in
    /reports/editions month=2026-09 scope=branch:B003 series=shop-mystery_shopping
                                              in     -   -   -    -   go  -   go  in
    /reports/editions month=2026-10 scope=branch:B001 series=shop-mystery_shopping
                                              in     -   -   409  -   409 409 409 in
    /reports/editions month=2026-09 scope=branch:none series=shop-mystery_shopping
                                              in     -   -   -    -   -   -   -   in
GET /reports/editions/<uuid:uuid>
    /reports/editions/{network_edition}       in     -   -   -    -   200 -   200 in
    /reports/editions/{network_draft}         in     -   -   -    -   200 -   200 in
    /reports/editions/{region_edition}        in     -   -   -    -   200 200 200 in
    /reports/editions/{other_edition}         in     -   -   -    -   200 -   200 in
    /reports/editions/{branch_edition}        in     -   -   200  -   200 200 200 in
    /reports/editions/{branch_draft}          in     -   -   200  -   200 200 200 in
    /reports/editions/{elsewhere_edition}     in     -   -   -    -   200 -   200 in
    /reports/editions/{none}                  in     -   -   -    -   -   -   -   in
POST /reports/editions/<uuid:uuid>
    /reports/editions/{branch_draft} do=save changes=0 foreword=Well what_1=Smile
                                              in     -   -   go   -   go  go  go  in
    /reports/editions/{branch_draft} do=save changes=7 foreword=Well
                                              in     -   -   409  -   409 409 409 in
    /reports/editions/{branch_draft} do=release changes=0 languages=en
                                              in     -   -   422  -   422 422 422 in
    /reports/editions/{network_draft} do=save changes=0 foreword=Well
                                              in     -   -   -    -   go  -   go  in
    /reports/editions/{branch_edition} do=save changes=0
                                              in     -   -   409  -   409 409 409 in
    /reports/editions/{elsewhere_edition} do=save changes=0
                                              in     -   -   -    -   409 -   409 in
    /reports/editions/{none} do=save changes=0
                                              in     -   -   -    -   -   -   -   in
POST /reports/editions/<uuid:uuid>/discard
    /reports/editions/{branch_draft}/discard changes=0
                                              in     -   -   go   -   go  go  go  in
    /reports/editions/{branch_edition}/discard changes=0
                                              in     -   -   409  -   409 409 409 in
    /reports/editions/{network_draft}/discard changes=0
                                              in     -   -   -    -   go  -   go  in
    /reports/editions/{none}/discard          in     -   -   -    -   -   -   -   in
GET /reports/editions/<uuid:uuid>/preview/<any(manager, leadership):audience>/<language>.pdf
    /reports/editions/{branch_draft}/preview/manager/en.pdf
                                              in     -   -   200  -   -   -   200 in
    /reports/editions/{branch_draft}/preview/leadership/fi.pdf
                                              in     -   -   -    -   200 200 200 in
    /reports/editions/{network_draft}/preview/leadership/en.pdf
                                              in     -   -   -    -   200 -   200 in
    /reports/editions/{network_draft}/preview/manager/en.pdf
                                              in     -   -   -    -   -   -   -   in
    /reports/editions/{branch_draft}/preview/manager/xx.pdf
                                              in     -   -   -    -   -   -   -   in
    /reports/editions/{branch_edition}/preview/manager/en.pdf
                                              in     -   -   -    -   -   -   -   in
GET /reports/editions/<uuid:uuid>/files/<any(manager, leadership):audience>/<language>.pdf
    /reports/editions/{branch_edition}/files/manager/en.pdf
                                              in     -   -   200  -   -   -   200 in
    /reports/editions/{branch_edition}/files/leadership/en.pdf
                                              in     -   -   -    -   200 200 200 in
    /reports/editions/{elsewhere_edition}/files/leadership/en.pdf
                                              in     -   -   -    -   200 -   200 in
    /reports/editions/{network_edition}/files/leadership/en.pdf
                                              in     -   -   -    -   200 -   200 in
    /reports/editions/{network_edition}/files/leadership/fi.pdf
                                              in     -   -   -    -   -   -   -   in
    /reports/editions/{none}/files/leadership/en.pdf
                                              in     -   -   -    -   -   -   -   in
GET /reports/editions/<uuid:uuid>/again/<any(manager, leadership):audience>/<language>.pdf
    /reports/editions/{branch_edition}/again/manager/en.pdf
                                              in     -   -   200  -   -   -   200 in
    /reports/editions/{branch_edition}/again/leadership/en.pdf
                                              in     -   -   -    -   200 200 200 in
    /reports/editions/{other_edition}/again/leadership/en.pdf
                                              in     -   -   -    -   200 -   200 in
    /reports/editions/{branch_draft}/again/manager/en.pdf
                                              in     -   -   -    -   -   -   -   in
GET /reports/editions/<uuid:uuid>/read/<any(manager, leadership):audience>/<language>
    /reports/editions/{branch_edition}/read/manager/en
                                              in     -   -   200  -   -   -   200 in
    /reports/editions/{branch_edition}/read/leadership/en
                                              in     -   -   -    -   200 200 200 in
    /reports/editions/{branch_draft}/read/manager/en
                                              in     -   -   200  -   -   -   200 in
    /reports/editions/{branch_draft}/read/leadership/fi
                                              in     -   -   -    -   200 200 200 in
    /reports/editions/{network_draft}/read/leadership/en
                                              in     -   -   -    -   200 -   200 in
    /reports/editions/{other_edition}/read/leadership/en
                                              in     -   -   -    -   200 -   200 in
    /reports/editions/{elsewhere_edition}/read/leadership/en
                                              in     -   -   -    -   200 -   200 in
    /reports/editions/{network_edition}/read/leadership/fi
                                              in     -   -   -    -   -   -   -   in
    /reports/editions/{none}/read/leadership/en
                                              in     -   -   -    -   -   -   -   in
POST /reports/editions/<uuid:uuid>/files
    /reports/editions/{branch_edition}/files language=fi
                                              in     -   -   go   -   go  go  go  in
    /reports/editions/{other_edition}/files language=fi
                                              in     -   -   -    -   go  -   go  in
    /reports/editions/{branch_edition}/files language=xx
                                              in     -   -   -    -   -   -   -   in
    /reports/editions/{branch_draft}/files language=fi
                                              in     -   -   -    -   -   -   -   in
POST /reports/editions/<uuid:uuid>/redraw
    /reports/editions/{branch_edition}/redraw
                                              in     -   -   -    -   -   -   go  in
    /reports/editions/{branch_draft}/redraw   in     -   -   -    -   -   -   -   in

GET /actions/<uuid:uuid>
    /actions/{branch_action}                  in     -   -   200  -   -   -   200 in
    /actions/{closed_action}                  in     -   -   200  -   -   -   200 in
    /actions/{region_action}                  in     -   -   -    -   200 200 200 in
    /actions/{other_action}                   in     -   -   -    -   200 -   200 in
    /actions/{network_action}                 in     -   -   -    -   200 -   200 in
    /actions/{none}                           in     -   -   -    -   -   -   -   in
POST /actions/<uuid:uuid>
    /actions/{branch_action}                  in     -   -   422  -   -   -   422 in
    /actions/{branch_action} what=Greet owner=All due_on=2026-11-01 measured_by=Visits
                                              in     -   -   go   -   -   -   go  in
    /actions/{closed_action} what=Greet owner=All due_on=2026-11-01 measured_by=Visits
                                              in     -   -   409  -   -   -   409 in
    /actions/{other_action} what=Greet owner=All due_on=2026-11-01 measured_by=Visits
                                              in     -   -   -    -   go  -   go  in
    /actions/{none}                           in     -   -   -    -   -   -   -   in
POST /actions/<uuid:uuid>/close
    /actions/{branch_action}/close            in     -   -   422  -   -   -   422 in
    /actions/{branch_action}/close state=done outcome=Good
                                              in     -   -   go   -   -   -   go  in
    /actions/{network_action}/close state=done outcome=Good
                                              in     -   -   -    -   go  -   go  in
    /actions/{none}/close                     in     -   -   -    -   -   -   -   in
POST /actions/<uuid:uuid>/reopen
    /actions/{closed_action}/reopen           in     -   -   go   -   -   -   go  in
    /actions/{region_action}/reopen           in     -   -   -    -   go  go  go  in
    /actions/{other_action}/reopen            in     -   -   -    -   go  -   go  in
    /actions/{none}/reopen                    in     -   -   -    -   -   -   -   in
GET /reports/data
    /reports/data                             in     -   -   200  -   200 200 200 in
POST /reports/data
    /reports/data month=2026-10 scope=network format=zip audience=leadership
                                              in     -   -   422  -   200 422 200 in
    /reports/data month=2026-10 scope=region:R1 format=xlsx audience=leadership
                                              in     -   -   422  -   200 200 200 in
    /reports/data month=2026-10 scope=region:R2 format=xlsx audience=leadership
                                              in     -   -   422  -   200 422 200 in
    /reports/data month=2026-10 scope=branch:B001 format=sqlite audience=leadership
                                              in     -   -   422  -   200 200 200 in
    /reports/data month=2026-10 scope=branch:B001 format=xlsx audience=manager
                                              in     -   -   200  -   422 422 200 in
    /reports/data month=2026-10 scope=branch:B003 format=xlsx audience=manager
                                              in     -   -   422  -   422 422 200 in
GET /reports
    /reports                                  in     -   -   200  -   200 200 200 in
POST /reports
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=network audience=leadership
                                              in     -   -   422  -   200 422 200 in
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=region:R2 audience=leadership
                                              in     -   -   422  -   200 422 200 in
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=region:R1 audience=leadership
                                              in     -   -   422  -   200 200 200 in
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=branch:B001 audience=leadership
                                              in     -   -   422  -   200 200 200 in
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=branch:B001 audience=manager
                                              in     -   -   200  -   422 422 200 in
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=branch:B003 audience=manager
                                              in     -   -   422  -   422 422 200 in
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=branches audience=leadership
                                              in     -   -   422  -   go  go  go  in
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=branches:R2 audience=leadership
                                              in     -   -   422  -   go  422 go  in
    /reports month=2026-10 series=shop-mystery_shopping language=en scope=all audience=leadership
                                              in     -   -   422  -   go  go  go  in
GET /reports/read
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=network&audience=leadership
                                              in     -   -   -    -   200 -   200 in
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=region:R2&audience=leadership
                                              in     -   -   -    -   200 -   200 in
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=region:R1&audience=leadership
                                              in     -   -   -    -   200 200 200 in
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=branch:B001&audience=leadership
                                              in     -   -   -    -   200 200 200 in
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=branch:B001&audience=manager
                                              in     -   -   200  -   -   -   200 in
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=branch:B001&audience=meeting
                                              in     -   -   200  -   200 200 200 in
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=branch:B003&audience=manager
                                              in     -   -   -    -   -   -   200 in
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=branch:B003&audience=meeting
                                              in     -   -   -    -   200 -   200 in
    /reports/read?month=2026-10&series=shop-mystery_shopping&language=en&scope=branches&audience=leadership
                                              in     -   -   -    -   -   -   -   in
GET /reports/orders/<uuid:uuid>
    /reports/orders/{lees_order}              in     -   -   -    -   200 -   -   in
    /reports/orders/{none}                    in     -   -   -    -   -   -   -   in
GET /reports/orders/<uuid:uuid>/<name>.pdf
    /reports/orders/{lees_order}/network-2026-10-shop.pdf
                                              in     -   -   -    -   200 -   -   in
    /reports/orders/{lees_order}/secret_key.pdf
                                              in     -   -   -    -   -   -   -   in
    /reports/orders/{none}/network-2026-10-shop.pdf
                                              in     -   -   -    -   -   -   -   in
GET /reports/orders/<uuid:uuid>/reports.zip
    /reports/orders/{lees_order}/reports.zip  in     -   -   -    -   200 -   -   in
    /reports/orders/{none}/reports.zip        in     -   -   -    -   -   -   -   in
POST /reports/orders/<uuid:uuid>/stop
    /reports/orders/{lees_order}/stop         in     -   -   -    -   409 -   -   in
    /reports/orders/{none}/stop               in     -   -   -    -   -   -   -   in
POST /reports/orders/<uuid:uuid>/resume
    /reports/orders/{lees_order}/resume       in     -   -   -    -   go  -   -   in
    /reports/orders/{none}/resume             in     -   -   -    -   -   -   -   in
"""

ADMIN = """
GET /admin/
    /admin/ 200
GET /admin/programme
    /admin/programme 200
POST /admin/programme
    /admin/programme 422
POST /admin/organisation
    /admin/organisation organisation=Ours go
GET /admin/targets
    /admin/targets 200
POST /admin/targets
    /admin/targets 422
POST /admin/targets/<int(max=9223372036854775807):key>/remove
    /admin/targets/{target}/remove go
    /admin/targets/999/remove -
GET /admin/mailings
    /admin/mailings 200
POST /admin/mailings
    /admin/mailings 422
GET /admin/mailings/<int(max=9223372036854775807):key>
    /admin/mailings/{mailing} 200
    /admin/mailings/999 -
POST /admin/mailings/<int(max=9223372036854775807):key>
    /admin/mailings/{mailing} 422
    /admin/mailings/999 -
POST /admin/mailings/<int(max=9223372036854775807):key>/retire
    /admin/mailings/{mailing}/retire go
    /admin/mailings/999/retire -
POST /admin/mailings/<int(max=9223372036854775807):key>/try
    /admin/mailings/{mailing}/try 503
    /admin/mailings/999/try -
GET /admin/mails
    /admin/mails 200
POST /admin/mails/<int(max=9223372036854775807):key>/again
    /admin/mails/{mail}/again 409
    /admin/mails/999/again -
GET /admin/branches
    /admin/branches 200
GET /admin/new-branch
    /admin/new-branch 200
POST /admin/new-branch
    /admin/new-branch 422
GET /admin/branches/<path:code>
    /admin/branches/B001 200
    /admin/branches/none -
POST /admin/branches/<path:code>
    /admin/branches/B001 422
    /admin/branches/none -
GET /admin/regions
    /admin/regions 200
POST /admin/regions
    /admin/regions code=R7 name=West go
GET /admin/regions/<path:code>
    /admin/regions/R1 200
    /admin/regions/none -
POST /admin/regions/<path:code>
    /admin/regions/R1 name=Far+North go
    /admin/regions/none name=x -
GET /admin/employees
    /admin/employees 200
GET /admin/new-employee
    /admin/new-employee 200
POST /admin/new-employee
    /admin/new-employee code=E0009 name=Ella go
GET /admin/employees/<path:code>
    /admin/employees/E0001 200
    /admin/employees/none -
POST /admin/employees/<path:code>
    /admin/employees/E0001 name=Eva go
    /admin/employees/none name=x -
POST /admin/employments
    /admin/employments employee=E0001 422
    /admin/employments employee=none -
GET /admin/employments/<int(max=9223372036854775807):key>
    /admin/employments/{employment} 200
    /admin/employments/999 -
POST /admin/employments/<int(max=9223372036854775807):key>
    /admin/employments/{employment} branch=B002 from_on=2024-01-01 go
    /admin/employments/999 -
POST /admin/employments/<int(max=9223372036854775807):key>/remove
    /admin/employments/{employment}/remove go
    /admin/employments/999/remove -
GET /admin/users
    /admin/users 200
GET /admin/new-user
    /admin/new-user 200
POST /admin/new-user
    /admin/new-user 422
    /admin/new-user email=new@example.org name=New role=admin language=en 200
GET /admin/users/<int(max=9223372036854775807):key>
    /admin/users/{sam_key} 200
    /admin/users/999 -
POST /admin/users/<int(max=9223372036854775807):key>
    /admin/users/{sam_key} 422
    /admin/users/999 -
POST /admin/users/<int(max=9223372036854775807):key>/link
    /admin/users/{sam_key}/link 200
    /admin/users/999/link -
POST /admin/users/<int(max=9223372036854775807):key>/sign-out
    /admin/users/{sam_key}/sign-out go
    /admin/users/999/sign-out -
POST /admin/users/<int(max=9223372036854775807):key>/disable
    /admin/users/{sam_key}/disable go
    /admin/users/999/disable -
POST /admin/users/<int(max=9223372036854775807):key>/enable
    /admin/users/{sam_key}/enable go
    /admin/users/999/enable -
GET /admin/assignments
    /admin/assignments 200
GET /admin/new-assignment
    /admin/new-assignment 200
    /admin/new-assignment?like={mine_assignment} 200
POST /admin/new-assignment
    /admin/new-assignment 422
GET /admin/assignments/<uuid:uuid>
    /admin/assignments/{mine_assignment} 200
    /admin/assignments/{none} -
POST /admin/assignments/<uuid:uuid>
    /admin/assignments/{mine_assignment} 422
    /admin/assignments/{none} -
POST /admin/assignments/<uuid:uuid>/cancel
    /admin/assignments/{mine_assignment}/cancel reason=Closed go
    /admin/assignments/{none}/cancel -
GET /admin/checklists
    /admin/checklists 200
GET /admin/new-checklist
    /admin/new-checklist 200
POST /admin/new-checklist
    /admin/new-checklist 422
GET /admin/checklist-drafts/<int(max=9223372036854775807):key>
    /admin/checklist-drafts/{checklist_draft} 200
    /admin/checklist-drafts/999 -
GET /admin/checklist-drafts/<int(max=9223372036854775807):key>/edit
    /admin/checklist-drafts/{checklist_draft}/edit 200
    /admin/checklist-drafts/999/edit -
POST /admin/checklist-drafts/<int(max=9223372036854775807):key>/edit
    /admin/checklist-drafts/{checklist_draft}/edit 422
    /admin/checklist-drafts/999/edit -
POST /admin/checklist-drafts/<int(max=9223372036854775807):key>/publish
    /admin/checklist-drafts/{checklist_draft}/publish go
    /admin/checklist-drafts/999/publish -
POST /admin/checklist-drafts/<int(max=9223372036854775807):key>/discard
    /admin/checklist-drafts/{checklist_draft}/discard go
    /admin/checklist-drafts/999/discard -
GET /admin/checklists/<code>
    /admin/checklists/shop 200
    /admin/checklists/none -
GET /admin/checklists/<code>/<int(max=100000):number>
    /admin/checklists/shop/1 200
    /admin/checklists/shop/9 -
GET /admin/checklists/<code>/<int(max=100000):number>/file.yaml
    /admin/checklists/shop/1/file.yaml 200
GET /admin/checklists/<code>/<int(max=100000):number>/definition.json
    /admin/checklists/shop/1/definition.json 200
GET /admin/checklists/<code>/<int(max=100000):number>/form.pdf
    /admin/checklists/shop/1/form.pdf 200
POST /admin/checklists/<code>/retire
    /admin/checklists/shop/retire go
POST /admin/checklists/<code>/restore
    /admin/checklists/shop/restore go
GET /admin/imports
    /admin/imports 200
GET /admin/imports/<kind>
    /admin/imports/visits 200
    /admin/imports/none -
POST /admin/imports/<kind>
    /admin/imports/branches 422
    /admin/imports/none -
GET /admin/imports/<kind>/template.csv
    /admin/imports/users/template.csv 200
    /admin/imports/none/template.csv -
GET /admin/imports/<kind>/present.csv
    /admin/imports/users/present.csv 200
    /admin/imports/visits/present.csv -
GET /admin/imports/visits/map.yaml
    /admin/imports/visits/map.yaml?checklist=shop 200
    /admin/imports/visits/map.yaml -
GET /admin/imports/pending/<key>/<what>.csv
    /admin/imports/pending/{upload}/refused.csv 200
    /admin/imports/pending/{upload}/sheet.csv -
    /admin/imports/pending/00000000000000000000000000000000/refused.csv -
    /admin/imports/pending/../refused.csv -
POST /admin/imports/pending/<key>
    /admin/imports/pending/00000000000000000000000000000000 -
    /admin/imports/pending/{upload} 200
POST /admin/imports/pending/<key>/discard
    /admin/imports/pending/00000000000000000000000000000000/discard -
    /admin/imports/pending/none/discard -
GET /admin/imports/batches/<int(max=9223372036854775807):key>
    /admin/imports/batches/{batch} 200
    /admin/imports/batches/999 -
POST /admin/imports/batches/<int(max=9223372036854775807):key>/look
    /admin/imports/batches/{batch}/look 200
    /admin/imports/batches/999/look -
POST /admin/imports/batches/<int(max=9223372036854775807):key>/undo
    /admin/imports/batches/{batch}/undo 200
    /admin/imports/batches/999/undo -
GET /admin/exports
    /admin/exports 200
POST /admin/exports
    /admin/exports what=visits format=csv names=y 200
GET /admin/devices
    /admin/devices 200
POST /admin/devices/<int(max=9223372036854775807):key>/revoke
    /admin/devices/{device}/revoke go
    /admin/devices/999/revoke -
POST /admin/devices/<int(max=9223372036854775807):key>/restore
    /admin/devices/{device}/restore go
    /admin/devices/999/restore -
GET /admin/unsent
    /admin/unsent 200
POST /admin/unsent
    /admin/unsent 422
GET /admin/tokens
    /admin/tokens 200
POST /admin/tokens
    /admin/tokens 422
POST /admin/tokens/<int(max=9223372036854775807):key>/revoke
    /admin/tokens/{token}/revoke go
GET /admin/trail
    /admin/trail 200
"""
"""Administrators alone: what Ada gets; nobody and Dora are led to the sign-in, everybody else gets 404."""

TOKENS = ("sam", "sid", "rea", "mara", "bo", "eve", "lee", "reg", "ada")

API = """
                                              sam sid rea mara bo  eve lee reg ada
GET /api/v1/openapi.json                      anybody
    /api/v1/openapi.json                      200 200 200 200  200 200 200 200 200
GET /api/v1/visits                            visits:read
    /api/v1/visits                            200 200 200 200  200 200 200 200 200
GET /api/v1/visits/<uuid:id>                  visits:read
    /api/v1/visits/{seen}                     200 -   200 200  -   200 200 200 200
    /api/v1/visits/{unseen}                   200 -   200 -    -   -   -   -   200
    /api/v1/visits/{elsewhere}                -   200 200 -    200 -   200 -   200
    /api/v1/visits/{colleague}                -   200 200 200  -   -   200 200 200
    /api/v1/visits/{practice}                 200 -   200 -    -   -   -   -   200
    /api/v1/visits/{void}                     200 -   200 200  -   200 200 200 200
    /api/v1/visits/{mine_draft}               -   -   -   -    -   -   -   -   -
    /api/v1/visits/{none}                     -   -   -   -    -   -   -   -   -
POST /api/v1/visits                           visits:write
    /api/v1/visits                            422 422 403 403  403 403 403 403 422
POST /api/v1/visits/<uuid:id>/revisions       visits:write
    /api/v1/visits/{seen}/revisions           422 -   422 403  -   403 403 403 422
    /api/v1/visits/{returned}/revisions       422 -   422 403  -   403 403 403 422
    /api/v1/visits/{elsewhere}/revisions      -   422 422 -    403 -   403 -   422
    /api/v1/visits/{none}/revisions           -   -   -   -    -   -   -   -   -
PUT /api/v1/visits/<uuid:id>/photos/<sha256:sha256>  visits:write
    /api/v1/visits/{seen}/photos/{photo}      200 -   200 403  -   403 403 403 200
    /api/v1/visits/{seen}/photos/{late_photo} 422 -   422 403  -   403 403 403 422
    /api/v1/visits/{unseen}/photos/{photo}    200 -   200 -    -   -   -   -   200
    /api/v1/visits/{elsewhere}/photos/{photo} -   200 200 -    403 -   403 -   200
    /api/v1/visits/{seen}/photos/{no_photo}   -   -   -   403  -   403 403 403 -
    /api/v1/visits/{none}/photos/{photo}      -   -   -   -    -   -   -   -   -
GET /api/v1/scores                            scores:read
    /api/v1/scores?by=branch&month=2026-10&checklist=shop
                                              -   -   200 200  200 -   200 200 200
    /api/v1/scores?by=employee&month=2026-10&checklist=shop&branch=B001
                                              -   -   200 200  -   -   200 200 200
    /api/v1/scores?by=month&month=2026-10&checklist=shop&branch=B003
                                              -   -   200 -    200 -   200 -   200
    /api/v1/scores?by=month&month=2026-10&checklist=shop
                                              -   -   -   -    -   -   200 -   200
    /api/v1/scores?by=standard&month=2026-10&checklist=shop&region=R1
                                              -   -   -   -    -   -   200 200 200
GET /api/v1/actions                           actions:read
    /api/v1/actions                           200 200 200 200  200 200 200 200 200
    /api/v1/actions?after={branch_action}     422 422 200 200  422 422 200 200 200
    /api/v1/actions?after={other_action}      422 422 200 422  422 422 200 422 200
    /api/v1/actions?after={network_action}    422 422 200 422  422 422 200 422 200
    /api/v1/actions?after={none}              422 422 422 422  422 422 422 422 422
GET /api/v1/branches                          branches:read
    /api/v1/branches                          200 200 200 200  200 200 200 200 200
GET /api/v1/employees                         employees:read
    /api/v1/employees                         200 200 200 200  200 200 200 200 200
GET /api/v1/checklists                        checklists:read
    /api/v1/checklists                        200 200 200 200  200 200 200 200 200
GET /api/v1/checklists/<checklist>/<int(max=100000):version>  checklists:read
    /api/v1/checklists/shop/1                 200 200 200 200  200 200 200 200 200
    /api/v1/checklists/none/1                 -   -   -   -    -   -   -   -   -
"""
"""The same for programs: below each address the scope it asks for."""


@dataclass(frozen=True)
class Line:
    """One request with what everybody gets."""

    route: str
    path: str
    fields: dict[str, str]
    wanted: dict[str, str]
    scope: str = ""

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    def __str__(self) -> str:
        return " ".join([self.method, self.path, *(f"{name}={said}" for name, said in self.fields.items())])


def lines() -> Iterator[Line]:
    for route, _scope, path, fields, codes in read(TABLE, len(WHO)):
        yield Line(route, path, fields, dict(zip(WHO, codes, strict=True)))
    for route, _scope, path, fields, codes in read(ADMIN, 1):
        others = dict.fromkeys(WHO, "-")
        yield Line(route, path, fields, {**others, "nobody": "in", "ada": codes[0], "dora": "in"})


def api_lines() -> Iterator[Line]:
    for route, scope, path, fields, codes in read(API, len(TOKENS)):
        yield Line(route, path, fields, dict(zip(TOKENS, codes, strict=True)), scope)


def read(table: str, columns: int) -> Iterator[tuple[str, str, str, dict[str, str], list[str]]]:
    """Route, scope, path, fields and codes of each request; a line that has no room goes on in the next."""
    route = scope = held = ""
    for line in table.splitlines():
        if re.match(r"GET|POST|PUT|PATCH|DELETE", line):
            method, rule, *rest = re.split(r" (?![^<(]*[)>])", line.strip())
            route, scope = f"{method} {rule}", "".join(rest)
        elif line.strip() and route:
            words = (held + line).split()
            if len([word for word in words[1:] if "=" not in word]) < columns:
                held = line
                continue
            held = ""
            fields = dict(word.replace("+", " ").split("=", 1) for word in words[1:-columns])
            yield route, scope, words[0], fields, words[-columns:]


LINES = list(lines())
API_LINES = list(api_lines())


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = world(tmp_path_factory.mktemp("world"))
    made.things["assets"] = made.app.extensions["checker.assets"]
    yield made
    made.close()


def outcome(answer: TestResponse) -> str:
    """What an answer is in the words of the table."""
    if answer.status_code == 404:
        return "-"
    if answer.status_code == 303:
        return "in" if answer.location.split("?")[0] == "/login" else "go"
    return str(answer.status_code)


def told(outcomes: dict[str, str]) -> str:
    return " ".join(f"{who}={code}" for who, code in outcomes.items())


def filled(line: Line, things: dict[str, str]) -> tuple[str, dict[str, str]]:
    return line.path.format(**things), {name: said.format(**things) for name, said in line.fields.items()}


# --- who gets what ------------------------------------------------------------------------------------------


def routes(app: Any) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_address_stands_in_a_table_and_nothing_else(everything: World):
    """A page that is added says here who may see it."""
    assert routes(everything.app) == {line.route for line in [*LINES, *API_LINES]}


@pytest.mark.parametrize("line", LINES, ids=str)
def test_everybody_gets_what_is_theirs(everything: World, line: Line):
    path, fields = filled(line, everything.things)
    found = {}
    for who in WHO:
        before = everything.writes()
        if line.method == "PUT":
            answer = everything.ask(who, line.method, path, json={})
        elif line.method == "GET":
            answer = everything.ask(who, line.method, path)
        else:
            answer = everything.ask(who, line.method, path, data=fields)
        found[who] = outcome(answer)
        if line.method == "GET":
            assert everything.writes() == before, f"looking at {path} writes"
        elif everything.writes() != before:
            everything.restore()
        carries_the_headers(path, who, answer)
        tells_no_secret(everything, path, who, answer)
    assert told(found) == told(line.wanted)


def carries_the_headers(path: str, who: str, answer: TestResponse) -> None:
    """The policy, and nothing personal in a cache (E11)."""
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    if not path.startswith(("/s/", "/look/")):
        assert answer.headers["Cache-Control"] in ("no-store", "no-cache") or answer.status_code >= 400
    if who not in ("nobody", "dora") and answer.mimetype in ("text/html", "application/pdf", "text/csv"):
        assert answer.headers["Cache-Control"] == "no-store"


# --- what is never said -------------------------------------------------------------------------------------

SHOPPERS = ("Sam Shore", "sam@example.org", "Sid Stone", "sid@example.org")
HOURS = ("13:37", "10:37", "13.37", "10.37", "1791801461", "15:57", "12:57", "15.57", "12.57")
"""The minute at which visits began and at which they came in, by the branch's clock and by UTC."""

STAFF = {"eve": "Eve Alder", "emil": "Emil Birch", "edda": "Edda Cedar", "described": DESCRIBED}

OPEN = ("mine_assignment", "theirs_assignment", "mine_draft", "theirs_draft", "unseen", "practice")


def tells_no_secret(made: World, path: str, who: str, answer: TestResponse) -> None:
    """Managers, employees and leadership never learn of shopper, hour and open assignment (design §1, §2)."""
    if answer.status_code >= 400 or who not in ("mara", "bo", "eve", "lee", "reg"):
        return
    if path.startswith("/welcome/"):  # greets whoever holds the one-time link
        return
    said = text_of(answer)
    secrets = [*SHOPPERS, *HOURS, SCENARIO, "velvet", *(made.things[name] for name in OPEN)]
    if who in ("lee", "reg"):
        secrets += STAFF.values()
    if who == "eve":
        secrets += [STAFF["emil"], STAFF["edda"], DESCRIBED]
    assert [secret for secret in secrets if secret in said and secret not in path] == []


def text_of(answer: TestResponse) -> str:
    """What an answer says, its headers too; a PDF's words and what it says about itself; what is packed."""
    said = answer.data.decode("utf-8", "replace")
    if answer.mimetype == "application/pdf":
        pdf = PdfReader(BytesIO(answer.data))
        said = " ".join(page.extract_text() for page in pdf.pages) + str(pdf.metadata)
    if answer.data.startswith(b"PK"):  # spreadsheets are ZIPs, too
        with ZipFile(BytesIO(answer.data)) as packed:
            said = " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return said + str(answer.headers)


def test_the_secrets_are_there_to_be_told(everything: World):
    """Who may know does: otherwise the test above would look for what nobody ever writes."""
    page = everything.ask("rea", "GET", f"/visits/{everything.things['described']}").text
    for secret in ("Sid Stone", "13:37", DESCRIBED):
        assert secret in page
    assert SCENARIO in everything.ask("sam", "GET", "/").text
    assert STAFF["eve"] in everything.ask("mara", "GET", "/branches/B001?checklist=shop").text


# --- methods that are none, tokens, other sites -------------------------------------------------------------

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def test_no_address_takes_another_method(everything: World):
    taken: dict[str, set[str]] = {}
    for line in [*LINES, *API_LINES]:
        path = line.path.format(**everything.things)
        taken.setdefault(path.partition("?")[0], set()).add(line.method)
    adapter = everything.app.url_map.bind("localhost")
    for path in taken:
        for method in sorted(METHODS - set(adapter.allowed_methods(path))):
            for who in ("nobody", "ada"):
                assert everything.ask(who, method, path).status_code in (404, 405), (method, path)


def changing(app: Any) -> list[tuple[str, Rule]]:
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS", "GET"})
    ]


def gap(name: str, converter: Any) -> str:
    kind = type(converter).__name__
    kinds = {
        "IntegerConverter": "1",
        "UUIDConverter": "0199e8a0-0000-7000-8000-000000000000",
        "Sha256Converter": "0a" * 32,
    }
    return "accept" if kind == "AnyConverter" else kinds.get(kind, "x")


def path_of(rule: Rule) -> str:
    """The rule with something in each gap."""
    found = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda m: gap(m[1], rule._converters[m[1]]), rule.rule)
    assert "<" not in found
    return found


OWN_PROOF = {"tablet.contact", "tablet.leave", "tablet.sign_in_again", "tablet.take", "tablet.take_photo"}
"""What a tablet sends without a page: a token of its own inside what is sent, or nothing but counts."""


def test_every_change_needs_the_form_token_of_this_very_session(everything: World):
    """E3: no token, a wrong one, another person's."""
    seen = 0
    before = everything.writes()
    for method, rule in changing(everything.app):
        if rule.endpoint.startswith("api.") or rule.endpoint in OWN_PROOF:
            continue
        for token in ("", "wrong", everything.forms["sam"]):
            answer = everything.ask("ada", method, path_of(rule), headers={"X-CSRFToken": token})
            assert answer.status_code == 400, (method, rule.rule, token)
            assert "request.form_expired" in answer.text
            seen += 1
    assert everything.writes() == before
    assert seen > 120


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_every_change_asked_for_by_another_site_is_refused(everything: World, headers: dict[str, str]):
    """E3: even with the right token, and for programs too."""
    before = everything.writes()
    for method, rule in changing(everything.app):
        answer = everything.ask("ada", method, path_of(rule), headers=headers)
        assert (answer.status_code, "request.other_site" in answer.text) == (403, True), (method, rule.rule)
    assert everything.writes() == before


def test_looking_leaves_the_database_as_it_is(everything: World):
    """Not only is nothing written by each: after all of them every row is the same."""
    before = everything.content()
    for line in LINES:
        if line.method == "GET":
            for who in ("sam", "mara", "eve", "lee", "ada"):
                everything.ask(who, "HEAD", line.path.format(**everything.things))
    assert everything.content() == before


def test_every_line_of_the_trail_is_in_words(everything: World):
    written = everything.store.rows("SELECT act, details FROM trail")
    assert {row["act"] for row in written} <= set(trail.ACTS)
    assert {name for row in written for name in json.loads(row["details"])} <= set(trail.DETAILS)


# --- programs -----------------------------------------------------------------------------------------------


def send(made: World, token: str | None, line: Line, **rest: Any) -> TestResponse:
    path, _ = filled(line, made.things)
    if line.method == "POST":
        rest = {"json": {}, **rest}
    elif line.method == "PUT":
        rest = {"data": b"", "content_type": "image/jpeg", **rest}
    return made.program(token, line.method, path, **rest)


@pytest.mark.parametrize("line", API_LINES, ids=str)
def test_a_program_sees_what_its_person_sees(everything: World, line: Line):
    found = {}
    before = everything.writes()
    for who in TOKENS:
        answer = send(everything, everything.tokens[who], line)
        found[who] = outcome(answer)
        carries_the_headers(line.path, who, answer)
        if answer.status_code >= 400:
            assert answer.mimetype == "application/problem+json"
        # What a program takes away has left the branch: not even the manager's has names (§5).
        tells_no_secret(everything, line.path, {"mara": "lee", "bo": "lee"}.get(who, who), answer)
    assert told(found) == told(line.wanted)
    assert everything.writes() == before


@pytest.mark.parametrize("line", API_LINES, ids=str)
def test_a_key_with_one_scope_opens_that_alone(everything: World, line: Line):
    for scope in SCOPES:
        status = send(everything, everything.tokens[scope], line).status_code
        assert (status == 403) is (line.scope not in (scope, "anybody")), (scope, status)
        assert status not in (401, 500)


@pytest.mark.parametrize("line", API_LINES, ids=str)
def test_without_a_key_that_lives_nothing_is_told(everything: World, line: Line):
    if line.scope == "anybody":
        return
    for token in (None, "", "wrong", everything.tokens["ada"][:-1], everything.tokens["dora"]):
        answer = send(everything, token, line)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    cookie = everything.ask("ada", line.method, line.path.format(**everything.things), json={})
    assert cookie.status_code == 401, "a browser's cookie opens no door of programs"


def listing(made: World, who: str, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made.program(made.tokens[who], "GET", f"/api/v1/{what}").get_json()[what]
    return found


def test_lists_hold_what_one_may_open_one_by_one(everything: World):
    """E2: counts and lists are another way to the same rows."""
    visits = {
        everything.things[name] for name in ("seen", "unseen", "elsewhere", "colleague", "practice", "void")
    }
    for who in TOKENS:
        listed = {one["id"] for one in listing(everything, who, "visits")}
        opened = {
            id
            for id in visits
            if everything.program(everything.tokens[who], "GET", f"/api/v1/visits/{id}").status_code == 200
        }
        assert listed & visits == opened, who
    branches = {who: {one["code"] for one in listing(everything, who, "branches")} for who in TOKENS}
    assert branches["bo"] == {"B003"} and branches["mara"] == {"B001", "B002"}
    assert branches["reg"] == {"B001", "B002", "B009"} and branches["sam"] == branches["eve"] == set()
    names = ("branch_action", "closed_action", "region_action", "other_action", "network_action")
    actions = {everything.things[name]: name for name in names}
    planned = {
        who: [actions[one["id"]] for one in listing(everything, who, "actions") if one["id"] in actions]
        for who in TOKENS
    }
    assert planned == {
        "sam": [],
        "sid": [],
        "eve": [],
        "bo": [],
        "mara": ["branch_action", "closed_action"],
        "reg": ["branch_action", "closed_action", "region_action"],
        **dict.fromkeys(("rea", "lee", "ada"), list(names)),
    }


# --- figures of few visits (F3) -----------------------------------------------------------------------------

MONTHS = range(4, 10)
"""Two quarters that are over on 31 October."""

SERVING = ("E1", "E2", "E3", None)
"""Who may have served; None: the shopper could not say who it was."""

Served = dict[tuple[str | None, int], int]
"""(employee, month) -> visits."""

NOBODY: Served = {(who, at): 0 for who in SERVING for at in MONTHS}

NETWORKS = st.fixed_dictionaries(
    {(who, at): st.integers(0, 4 if who else 1) for who in SERVING for at in MONTHS}
).filter(lambda served: any(served.values()))


def leaving(made: Shop, month: Month) -> BranchMonth:
    """The branch's month as leadership gets it."""
    return branch_month(
        made.store,
        branch_code="B1",
        month=month,
        series_id=made.series_id,
        person_id=made.people["lee"],
        now=datetime(2026, 10, 31, 12, tzinfo=UTC),
    )


def fill_branch(made: Shop, served: Served) -> None:
    for (who, at), n in served.items():
        for day in range(n):
            made.send(
                employees={"served_by": {"code": who} if who else None},
                visited_at=f"2026-{at:02}-{day + 2:02}T12:00:00+03:00",
                answers={**GOOD, "three_yes": (day + at) % 4},
                now=datetime(2026, 10, 20, 12, tzinfo=UTC),
            )


def told_sums(served: Served, pages: Sequence[BranchMonth]) -> list[list[int]]:
    """The sums of scores that pages tell, as rows over (employee, month): the branch's of each month, which
    stand in its standards, and each employee's that is shown.
    """
    rows = [[int(at == page.month.number) for _, at in served] for page in pages]
    for page in pages:
        for line in page.employees:
            if line.mean is not None:
                since, through = line.since.number, line.through.number
                rows.append([int(who == line.code and since <= at <= through) for who, at in served])
    return [[value * bool(n) for value, n in zip(row, served.values(), strict=True)] for row in rows]


def disclosed(served: Served, pages: Sequence[BranchMonth]) -> list[tuple[str, tuple[int, ...]]]:
    """Whose visits of some months, fewer than five, can be told apart from those of everybody else.

    Where one person alone served in a month, the branch's own figure is theirs and hides nothing.
    """
    known = reduced(told_sums(served, pages))
    alone = reduced(told_sums(served, [replace(page, employees=()) for page in pages]))
    found = []
    for who in SERVING[:3]:
        held = [at for at in MONTHS if served[who, at]]
        for months in chain.from_iterable(combinations(held, size) for size in range(1, 5)):
            wanted = [int(cell in {(who, at) for at in months}) for cell in served]
            few = sum(served[who, at] for at in months) < 5
            if few and follows(wanted, known) and not follows(wanted, alone):
                found.append((str(who), months))
    return found


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(served=NETWORKS)
@example(served={**NOBODY, ("E1", 8): 2, ("E2", 8): 6})
@example(served={**NOBODY, ("E1", 4): 5, ("E1", 5): 1, ("E2", 5): 6, ("E3", 9): 3, ("E2", 9): 5})
def test_no_figure_of_fewer_than_five_visits_leaves_the_branch(
    tmp_path_factory: pytest.TempPathFactory, served: Served
):
    with shop(tmp_path_factory.mktemp("few")) as made:
        fill_branch(made, served)
        pages = [leaving(made, Month(2026, at)) for at in MONTHS]
        for page in pages:
            for line in page.employees:
                assert line.name is None and line.span is None
                figures = (line.mean, line.experience, line.interval)
                if line.n < 5:
                    assert figures == (None, None, None) and line.withheld
            assert all(visit.employees == () for visit in page.visits)
        assert disclosed(served, pages) == []
