-- The members' contacts, as they are stored.
select id as member_id, email, phone from member
