"""The schema and its history: ordered, append-only, applied by sqlite-utils."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("checker")

FIRST = """
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE programme (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    notice_given_on TEXT,               -- visits before staff were told do not count
    reveal TEXT NOT NULL DEFAULT 'next_morning' CHECK (reveal IN ('next_morning', 'on_approval', 'at_once')),
    attribution TEXT NOT NULL DEFAULT 'named' CHECK (attribution IN ('named', 'code', 'none')),
    review INTEGER NOT NULL DEFAULT 0 CHECK (review IN (0, 1)),
    retired_at INTEGER
) STRICT;

CREATE TABLE region (
    id INTEGER PRIMARY KEY CHECK (id > 0),  -- 0 stands for the network in roll-ups and tallies
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    retired_at INTEGER,
    batch_id INTEGER REFERENCES batch (id)
) STRICT;

CREATE TABLE branch (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    region_id INTEGER NOT NULL REFERENCES region (id),
    zone TEXT NOT NULL,                 -- IANA time zone
    format TEXT NOT NULL DEFAULT '',
    branch_group TEXT NOT NULL DEFAULT '',
    opened_on TEXT,
    closed_on TEXT,
    batch_id INTEGER REFERENCES batch (id)
) STRICT;
CREATE INDEX branch_region ON branch (region_id);

CREATE TABLE employee (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    retired_at INTEGER,
    batch_id INTEGER REFERENCES batch (id)
) STRICT;

CREATE TABLE employment (
    id INTEGER PRIMARY KEY,
    employee_id INTEGER NOT NULL REFERENCES employee (id),
    branch_id INTEGER NOT NULL REFERENCES branch (id),
    from_on TEXT NOT NULL,
    to_on TEXT,                         -- last day; NULL while it lasts
    batch_id INTEGER REFERENCES batch (id),
    CHECK (to_on IS NULL OR to_on >= from_on)
) STRICT;
CREATE INDEX employment_employee ON employment (employee_id);
CREATE INDEX employment_branch ON employment (branch_id);

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('shopper', 'reviewer', 'manager', 'employee', 'leadership', 'admin')),
    language TEXT NOT NULL DEFAULT 'en',
    password_hash TEXT,                 -- NULL until the person has set one
    employee_id INTEGER REFERENCES employee (id),
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    batch_id INTEGER REFERENCES batch (id)
) STRICT;

