-- The check of this key took half of the time in which an action keeps how its bills stand. Nothing deletes an action.
alter table bill_action_bill drop constraint if exists bill_action_bill_action_id_fkey;
