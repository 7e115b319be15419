-- Which promotion is looked at when, and by whom: shared by the scripts that schedule, claim and give back.
--
-- A promotion that is due some time has one wake. While nobody holds it, it stands in one of two lines, rollbacks or
-- others, so that a tick reads the heads of two lines and nothing else. Who claims it takes it out of its line: its
-- wake is then kept in `held`, the end of its lease in `leased`, and its token in `tokens`.
-- A wake by somebody else's commit (`woken`) stays until a worker has looked: a put by someone who read the world
-- before that commit cannot know what it changed, and must not take the wake away.
-- A lease lasts no longer than the longest that was ever granted (`lease` in meta): were Redis' clock set back an hour,
-- or that of a new master behind, the promotions of the dead would else belong to them for an hour more.
-- What is not settled and has no wake is `owed`: it is made due when a process opens the store.

local clock = redis.call('TIME')
local NOW = clock[1] * 1000000 + clock[2] -- microseconds of Redis' own clock, which all replicas share

local function whole(number)
  return string.format('%.0f', number)
end

local longest = tonumber(redis.call('HGET', META, 'lease') or '0') -- microseconds

local function line_of(record)
  return key(record.kind == 'rollback' and 'due:rollbacks' or 'due:others')
end

local function grant(promotion, seconds)
  local length = math.floor(seconds * 1000000)
  if length > longest then
    longest = length
    redis.call('HSET', META, 'lease', whole(length))
  end
  redis.call('ZADD', key('leased'), whole(NOW + length), promotion)
end

local function has_run_out(ends)
  return tonumber(ends) <= NOW or tonumber(ends) > NOW + longest
end

-- The token of whoever holds a promotion. A lease that ran out is none, whoever still believes in it.
local function token_of(promotion)
  local ends = redis.call('ZSCORE', key('leased'), promotion)
  return ends and not has_run_out(ends) and redis.call('HGET', key('tokens'), promotion) or nil
end

-- Whoever is not looked after by a worker any more goes back to the line with the wake that it has.
local function end_lease(promotion, record)
  local wake = redis.call('ZSCORE', key('held'), promotion)
  redis.call('ZREM', key('leased'), promotion)
  redis.call('ZREM', key('held'), promotion)
  redis.call('ZREM', key('touched'), promotion)
  redis.call('HDEL', key('tokens'), promotion)
  if wake then
    redis.call('ZADD', line_of(record), wake, promotion)
  end
end

local function end_lease_that_ran_out(promotion, record)
  local ends = redis.call('ZSCORE', key('leased'), promotion)
  if ends and has_run_out(ends) then
    end_lease(promotion, record)
  end
end

local function end_leases_between(first, last)
  for _, promotion in ipairs(redis.call('ZRANGEBYSCORE', key('leased'), first, last)) do
    end_lease(promotion, stored(promotion))
  end
end

local function end_leases_that_ran_out()
  end_leases_between('-inf', whole(NOW))
  end_leases_between('(' .. whole(NOW + longest), '+inf')
end

local function where(promotion, record)
  return token_of(promotion) and key('held') or line_of(record)
end

-- Note on a lease, if there is one, that its holder has not seen everything.
local function touch(promotion, at)
  if token_of(promotion) then
    redis.call('ZADD', key('touched'), 'LT', at, promotion)
  end
end

local function is_woken(promotion)
  return redis.call('SISMEMBER', key('woken'), promotion) == 1
end

local function set_wake(promotion, record, wake, keep_woken)
  if not keep_woken then
    redis.call('SREM', key('woken'), promotion)
  end
  local at = where(promotion, record)
  if wake then
    redis.call('SREM', key('owed'), promotion)
    if is_woken(promotion) then
      redis.call('ZADD', at, 'LT', wake, promotion)
    else
      redis.call('ZADD', at, wake, promotion)
    end
  elseif not redis.call('ZSCORE', at, promotion) then
    redis.call('SADD', key('owed'), promotion) -- what is not settled is never forgotten
  end
end

-- Take a settled promotion out of the index, unless a wake came that nobody has looked at.
local function forget(promotion, record, keep_woken)
  redis.call('SREM', key('owed'), promotion)
  if keep_woken and is_woken(promotion) then
    return
  end
  redis.call('SREM', key('woken'), promotion)
  redis.call('ZREM', where(promotion, record), promotion)
end

-- Make a promotion due, settled or not, and never later than it is already. An unknown one is ignored.
local function wake_up(promotion, at)
  local record = stored(promotion)
  if not record then
    return
  end
  end_lease_that_ran_out(promotion, record)
  redis.call('ZADD', where(promotion, record), 'LT', at, promotion)
  redis.call('SADD', key('woken'), promotion)
  redis.call('SREM', key('owed'), promotion)
  touch(promotion, at)
end
