select sealed.field, h.id as member_id, sealed.value
from (select * from bank.holder order by id limit $1) h,
  lateral (values ('name', h.name), ('email', h.email), ('phone', h.phone)) sealed (field, value)
where sealed.value is not null