CREATE TABLE person_scope (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    branch_id INTEGER REFERENCES branch (id),
    region_id INTEGER REFERENCES region (id),
    CHECK ((branch_id IS NULL) <> (region_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX person_scope_unique ON person_scope (person_id, ifnull(branch_id, 0), ifnull(region_id,
0));

-- Which branches a person may look into. Every query about visits joins it, so a stranger's visit does not
-- exist.
CREATE VIEW sight AS
SELECT person.id AS person_id, branch.id AS branch_id
FROM person, branch
WHERE person.disabled_at IS NULL AND (
    person.role IN ('admin', 'reviewer')
    OR (person.role = 'leadership'
        AND NOT EXISTS (SELECT 1 FROM person_scope WHERE person_scope.person_id = person.id))
    OR (person.role IN ('manager', 'leadership')
        AND EXISTS (SELECT 1 FROM person_scope WHERE person_scope.person_id = person.id
                    AND (person_scope.branch_id = branch.id OR person_scope.region_id = branch.region_id))));

CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,        -- the cookie holds the token, the table only its hash
    person_id INTEGER NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    agent TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person_id);

CREATE TABLE invitation (
    token_hash BLOB PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE rate_limit (
    key TEXT PRIMARY KEY,
    hits INTEGER NOT NULL,
    expires_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_token (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),  -- the token sees what this person sees
    scopes TEXT NOT NULL,               -- words with blanks between: visits:write scores:read
    created_at INTEGER NOT NULL,
    created_by INTEGER NOT NULL REFERENCES person (id),
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;

CREATE TABLE checklist (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    retired_at INTEGER
) STRICT;

CREATE TABLE checklist_version (
    id INTEGER PRIMARY KEY,
    checklist_id INTEGER NOT NULL REFERENCES checklist (id),
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,           -- canonical JSON
    hash BLOB NOT NULL,
    dictionary BLOB NOT NULL,           -- what its visits have in common; revisions are deflated with it
    published_at INTEGER NOT NULL,
    published_by INTEGER REFERENCES person (id),
    UNIQUE (checklist_id, version)
) STRICT;

CREATE TABLE checklist_draft (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    uploaded_by INTEGER NOT NULL REFERENCES person (id)
) STRICT;

CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL REFERENCES checklist_version (id),
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    standard TEXT NOT NULL,
    type TEXT NOT NULL,
    timed INTEGER NOT NULL,             -- 1: answers are milliseconds and are tallied by the second
    UNIQUE (version_id, code)
) STRICT;

-- The unit within which visits may be averaged: figures are per programme, checklist and method.
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    checklist_id INTEGER NOT NULL REFERENCES checklist (id),
    method TEXT NOT NULL CHECK (method IN ('mystery_shopping', 'observation', 'self_check')),
    UNIQUE (programme_id, checklist_id, method)
) STRICT;

CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    checklist_id INTEGER REFERENCES checklist (id),     -- NULL: every checklist
    measure TEXT NOT NULL,              -- compliance, experience, or a standard's id
    region_id INTEGER REFERENCES region (id),
    branch_id INTEGER REFERENCES branch (id),
    share INTEGER NOT NULL CHECK (share BETWEEN 0 AND 1000000),
    valid_from TEXT NOT NULL,
    CHECK (region_id IS NULL OR branch_id IS NULL)
) STRICT;
CREATE UNIQUE INDEX target_unique ON target
    (programme_id, ifnull(checklist_id, 0), measure, ifnull(region_id, 0), ifnull(branch_id, 0), valid_from);

CREATE TABLE assignment (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    branch_id INTEGER NOT NULL REFERENCES branch (id),
    checklist_id INTEGER NOT NULL REFERENCES checklist (id),
    shopper_id INTEGER NOT NULL REFERENCES person (id),
    visit_from TEXT NOT NULL,
    visit_to TEXT NOT NULL,
    report_by TEXT NOT NULL,
    purpose TEXT NOT NULL DEFAULT 'planned' CHECK (purpose IN ('planned', 'revisit', 'paired', 'extra')),
    scenario TEXT NOT NULL DEFAULT '',
    briefing TEXT NOT NULL DEFAULT '',
    fee_cents INTEGER,
    expenses_cents INTEGER,
    currency TEXT,
    state TEXT NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'accepted', 'done', 'declined', 'expired', 'cancelled')),
    state_at INTEGER NOT NULL,
    state_reason TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES person (id),
    batch_id INTEGER REFERENCES batch (id),
    CHECK (visit_to >= visit_from AND report_by >= visit_to)
) STRICT;
CREATE INDEX assignment_shopper ON assignment (shopper_id, state);
CREATE INDEX assignment_branch ON assignment (branch_id, visit_from);

CREATE TABLE draft (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,          -- becomes the visit's
    shopper_id INTEGER NOT NULL REFERENCES person (id),
    assignment_id INTEGER REFERENCES assignment (id),
    version_id INTEGER NOT NULL REFERENCES checklist_version (id),
    branch_id INTEGER NOT NULL REFERENCES branch (id),
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    body TEXT NOT NULL DEFAULT '{}',
    device TEXT NOT NULL DEFAULT '',
    sequence INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    sent_at INTEGER,
    discarded_at INTEGER
) STRICT;
CREATE INDEX draft_shopper ON draft (shopper_id) WHERE sent_at IS NULL AND discarded_at IS NULL;

CREATE TABLE draft_copy (               -- what another device had typed when two met; nothing typed is lost
    id INTEGER PRIMARY KEY,
    draft_id INTEGER NOT NULL REFERENCES draft (id),
    device TEXT NOT NULL,
    base_sequence INTEGER NOT NULL,
    body TEXT NOT NULL,
    kept_at INTEGER NOT NULL
) STRICT;

