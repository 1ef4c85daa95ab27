select claimed.bill_id,
  jsonb_build_object(
    'member', h.id::text,
    'email', h.email,
    'phone', h.phone,
    'currency', s.currency,
    'fields', jsonb_build_object(
      'holder', jsonb_build_object('sealed', 'name', 'value', h.name),
      'account', jsonb_build_object('sealed', 'paymentNumber', 'value', s.account_number),
      'month', jsonb_build_object('month', s.month),
      'issued', jsonb_build_object('day', s.issued_at),
      'opening', s.opening_balance,
      'closing', s.closing_balance,
      'bookings', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'day', jsonb_build_object('date', b.booked_on), 'text', b.text,
          'amount', jsonb_build_object('money', b.amount)) order by b.id), '[]')
        from bank.booking b where b.statement_id = s.id))) as data,
  null::time as quiet_start, null::time as quiet_end
from claimed
join bank.statement s on s.id = claimed.bill_id and s.holder_id = claimed.member_id
join bank.holder h on h.id = s.holder_id
