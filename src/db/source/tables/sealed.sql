-- What is stored sealed of the first and the last $1 members and bills. By primary key from both ends, so it costs the
-- same for any number of rows.
with members as (
  (select id, name, email, phone, address from member order by id limit $1) union
  (select id, name, email, phone, address from member order by id desc limit $1)
), bills as (
  (select id, member_id, payment_owner_name, payment_number from bill order by id limit $1) union
  (select id, member_id, payment_owner_name, payment_number from bill order by id desc limit $1)
)
select field, member_id, value from (
  select 1, id, id, sealed.* from members,
    lateral (values ('name', name), ('email', email), ('phone', phone), ('address', address)) sealed
  union all
  select 2, id, member_id, sealed.* from bills,
    lateral (values ('paymentOwnerName', payment_owner_name), ('paymentNumber', payment_number)) sealed
) as stored (part, id, member_id, field, value)
where value is not null
order by part, id
