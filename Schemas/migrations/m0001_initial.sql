-- The store of mixinstruct: one SQLite file, opened in write-ahead-log mode.
-- Times are ISO 8601 in UTC. Columns named *_fields hold JSON objects.

-- Every command that wrote to the store.
CREATE TABLE runs (
  run_id INTEGER PRIMARY KEY,
  verb TEXT NOT NULL,
  arguments TEXT NOT NULL,            -- JSON array, as typed
  program_version TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'interrupted', 'failed')),
  summary TEXT                        -- JSON object of counts
) STRICT;

-- Every file that was read, and how far: a run that died goes on from here.
CREATE TABLE input_files (
  input_file_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs,
  verb TEXT NOT NULL CHECK (verb IN ('ingest', 'import')),
  path TEXT NOT NULL,
  fingerprint TEXT NOT NULL,          -- XXH3-128 of the file's bytes
  options TEXT NOT NULL,              -- JSON object: what changes the meaning of the same bytes
  format TEXT NOT NULL,
  source TEXT,
  records_read INTEGER NOT NULL DEFAULT 0,
  records_kept INTEGER NOT NULL DEFAULT 0,
  records_dropped INTEGER NOT NULL DEFAULT 0,
  reader_state TEXT,                  -- JSON object: counters of the reader
  is_finished INTEGER NOT NULL DEFAULT 0 CHECK (is_finished IN (0, 1)),
  UNIQUE (verb, fingerprint, options)
) STRICT;

-- Raw instructions with their answers, as ingested; a mix draws examples from them.
CREATE TABLE source_records (
  source_record_id INTEGER PRIMARY KEY,
  input_file_id INTEGER NOT NULL REFERENCES input_files,
  source TEXT NOT NULL,
  id TEXT NOT NULL,                   -- not unique: split conversations repeat some
  conversation TEXT,                  -- what it was cut from
  category TEXT,
  license TEXT,
  instruction TEXT NOT NULL,
  input TEXT NOT NULL,
  output TEXT NOT NULL,
  additional_fields TEXT
) STRICT;
CREATE INDEX source_records_by_source ON source_records (source);

-- Records that a reader, a filter or a check refused, with the rule and the numbers.
CREATE TABLE dropped_records (
  dropped_record_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs,
  stage TEXT NOT NULL,
  rule TEXT NOT NULL,
  input_file_id INTEGER REFERENCES input_files,
  source_record_id INTEGER REFERENCES source_records,
  place TEXT,                         -- 'line 3', 'element 3'
  record_id TEXT,
  measured REAL,
  threshold REAL,
  message TEXT
) STRICT;
CREATE INDEX dropped_records_by_rule ON dropped_records (stage, rule);

-- Each mix that was made of the source records.
CREATE TABLE mixes (
  mix_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs,
  recipe_name TEXT NOT NULL,
  recipe TEXT NOT NULL,               -- JSON object, with the overrides of the command line
  fingerprint TEXT NOT NULL,          -- of recipe, tokenizer and source records
  made_at TEXT NOT NULL,
  summary TEXT NOT NULL
) STRICT;

-- What the last mix measured of each source record and decided; `explain` reads it.
CREATE TABLE mix_decisions (
  source_record_id INTEGER PRIMARY KEY REFERENCES source_records,
  mix_id INTEGER NOT NULL REFERENCES mixes,
  rule TEXT,                          -- NULL: kept
  measured REAL,
  threshold REAL,
  output_length INTEGER,
  input_length INTEGER,
  similarity REAL,
  detail TEXT
) STRICT;

-- The dataset: one row for each MixInstruct record, mixed or imported.
CREATE TABLE examples (
  example_id INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  occurrence INTEGER NOT NULL DEFAULT 0, -- counts records that share an id
  source TEXT,
  split TEXT CHECK (split IN ('train', 'dev', 'test')),
  position INTEGER NOT NULL,          -- order within the dataset
  instruction TEXT NOT NULL,
  input TEXT NOT NULL,
  output TEXT,                        -- the reference answer
  license TEXT,
  category TEXT,
  comparison_form TEXT CHECK (comparison_form IN ('object', 'string')),
  additional_fields TEXT,
  missing_fields TEXT,                -- standard fields that the record lacks, joined by commas
  source_record_id INTEGER REFERENCES source_records,
  input_file_id INTEGER REFERENCES input_files,
  UNIQUE (id, occurrence)
) STRICT;
CREATE INDEX examples_by_position ON examples (position);
CREATE INDEX examples_by_source_record ON examples (source_record_id)
  WHERE source_record_id IS NOT NULL;

-- The journal: every question that was put to a model server, and its answer.
CREATE TABLE requests (
  request_id INTEGER PRIMARY KEY,
  request_key BLOB NOT NULL UNIQUE,   -- hash of interface, model and body: same question, same row
  purpose TEXT NOT NULL CHECK (purpose IN ('candidate', 'verdict')),
  endpoint TEXT NOT NULL,
  model TEXT NOT NULL,                -- as sent
  state TEXT NOT NULL CHECK (
    state IN ('answered', 'empty', 'truncated', 'refused', 'malformed', 'failed')),
  body TEXT NOT NULL,
  text TEXT,                          -- the answer's text, when it has one
  response BLOB,                      -- the body as received
  http_status INTEGER,
  finish_reason TEXT,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  logprob_sum REAL,
  logprob_count INTEGER,
  cost_usd REAL,
  attempts INTEGER NOT NULL,
  latency_seconds REAL,
  error TEXT,
  asked_at TEXT NOT NULL,
  run_id INTEGER NOT NULL REFERENCES runs
) STRICT;

