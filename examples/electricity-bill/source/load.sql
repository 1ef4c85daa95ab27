select claimed.bill_id,
  jsonb_build_object(
    'member', c.id,
    'email', c.mail,
    'phone', c.mobile,
    'language', c.language,
    'nothingDue', i.total_cents <= 0,
    'fields', jsonb_build_object(
      'invoiceNumber', i.invoice_no,
      'customer', jsonb_build_object('sealed', 'name', 'value', c.full_name),
      'street', jsonb_build_object('sealed', 'address', 'value', c.street),
      'month', jsonb_build_object('month', i.period_start),
      'dueOn', jsonb_build_object('date', i.due_on),
      'meter', i.meter,
      'used', i.read_to - i.read_from,
      'isEstimated', i.is_estimated,
      'total', jsonb_build_object('money', i.total_cents),
      'lines', (
        select coalesce(jsonb_agg(
          jsonb_build_object('label', l.label, 'amount', jsonb_build_object('money', l.amount_cents))
          order by l.position), '[]')
        from power.invoice_line l where l.invoice_id = i.id))) as data,
  c.rest_from as quiet_start, c.rest_until as quiet_end
from claimed
join power.invoice i on i.id = claimed.bill_id and i.customer_id = claimed.member_id
join power.customer c on c.id = i.customer_id