CREATE TABLE visit (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    series_id INTEGER NOT NULL REFERENCES series (id),
    version_id INTEGER NOT NULL REFERENCES checklist_version (id),
    branch_id INTEGER NOT NULL REFERENCES branch (id),
    region_id INTEGER NOT NULL REFERENCES region (id),  -- the branch's at the visit; old months keep it
    month INTEGER NOT NULL,             -- 202610, in the branch's time zone
    visited_at INTEGER NOT NULL,        -- seconds since 1970 UTC, start of the contact
    received_at INTEGER NOT NULL,
    revealed_at INTEGER,                -- when the branch may see it; NULL until approved
    shopper_id INTEGER REFERENCES person (id),
    assignment_id INTEGER REFERENCES assignment (id),
    channel TEXT NOT NULL CHECK (channel IN ('store', 'online', 'phone')),
    subject TEXT NOT NULL CHECK (subject IN ('own', 'competitor')),
    purpose TEXT NOT NULL CHECK (purpose IN ('planned', 'revisit', 'paired', 'extra')),
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
    outcome TEXT NOT NULL
        CHECK (outcome IN ('completed', 'closed', 'refused', 'recognised', 'unsafe', 'other')),
    service_level TEXT CHECK (service_level IN ('low', 'standard', 'wow')),
    state TEXT NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'approved', 'returned', 'void')),
    excluded INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1)),   -- kept and shown, but in no figure
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    revision INTEGER NOT NULL DEFAULT 1,
    scorer INTEGER NOT NULL,
    compliance INTEGER,                 -- millionths
    experience INTEGER,
    flagged INTEGER NOT NULL DEFAULT 0,
    batch_id INTEGER REFERENCES batch (id)
) STRICT;
CREATE INDEX visit_branch ON visit (branch_id, month);
CREATE INDEX visit_shopper ON visit (shopper_id) WHERE shopper_id IS NOT NULL;
CREATE INDEX visit_unfinished ON visit (series_id, month, region_id, outcome)
    WHERE outcome <> 'completed' AND practice = 0 AND subject = 'own' AND state <> 'void';
