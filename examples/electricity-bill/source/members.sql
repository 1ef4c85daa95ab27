select id as member_id, mail as email, mobile as phone from power.customer
