-- One hash over all accepted attempts of a run. It stays when the rows of the run are purged, so a proof that was taken
-- before can still be checked.
create table run_manifest (
  run       integer not null references run,
  made_at   timestamptz not null,
  made_by   text not null,
  attempts  bigint not null check (attempts >= 0),
  unhashed  bigint not null check (unhashed between 0 and attempts),
  root      bytea not null check (octet_length(root) = 32),
  primary key (run, made_at)
);
comment on column run_manifest.attempts is 'accepted up to made_at: the leaves of the tree, by bill and attempt';
comment on column run_manifest.unhashed is 'those whose entry has no content_hash';
comment on column run_manifest.root is 'of the Merkle tree of RFC 6962 with SHA-256';
