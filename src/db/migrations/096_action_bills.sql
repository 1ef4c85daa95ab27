-- An action keeps how each of its bills stands. The check of this key took half of that time, and guarded nothing: no action is
-- ever deleted.
alter table bill_action_bill drop constraint if exists bill_action_bill_action_id_fkey;