-- One model's answer to an example.
CREATE TABLE candidates (
  candidate_id INTEGER PRIMARY KEY,
  example_id INTEGER NOT NULL REFERENCES examples ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- order within the record
  model TEXT NOT NULL,
  decoding_method TEXT,
  text TEXT NOT NULL,
  scores TEXT,                        -- JSON object: the scores it was imported with
  additional_fields TEXT,
  missing_fields TEXT,
  request_id INTEGER REFERENCES requests, -- NULL: imported
  UNIQUE (example_id, position)
) STRICT;
CREATE UNIQUE INDEX candidates_collected ON candidates (example_id, model)
  WHERE request_id IS NOT NULL;

-- Ways to score a candidate; a different version or option is a different scorer.
CREATE TABLE scorers (
  scorer_id INTEGER PRIMARY KEY,
  metric TEXT NOT NULL,
  signature TEXT NOT NULL UNIQUE,
  higher_is_better INTEGER NOT NULL CHECK (higher_is_better IN (0, 1))
) STRICT;

-- Computed scores.
CREATE TABLE scores (
  candidate_id INTEGER NOT NULL REFERENCES candidates ON DELETE CASCADE,
  scorer_id INTEGER NOT NULL REFERENCES scorers,
  value REAL NOT NULL,
  PRIMARY KEY (candidate_id, scorer_id)
) STRICT, WITHOUT ROWID;

-- Who or what gives verdicts.
CREATE TABLE judges (
  judge_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('llm', 'human', 'ranker', 'metric', 'imported', 'derived')),
  details TEXT                        -- JSON object: prompt, model, parameters
) STRICT;

-- The ledger of verdicts. `candidate_a` was shown first. How ties and two orders combine is decided
-- by reports, never here.
CREATE TABLE verdicts (
  verdict_id INTEGER PRIMARY KEY,
  example_id INTEGER NOT NULL REFERENCES examples ON DELETE CASCADE,
  judge_id INTEGER NOT NULL REFERENCES judges,
  candidate_a INTEGER NOT NULL REFERENCES candidates ON DELETE CASCADE,
  candidate_b INTEGER NOT NULL REFERENCES candidates ON DELETE CASCADE,
  verdict TEXT CHECK (verdict IN ('A is better', 'B is better', 'Same good', 'Same bad')),
  logit REAL,                         -- of rankers: above 0, A is better
  preference REAL,                    -- of imported annotations: 1 is A, 2 is B
  parser TEXT,                        -- name and version, for verdicts read from text
  problem TEXT,                       -- why there is no verdict, or what is suspicious about it
  raw TEXT,                           -- the text it was read from, when no request holds it
  request_id INTEGER REFERENCES requests,
  run_id INTEGER NOT NULL REFERENCES runs,
  UNIQUE (example_id, judge_id, candidate_a, candidate_b),
  CHECK (candidate_a <> candidate_b)
) STRICT;
CREATE INDEX verdicts_by_candidate_a ON verdicts (candidate_a);
CREATE INDEX verdicts_by_candidate_b ON verdicts (candidate_b);

-- Orders of the candidates within each example, made by `aggregate` and by rankers.
CREATE TABLE rankings (
  ranking_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  details TEXT NOT NULL,              -- JSON object: policy, judge, tie policy
  run_id INTEGER NOT NULL REFERENCES runs
) STRICT;
CREATE TABLE ranks (
  ranking_id INTEGER NOT NULL REFERENCES rankings ON DELETE CASCADE,
  candidate_id INTEGER NOT NULL REFERENCES candidates ON DELETE CASCADE,
  score REAL NOT NULL,
  rank INTEGER NOT NULL,              -- 1 is best; equal scores share the better rank
  PRIMARY KEY (ranking_id, candidate_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ranks_by_candidate ON ranks (candidate_id);

-- All scores of all candidates under their metric's name, computed and imported.
CREATE VIEW candidate_scores AS
SELECT c.example_id, c.candidate_id, c.model, s.metric, v.value, s.signature
FROM scores v JOIN scorers s USING (scorer_id) JOIN candidates c USING (candidate_id)
UNION ALL
SELECT c.example_id, c.candidate_id, c.model, j.key, j.value, 'imported'
FROM candidates c, json_each(c.scores) j
WHERE j.type IN ('integer', 'real');

-- GPT-Rank by max-logits for each judge: a win counts 2, a loss -2, ties cancel.
CREATE VIEW gpt_rank AS
WITH points AS (
  SELECT example_id, judge_id, candidate_a AS candidate_id,
    CASE verdict WHEN 'A is better' THEN 2 WHEN 'B is better' THEN -2 ELSE 0 END AS point
  FROM verdicts WHERE verdict IS NOT NULL
  UNION ALL
  SELECT example_id, judge_id, candidate_b,
    CASE verdict WHEN 'A is better' THEN -2 WHEN 'B is better' THEN 2 ELSE 0 END
  FROM verdicts WHERE verdict IS NOT NULL
),
judged AS (SELECT DISTINCT example_id, judge_id FROM verdicts WHERE verdict IS NOT NULL)
SELECT e.id, e.example_id, j.name AS judge, c.candidate_id, c.model,
  coalesce(sum(p.point), 0) AS score,
  rank() OVER (
    PARTITION BY d.example_id, d.judge_id ORDER BY coalesce(sum(p.point), 0) DESC) AS rank
FROM judged d JOIN candidates c USING (example_id) JOIN examples e USING (example_id)
  JOIN judges j USING (judge_id)
  LEFT JOIN points p ON p.candidate_id = c.candidate_id AND p.judge_id = d.judge_id
GROUP BY d.example_id, d.judge_id, c.candidate_id;
