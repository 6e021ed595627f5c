-- Annotation by people. The votes and the events are ledgers: rows are added, never changed.

-- People who vote, and those who run it.
CREATE TABLE annotators (
  person_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('annotator', 'administrator')),
  quota INTEGER CHECK (quota >= 0),   -- the most votes; NULL: no limit
  token_hash BLOB UNIQUE,             -- SHA-256 of the link's secret, which is not kept
  settings TEXT NOT NULL DEFAULT '{}', -- JSON object: what the page keeps for the person
  created_at TEXT NOT NULL,
  linked_at TEXT NOT NULL,            -- when the link was made
  expires_at TEXT,
  revoked_at TEXT
) STRICT;

-- Browsers that are signed in.
CREATE TABLE annotation_sessions (
  cookie_hash BLOB PRIMARY KEY,       -- SHA-256 of the cookie's secret
  csrf_token TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES annotators,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX annotation_sessions_by_person ON annotation_sessions (person_id);
CREATE INDEX annotation_sessions_by_end ON annotation_sessions (expires_at);

-- Tasks that are worked on together.
CREATE TABLE annotation_queues (
  queue_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('pair', 'rating', 'ranking')),
  overlap INTEGER NOT NULL CHECK (overlap >= 1), -- how many people vote on each task
  guidelines TEXT NOT NULL,           -- Markdown
  criteria TEXT NOT NULL,             -- JSON array of name and description
  options TEXT NOT NULL,              -- JSON object: shares of gold items and repeats, lease, quota
  state TEXT NOT NULL CHECK (state IN ('open', 'paused', 'closed')),
  revision INTEGER NOT NULL DEFAULT 0, -- grows when tasks are added
  task_count INTEGER NOT NULL DEFAULT 0, -- of purpose 'normal'
  open_slots INTEGER NOT NULL DEFAULT 0, -- of all its tasks
  run_id INTEGER NOT NULL REFERENCES runs,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE annotation_tasks (
  task_id INTEGER PRIMARY KEY,
  queue_id INTEGER NOT NULL REFERENCES annotation_queues,
  example_id INTEGER NOT NULL REFERENCES examples,
  priority REAL NOT NULL,             -- the smallest first
  purpose TEXT NOT NULL CHECK (purpose IN ('normal', 'gold', 'qualification')),
  expected TEXT,                      -- JSON object: the known answer, in the task's own order
  explanation TEXT,
  open_slots INTEGER NOT NULL CHECK (open_slots >= 0) -- people who can still be given it
) STRICT;
CREATE INDEX annotation_tasks_open ON annotation_tasks (queue_id, priority, task_id)
  WHERE open_slots > 0 AND purpose = 'normal';
CREATE INDEX annotation_tasks_known ON annotation_tasks (queue_id, purpose, priority, task_id)
  WHERE purpose <> 'normal';
CREATE INDEX annotation_tasks_by_queue ON annotation_tasks (queue_id);
CREATE INDEX annotation_tasks_by_example ON annotation_tasks (example_id);

-- The answers of a task in its own order.
CREATE TABLE annotation_task_candidates (
  task_id INTEGER NOT NULL REFERENCES annotation_tasks,
  place INTEGER NOT NULL,
  candidate_id INTEGER NOT NULL REFERENCES candidates,
  PRIMARY KEY (task_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX annotation_task_candidates_by_candidate ON annotation_task_candidates (candidate_id);
-- What people have seen stays as they saw it.
CREATE TRIGGER annotation_keeps_candidates BEFORE DELETE ON candidates
WHEN EXISTS (SELECT 1 FROM annotation_task_candidates WHERE candidate_id = OLD.candidate_id)
BEGIN SELECT RAISE(ABORT, 'people are asked about this answer: it cannot be replaced'); END;

-- A task given to a person, for some time.
CREATE TABLE annotation_assignments (
  assignment_id INTEGER PRIMARY KEY,
  task_id INTEGER NOT NULL REFERENCES annotation_tasks,
  queue_id INTEGER NOT NULL REFERENCES annotation_queues,
  person_id INTEGER NOT NULL REFERENCES annotators,
  ordinal INTEGER NOT NULL,           -- counts the person's assignments of the queue
  sides TEXT NOT NULL,                -- JSON array: the task's place of what is shown as A, B...
  repeats INTEGER REFERENCES annotation_assignments, -- the one that is asked again
  issued_at TEXT NOT NULL,
  lease_expires_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('leased', 'voted', 'skipped', 'expired')),
  UNIQUE (person_id, queue_id, ordinal)
) STRICT;
-- Nobody has a task twice, repeats aside.
CREATE UNIQUE INDEX annotation_assignments_by_task ON annotation_assignments (task_id, person_id)
  WHERE repeats IS NULL AND state <> 'expired';
CREATE INDEX annotation_assignments_all_by_task ON annotation_assignments (task_id);
CREATE UNIQUE INDEX annotation_assignments_repeated ON annotation_assignments (repeats)
  WHERE repeats IS NOT NULL AND state <> 'expired';
CREATE INDEX annotation_assignments_leased ON annotation_assignments (lease_expires_at)
  WHERE state = 'leased';
CREATE INDEX annotation_assignments_held ON annotation_assignments (person_id, queue_id)
  WHERE state = 'leased';

-- What people said. An undo or a change is a row of its own that supersedes the earlier one.
CREATE TABLE annotation_votes (
  vote_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('vote', 'skip', 'undo', 'adjudication')),
  task_id INTEGER NOT NULL REFERENCES annotation_tasks,
  assignment_id INTEGER REFERENCES annotation_assignments, -- NULL: an adjudication
  person_id INTEGER NOT NULL REFERENCES annotators,
  client_key TEXT NOT NULL,           -- made by the page: what is sent twice is stored once
  verdict TEXT CHECK (verdict IN ('A is better', 'B is better', 'Same good', 'Same bad')),
  outcome TEXT CHECK (outcome IN ('A is better', 'B is better', 'Same good', 'Same bad')),
                                      -- the verdict in the task's own order, whatever was shown
  ratings TEXT,                       -- JSON object by label and criterion, as shown
  ranking TEXT,                       -- JSON array of groups of labels, the best first, as shown
  skip_reason TEXT CHECK (
    skip_reason IN ('unclear', 'offensive', 'too_long', 'not_my_language', 'other')),
  is_correct INTEGER CHECK (is_correct IN (0, 1)), -- of tasks whose answer is known
  note TEXT,
  milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
  created_at TEXT NOT NULL,
  supersedes INTEGER UNIQUE REFERENCES annotation_votes,
  UNIQUE (person_id, client_key)
) STRICT;
CREATE INDEX annotation_votes_by_task ON annotation_votes (task_id);
CREATE INDEX annotation_votes_by_assignment ON annotation_votes (assignment_id)
  WHERE assignment_id IS NOT NULL;
CREATE INDEX annotation_votes_by_person ON annotation_votes (person_id, vote_id);

-- How far each person is in each queue: sums of the ledger, kept because they are asked all the time.
CREATE TABLE annotation_progress (
  person_id INTEGER NOT NULL REFERENCES annotators,
  queue_id INTEGER NOT NULL REFERENCES annotation_queues,
  votes INTEGER NOT NULL DEFAULT 0,   -- that stand, qualification items aside
  normal INTEGER NOT NULL DEFAULT 0,  -- of these, on tasks of purpose 'normal' that are no repeats
  skips INTEGER NOT NULL DEFAULT 0,
  leased INTEGER NOT NULL DEFAULT 0,
  assignments INTEGER NOT NULL DEFAULT 0,
  qualification_done INTEGER NOT NULL DEFAULT 0,
  qualification_correct INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (person_id, queue_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX annotation_progress_by_queue ON annotation_progress (queue_id);

-- The audit trail.
CREATE TABLE annotation_events (
  event_id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  person_id INTEGER REFERENCES annotators, -- NULL: the command line, or the program itself
  action TEXT NOT NULL,
  details TEXT NOT NULL               -- JSON object
) STRICT;

-- The votes that stand: those that no later row supersedes.
CREATE VIEW annotation_standing_votes AS
SELECT v.* FROM annotation_votes v
WHERE v.kind <> 'undo'
  AND NOT EXISTS (SELECT 1 FROM annotation_votes later WHERE later.supersedes = v.vote_id);
