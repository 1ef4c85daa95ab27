-- Answers to the question of a view link. A link is one bill's, of one cycle; a right answer deletes its row.
create table view_link_try (
  bill_id bigint not null,
  cycle   int not null,
  tries   int not null,
  last_at timestamptz not null default now(),
  primary key (bill_id, cycle)
);