CREATE INDEX visit_batch ON visit (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX visit_assignment ON visit (assignment_id) WHERE assignment_id IS NOT NULL;

CREATE TABLE answer (                   -- of the current revision; only items that were asked and can be met
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    item_id INTEGER NOT NULL REFERENCES item (id),
    value INTEGER,                      -- see store/answers.py; NULL: not applicable, -1: it never happened
    met INTEGER,
    PRIMARY KEY (visit_id, item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE visit_revision (
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    n INTEGER NOT NULL,
    body BLOB NOT NULL,                 -- canonical JSON, deflated against the version's dictionary
    hash BLOB NOT NULL,
    author_id INTEGER REFERENCES person (id),
    reason TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (visit_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE visit_conflict (           -- another body under an id already taken: refused with 409, and kept
    id INTEGER PRIMARY KEY,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    body TEXT NOT NULL,
    hash BLOB NOT NULL,
    sender_id INTEGER REFERENCES person (id),
    received_at INTEGER NOT NULL,
    UNIQUE (visit_id, hash)
) STRICT;

CREATE TABLE visit_employee (
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    role TEXT NOT NULL,
    employee_id INTEGER REFERENCES employee (id),
    described TEXT,
    compliance INTEGER,
    experience INTEGER,
    PRIMARY KEY (visit_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_employee_employee ON visit_employee (employee_id, visit_id) WHERE employee_id IS NOT NULL;

CREATE TABLE visit_event (              -- what people did with a sent visit; the last decides its state
    id INTEGER PRIMARY KEY,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    kind TEXT NOT NULL
        CHECK (kind IN ('approve', 'return', 'revise', 'void', 'restore', 'exclude', 'include')),
    person_id INTEGER REFERENCES person (id),
    reason TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX visit_event_visit ON visit_event (visit_id);

CREATE TABLE review_note (              -- something a reviewer should look at; never blocks, never scores
    id INTEGER PRIMARY KEY,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    code TEXT NOT NULL,
    details TEXT NOT NULL DEFAULT '{}',
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX review_note_visit ON review_note (visit_id);

CREATE TABLE photo (
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    item_id INTEGER NOT NULL REFERENCES item (id),
    sent_hash BLOB NOT NULL,
    stored_hash BLOB,                   -- of the re-encoded picture; NULL until it has arrived
    received_at INTEGER,
    PRIMARY KEY (visit_id, item_id, sent_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE reply (
    id INTEGER PRIMARY KEY,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    item_id INTEGER REFERENCES item (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    text TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX reply_visit ON reply (visit_id);

CREATE TABLE action (
    id INTEGER PRIMARY KEY,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    branch_id INTEGER REFERENCES branch (id),
    region_id INTEGER REFERENCES region (id),
    what TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on TEXT NOT NULL,
    measured_by TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '',
    created_by INTEGER NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;

-- Roll-ups and tallies: only store/tallies.py writes them, inside the transaction that changes the visit.
CREATE TABLE rollup (
    scope INTEGER NOT NULL,             -- 0 network, 1 region, 2 branch, 3 employee
    series_id INTEGER NOT NULL REFERENCES series (id),
    month INTEGER NOT NULL,
    scope_id INTEGER NOT NULL,          -- 0 for the network
    visits INTEGER NOT NULL,
    compliance_n INTEGER NOT NULL,
    compliance_sum INTEGER NOT NULL,
    compliance_squares INTEGER NOT NULL,
    experience_n INTEGER NOT NULL,
    experience_sum INTEGER NOT NULL,
    experience_squares INTEGER NOT NULL,
    low INTEGER NOT NULL,
    standard INTEGER NOT NULL,
    wow INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    PRIMARY KEY (scope, series_id, month, scope_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
    series_id INTEGER NOT NULL REFERENCES series (id),
    month INTEGER NOT NULL,
    region_id INTEGER NOT NULL,         -- 0 for the network
    item_id INTEGER NOT NULL REFERENCES item (id),
    bin INTEGER NOT NULL,               -- -2 n/a, -1 never, else the value; durations in seconds, 601: longer
    met INTEGER NOT NULL,               -- -1: neither
    n INTEGER NOT NULL,
    PRIMARY KEY (series_id, month, region_id, item_id, bin, met)
) STRICT, WITHOUT ROWID;

-- Grows with every change of a figure of that series and month; what is computed from figures is
-- good while it stands.
-- Series 0 stands for what every figure is read with: branches, regions, targets, programmes, checklists.
CREATE TABLE change_count (
    series_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (series_id, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('branches', 'employees', 'users', 'assignments', 'visits')),
    file_name TEXT NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    person_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;

CREATE TABLE trail (                    -- who did what to which thing, when; no answers and no names in it
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    person_id INTEGER,
    act TEXT NOT NULL,
    thing TEXT NOT NULL DEFAULT '',
    details TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TRIGGER trail_keeps BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is never changed');
END;
CREATE TRIGGER trail_stays BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is never shortened');
END;

INSERT INTO programme (id, code, name) VALUES (1, 'main', 'Service standards');
INSERT INTO change_count (series_id, month, n) VALUES (0, 0, 0);
"""


CHANGED = """
CREATE TRIGGER {table}_{event} AFTER {event} ON {table}
BEGIN UPDATE change_count SET n = n + 1 WHERE series_id = 0; END
"""


def statements(script: str) -> list[str]:
    """Split a script into its statements; a trigger's inner semicolons stay where they are.

    `executescript` would commit before it runs, and a migration must be all or nothing.
    """
    found: list[str] = []
    held = ""
    for line in script.splitlines():
        code = line.split("--")[0].rstrip()
        held += line + "\n"
        whole_trigger = "CREATE TRIGGER" not in held or code.endswith("END;")
        if code.endswith(";") and whole_trigger:
            found.append(held)
            held = ""
    return found


@migrations()
def m001_first(db: Database) -> None:
    """Every key of the design, with one default programme."""
    for statement in statements(FIRST):
        db.execute(statement)
    for table in ("programme", "region", "branch", "checklist_version", "target"):
        for event in ("insert", "update", "delete"):
            db.execute(CHANGED.format(table=table, event=event))


TABLETS = """
CREATE TABLE device (                   -- a shopper's tablet or phone that keeps visits of its own
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    token_hash BLOB NOT NULL UNIQUE,    -- its cookie holds the token
    agent TEXT NOT NULL,
    person_id INTEGER REFERENCES person (id),   -- who signed in on it last
    born TEXT NOT NULL,                 -- a random word of its own store; another one: that was emptied
    build TEXT NOT NULL,
    protocol INTEGER NOT NULL,
    unsent INTEGER NOT NULL,
    drafts INTEGER NOT NULL,
    missing INTEGER NOT NULL DEFAULT 0, -- said to be unsent when its store was emptied
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    revocations INTEGER NOT NULL DEFAULT 0,
    revoked_at INTEGER,
    wiped_at INTEGER                    -- when it was told to forget everything; NULL again once restored
) STRICT;
"""


@migrations()
def m002_tablets(db: Database) -> None:
    """Tablets that work offline."""
    for statement in statements(TABLETS):
        db.execute(statement)


PHOTOS = """
CREATE INDEX photo_stored ON photo (stored_hash) WHERE stored_hash IS NOT NULL;
CREATE INDEX photo_missing ON photo (visit_id) WHERE stored_hash IS NULL;
"""


@migrations()
def m003_photos(db: Database) -> None:
    """Which files are named, and which photos have not come."""
    for statement in statements(PHOTOS):
        db.execute(statement)


ACTIONS = """
ALTER TABLE action RENAME TO action_before;
CREATE TABLE action (                   -- what somebody set out to improve; both places NULL: the network
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    branch_id INTEGER REFERENCES branch (id),
    region_id INTEGER REFERENCES region (id),
    standard TEXT,                      -- the standard it is about, if it is about one
    what TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on TEXT NOT NULL,
    measured_by TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
    outcome TEXT NOT NULL DEFAULT '',   -- kept when it is opened again
    closed_on TEXT,
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES person (id),
    CHECK (branch_id IS NULL OR region_id IS NULL),
    CHECK ((state = 'open') = (closed_on IS NULL))
) STRICT;
INSERT INTO action (id, uuid, programme_id, branch_id, region_id, what, owner, due_on, measured_by, state,
    outcome, closed_on, created_at, created_by)
SELECT id, randomblob(16), programme_id, branch_id, CASE WHEN branch_id IS NULL THEN region_id END, what,
    owner, due_on, measured_by, CASE WHEN closed_at IS NULL THEN 'open' ELSE 'done' END, outcome,
    date(closed_at, 'unixepoch'), created_at, created_by
FROM action_before;
DROP TABLE action_before;
CREATE INDEX action_branch ON action (branch_id) WHERE branch_id IS NOT NULL;
CREATE INDEX action_region ON action (region_id) WHERE region_id IS NOT NULL;
CREATE INDEX action_network ON action (programme_id) WHERE branch_id IS NULL AND region_id IS NULL;
"""


@migrations()
def m004_actions(db: Database) -> None:
    """Actions get an id for outside, a state, and the standard they are about."""
    for statement in statements(ACTIONS):
        db.execute(statement)


QUOTES = """
CREATE TABLE quote (                    -- a shopper's words on a question, released for reports by a person
    id INTEGER PRIMARY KEY,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    item_id INTEGER NOT NULL REFERENCES item (id),
    revision INTEGER NOT NULL,          -- it was taken from; a quote of another than the current one is gone
    series_id INTEGER NOT NULL REFERENCES series (id),  -- these two are the visit's at that revision
    month INTEGER NOT NULL,
    text TEXT NOT NULL,
    released_at INTEGER NOT NULL,
    released_by INTEGER REFERENCES person (id),
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES person (id),
    FOREIGN KEY (visit_id, revision) REFERENCES visit_revision (visit_id, n)
) STRICT;
CREATE UNIQUE INDEX quote_visit ON quote (visit_id, item_id, revision) WHERE withdrawn_at IS NULL;
CREATE INDEX quote_month ON quote (series_id, month) WHERE withdrawn_at IS NULL;
"""


@migrations()
def m005_quotes(db: Database) -> None:
    """Words for reports."""
    for statement in statements(QUOTES):
        db.execute(statement)


EDITIONS = """
CREATE TABLE edition (                  -- a month's report, closed by a person; both places NULL: the network
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    series_id INTEGER NOT NULL REFERENCES series (id),
    month INTEGER NOT NULL,
    region_id INTEGER REFERENCES region (id),
    branch_id INTEGER REFERENCES branch (id),
    n INTEGER NOT NULL,                 -- 1, and one more for each release after corrections
    changes INTEGER NOT NULL DEFAULT 0, -- of the draft, so that nobody writes over another's
    foreword TEXT NOT NULL,
    decisions TEXT NOT NULL,            -- JSON: what, owner, due_on
    begun_at INTEGER NOT NULL,
    begun_by INTEGER REFERENCES person (id),
    released_at INTEGER,                -- NULL: a draft
    released_by INTEGER REFERENCES person (id),
    format INTEGER,                     -- of the snapshot
    snapshot BLOB,                      -- deflated JSON of every figure in it, people by their codes
    hash BLOB,                          -- of the JSON
    last_visit INTEGER,                 -- what came later is a correction
    last_event INTEGER,
    CHECK (region_id IS NULL OR branch_id IS NULL),
    CHECK ((released_at IS NULL) = (snapshot IS NULL) AND (snapshot IS NULL) = (hash IS NULL))
) STRICT;
CREATE UNIQUE INDEX edition_unique ON edition
    (series_id, month, ifnull(region_id, 0), ifnull(branch_id, 0), n);

CREATE TABLE edition_file (             -- the bytes that were sent
    id INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    language TEXT NOT NULL,
    audience TEXT NOT NULL,
    content BLOB NOT NULL,
    hash BLOB NOT NULL,
    sent_hash BLOB NOT NULL,            -- differs once a changed name had the file drawn again
    names BLOB NOT NULL,                -- a hash of the names in it
    program TEXT NOT NULL,              -- the version that drew it
    made_at INTEGER NOT NULL,
    redrawn_at INTEGER,
    UNIQUE (edition_id, language, audience)
) STRICT;
"""


@migrations()
def m006_editions(db: Database) -> None:
    """Months closed by a person, with what was sent."""
    for statement in statements(EDITIONS):
        db.execute(statement)


JOBS_AND_MAIL = """
CREATE TABLE report_order (             -- many reports at once, ordered on a page
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    series_id INTEGER NOT NULL REFERENCES series (id),
    month INTEGER NOT NULL,
    scope TEXT NOT NULL,                -- all, branches, or branches:<code of a region>
    language TEXT NOT NULL,
    audience TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'stopped', 'failed')),
    total INTEGER,                      -- NULL until it was begun
    made INTEGER NOT NULL DEFAULT 0,
    begun INTEGER NOT NULL DEFAULT 0,   -- how often; a process may be ended in the middle
    ordered_at INTEGER NOT NULL,
    ended_at INTEGER,
    stop_asked_at INTEGER
) STRICT;
CREATE INDEX report_order_person ON report_order (person_id, id);
CREATE INDEX report_order_open ON report_order (id) WHERE state IN ('waiting', 'running');

CREATE TABLE report_failure (           -- what could not be made when the order was last worked on
    order_id INTEGER NOT NULL REFERENCES report_order (id),
    file TEXT NOT NULL,                 -- "" where the order as a whole could not be worked on
    text TEXT NOT NULL,                 -- a msgid
    details TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (order_id, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailing (                  -- which report goes to a group of people each month, and when
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    name TEXT NOT NULL,
    checklist_id INTEGER REFERENCES checklist (id),     -- NULL: each with visits in the month
    region_id INTEGER REFERENCES region (id),
    branch_id INTEGER REFERENCES branch (id),           -- both NULL: the network
    audience TEXT NOT NULL CHECK (audience IN ('leadership', 'manager', 'meeting')),
    language TEXT NOT NULL,
    day INTEGER NOT NULL CHECK (day BETWEEN 1 AND 31),  -- in a shorter month its last one
    hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    zone TEXT NOT NULL,
    attach INTEGER NOT NULL CHECK (attach IN (0, 1)),   -- else a link
    from_at INTEGER NOT NULL,           -- what was due before is not sent
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES person (id),
    retired_at INTEGER,
    CHECK (region_id IS NULL OR branch_id IS NULL)
) STRICT;

CREATE TABLE mailing_recipient (
    mailing_id INTEGER NOT NULL REFERENCES mailing (id),
    email TEXT NOT NULL COLLATE NOCASE, -- also of a person, who is found by it
    PRIMARY KEY (mailing_id, email)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail (                     -- what went to whom: a row before it is handed over, never deleted
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,          -- in its Message-ID
    mailing_id INTEGER NOT NULL REFERENCES mailing (id),
    month INTEGER NOT NULL,
    email TEXT NOT NULL COLLATE NOCASE,
    trial INTEGER NOT NULL DEFAULT 0 CHECK (trial IN (0, 1)),
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sending', 'sent', 'refused', 'withheld', 'unknown')),
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,           -- not tried before
    said TEXT NOT NULL DEFAULT '',      -- what the mail server answered last
    text TEXT NOT NULL DEFAULT '',      -- a msgid: why it was not sent
    details TEXT NOT NULL DEFAULT '{}',
    files TEXT NOT NULL DEFAULT '[]',   -- name and SHA-256 of each report that went
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX mail_once ON mail (mailing_id, month, email) WHERE trial = 0;
CREATE INDEX mail_open ON mail (next_at) WHERE state IN ('waiting', 'sending');
"""


@migrations()
def m007_jobs_and_mail(db: Database) -> None:
    """Orders of many reports, and reports by mail."""
    for statement in statements(JOBS_AND_MAIL):
        db.execute(statement)
