-- The bills of a month, in the order of their ids, for what people select by month. `bill` never changes on the
-- path of a bill, so this costs the path nothing; there is still no index on a bill's state.
create index bill_of_month on bill (billing_month, id);

-- What a support agent asks: which records came for this bill and could not be used. Kafka's key is the bill id as
-- text; longer keys are nobody's bill.
create index poison_record_of_bill on poison_record (key) where octet_length(key) <= 19;

-- The switches over the whole cluster, one row, made by the first one that is thrown. A switch is thrown while
-- its time is set; who threw it first stays until it is cleared.
--
-- paused            a person: nothing is claimed and nothing is sent
-- fallback_stopped  the guard rail: too many e-mails are refused, so no SMS starts until a person resumes it
-- email_, sms_stopped  a provider's settings are wrong: the channel stops until it works again, or a person says so
create table control (
  only_row             boolean primary key default true check (only_row),
  paused_at            timestamptz,
  paused_by            text,
  pause_reason         text,
  fallback_stopped_at  timestamptz,
  fallback_stopped_by  text,
  fallback_stop_reason text,
  fallback_resumed_at  timestamptz,
  email_stopped_at     timestamptz,
  email_stopped_by     text,
  email_stop_reason    text,
  sms_stopped_at       timestamptz,
  sms_stopped_by       text,
  sms_stop_reason      text,
  resumed_at           timestamptz,
  resumed_by           text,
  resume_reason        text,
  constraint pause_is_signed check (
    (paused_at is null) = (paused_by is null) and (pause_reason is null or paused_at is not null)),
  constraint fallback_stop_is_signed check (
    (fallback_stopped_at is null) = (fallback_stopped_by is null)
    and (fallback_stop_reason is null or fallback_stopped_at is not null)),
  constraint email_stop_is_signed check (
    (email_stopped_at is null) = (email_stopped_by is null)
    and (email_stop_reason is null or email_stopped_at is not null)),
  constraint sms_stop_is_signed check (
    (sms_stopped_at is null) = (sms_stopped_by is null)
    and (sms_stop_reason is null or sms_stopped_at is not null)),
  constraint resume_is_signed check (
    (resumed_at is null) = (resumed_by is null) and (resume_reason is null or resumed_at is not null))
);
comment on column control.fallback_resumed_at is 'the guard rail counts refusals from here on';
comment on column control.resumed_at is 'when a switch, whichever, was last cleared';
