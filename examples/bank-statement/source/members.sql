select id as member_id, email, phone from bank.holder
