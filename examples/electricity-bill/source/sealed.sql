-- Nothing is sealed (CIPHER=none), but doctor also looks at the contacts.
select sealed.field, c.id as member_id, sealed.value
from (select * from power.customer order by id limit $1) c,
  lateral (values ('name', c.full_name), ('email', c.mail), ('phone', c.mobile)) sealed (field, value)
where sealed.value is not null
