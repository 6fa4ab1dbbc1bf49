-- Figures by provider, as in rollup/by-provider-daily.json: the 30 days that end with asOf's, and bucket 'total' for all of them.
-- Trino (Athena), DuckDB and Spark SQL run this text as it is. Set the session's time zone to UTC; Athena's always is.
-- Set the values of settings below: they say what the figures are as of, and by which of the indexer's settings they are computed.
-- For the exported lake, replace raw_closes and raw_opens by lake_closes and lake_opens.
-- docs/scale.md, "The rows as a table", says what the columns mean and which figures are left out.
with
settings as (
  select
    cast(0 as bigint) as as_of_block, -- set this: asOfBlock of summary.json
    cast(0 as bigint) as as_of_time, -- set this: asOfTime of summary.json in Unix seconds
    cast(500 as bigint) as tps_clamp, -- TPS_CLAMP
    cast(1764547200 as bigint) as legacy_from, -- LEGACY_ESTIMATE_FROM in Unix seconds
    cast(1769904000 as bigint) as legacy_until, -- LEGACY_ESTIMATE_UNTIL in Unix seconds
    cast('' as varchar(4000)) as gateway_wallets -- GATEWAY_WALLETS in lower case with commas between, empty for none
),
closes as (
  select
    c.closedAt as event_time,
    lower(c.modelId) as model_id,
    lower(c.provider) as provider_id,
    lower(c.user) as wallet,
    case when c.closeoutType = 1 then 1 else 0 end as disputed,
    case when c.endsAt > 0 and c.closedAt < c.endsAt then 1 else 0 end as early,
    case when c.openedAt > 0 and c.endsAt > 0 then greatest(0, least(c.closedAt, c.endsAt) - c.openedAt) else 0 end as seconds,
    -- both totals or neither: half of them would pass for the whole
    case when c.inputTokens between 0 and 4294967295 and c.outputTokens between 0 and 4294967295 then c.inputTokens end as input_tokens,
    case when c.inputTokens between 0 and 4294967295 and c.outputTokens between 0 and 4294967295 then c.outputTokens end as output_tokens,
    case
      when c.schema >= 2 and c.receiptFormat = 'five-field' and c.tpsScaled1000 > 0
        and c.closedAt >= s.legacy_from and c.closedAt < s.legacy_until
      then least(c.tpsScaled1000, s.tps_clamp * 1000)
    end as estimate_tps,
    case when c.schema >= 2 and coalesce(c.closeoutType, 0) <> 1 and c.tpsScaled1000 > 0 then c.tpsScaled1000 end as tps_sample,
    case when c.schema >= 2 and coalesce(c.closeoutType, 0) <> 1 and c.ttftMs > 0 then c.ttftMs end as ttft_sample,
    s.tps_clamp * 1000 as clamp_tps,
    case
      when s.gateway_wallets = '' then null
      when position(lower(c.user) in s.gateway_wallets) > 0 then 1
      else 0
    end as gateway,
    coalesce(cast(c.stakeWei as decimal(38, 0)), 0) as stake_wei,
    coalesce(cast(c.paidWei as decimal(38, 0)), 0) as paid_wei,
    coalesce(cast(c.pricePerSecondWei as decimal(38, 0)), 0) as price_wei
  from raw_closes c cross join settings s
  where (c.retracted is null or not c.retracted)
    and (c.closedAt < s.as_of_time or (c.closedAt = s.as_of_time and coalesce(c.blockNumber, 0) <= s.as_of_block))
),
opens as (
  select
    o.openedAt as event_time,
    lower(o.modelId) as model_id,
    lower(o.provider) as provider_id,
    case when s.gateway_wallets = '' then null else 0 end as gateway
  from raw_opens o cross join settings s
  where (o.retracted is null or not o.retracted)
    and (o.openedAt < s.as_of_time or (o.openedAt = s.as_of_time and coalesce(o.blockNumber, 0) <= s.as_of_block))
),
events as (
  select
    event_time, model_id, provider_id, 0 as opened, 1 as closed, wallet, provider_id as close_provider, model_id as close_model,
    disputed, early, seconds, input_tokens, output_tokens,
    estimate_tps * seconds as estimate_milli,
    coalesce((input_tokens + output_tokens) * 1000, 0) + coalesce(estimate_tps * seconds, 0) as milli_tokens,
    case when output_tokens > 2000 * greatest(1, seconds) then 1 else 0 end as flagged,
    -- engines differ in what least() makes of null
    tps_sample, case when tps_sample is not null then least(tps_sample, clamp_tps) end as tps_clamped, ttft_sample, gateway,
    stake_wei, paid_wei, cast(price_wei * cast(seconds as decimal(19, 0)) as decimal(38, 0)) as earned_wei
  from closes
  union all
  select
    event_time, model_id, provider_id, 1, 0, null, null, null, 0, 0, 0, null, null, null, 0, 0, null, null, null, gateway, 0, 0, 0
  from opens
),
days as (
  select
    e.*,
    cast((e.event_time - e.event_time % 86400) / 86400 as bigint) as day_number,
    cast((s.as_of_time - s.as_of_time % 86400) / 86400 as bigint) as last_day
  from events e cross join settings s
),
-- What differs from query to query: id and bucket of each event.
placed as (
  select provider_id as id, cast(cast(date '1970-01-01' + interval '1' day * day_number as date) as varchar(10)) as bucket, days.*
  from days
  where provider_id is not null and day_number > last_day - 30
  union all
  select provider_id as id, 'total' as bucket, days.*
  from days
  where provider_id is not null and day_number > last_day - 30
),
tps_ranked as (
  select
    id, bucket, tps_sample as sample,
    row_number() over (partition by id, bucket order by tps_sample) as place,
    count(*) over (partition by id, bucket) as samples
  from placed
  where tps_sample > 0
),
tps as (
  -- nearest rank: the smallest sample that at least so many percent do not exceed
  select
    id, bucket,
    min(case when place * 100 >= samples * 50 then sample end) as p50,
    min(case when place * 100 >= samples * 95 then sample end) as p95,
    min(case when place * 100 >= samples * 99 then sample end) as p99
  from tps_ranked
  group by id, bucket
),
ttft_ranked as (
  select
    id, bucket, ttft_sample as sample,
    row_number() over (partition by id, bucket order by ttft_sample) as place,
    count(*) over (partition by id, bucket) as samples
  from placed
  where ttft_sample > 0
),
ttft as (
  select
    id, bucket,
    min(case when place * 100 >= samples * 50 then sample end) as p50,
    min(case when place * 100 >= samples * 95 then sample end) as p95,
    min(case when place * 100 >= samples * 99 then sample end) as p99
  from ttft_ranked
  group by id, bucket
),
sums as (
  select
    id,
    bucket,
    sum(opened) as sessionsOpened,
    sum(closed) as sessionsClosed,
    sum(disputed) as sessionsDisputed,
    sum(early) as sessionsClosedEarly,
    count(input_tokens) as sessionsWithTokens,
    count(estimate_milli) as sessionsLegacyEst,
    sum(closed) - count(input_tokens) - count(estimate_milli) as sessionsMissingTokens,
    sum(case when input_tokens + output_tokens = 0 then 1 else 0 end) as sessionsIdle,
    sum(flagged) as sessionsFlagged,
    cast(sum(milli_tokens) as decimal(30, 0)) * 0.001 as tokens,
    coalesce(sum(input_tokens + output_tokens), 0) as tokensReceipt,
    coalesce(sum(input_tokens), 0) as inputTokens,
    coalesce(sum(output_tokens), 0) as outputTokens,
    cast(coalesce(sum(estimate_milli), 0) as decimal(30, 0)) * 0.001 as tokensLegacyEst,
    cast(sum(case when disputed = 1 then milli_tokens else 0 end) as decimal(30, 0)) * 0.001 as tokensDisputed,
    sum(case when flagged = 1 then input_tokens + output_tokens else 0 end) as tokensFlagged,
    sum(seconds) as sessionSeconds,
    coalesce(sum(tps_sample), 0) as tpsScaled1000Sum,
    coalesce(sum(tps_clamped), 0) as tpsClampedScaled1000Sum,
    coalesce(sum(ttft_sample), 0) as ttftMsSum,
    count(tps_sample) as tpsSamples,
    count(ttft_sample) as ttftSamples,
    count(distinct wallet) as uniqueUsers,
    count(distinct close_provider) as uniqueProviders,
    count(distinct close_model) as uniqueModels,
    sum(stake_wei) as stakeWei,
    sum(paid_wei) as paidWei,
    sum(earned_wei) as earnedWei,
    sum(gateway) as sessionsGateway,
    cast(sum(case gateway when 1 then milli_tokens when 0 then 0 end) as decimal(30, 0)) * 0.001 as tokensGateway
  from placed
  group by id, bucket
)
select
  sums.*,
  cast(sums.tpsScaled1000Sum as double) / nullif(sums.tpsSamples, 0) / 1000 as avgTps,
  cast(sums.tpsClampedScaled1000Sum as double) / nullif(sums.tpsSamples, 0) / 1000 as avgTpsClamped,
  cast(sums.ttftMsSum as double) / nullif(sums.ttftSamples, 0) as avgTtftMs,
  cast(tps.p50 as decimal(20, 0)) * 0.001 as tpsP50,
  cast(tps.p95 as decimal(20, 0)) * 0.001 as tpsP95,
  cast(tps.p99 as decimal(20, 0)) * 0.001 as tpsP99,
  ttft.p50 as ttftMsP50,
  ttft.p95 as ttftMsP95,
  ttft.p99 as ttftMsP99
from sums
left join tps on tps.id = sums.id and tps.bucket = sums.bucket
left join ttft on ttft.id = sums.id and ttft.bucket = sums.bucket
order by id, bucket
