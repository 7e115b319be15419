-- Lease due promotions that nobody holds, rollbacks first, oldest wake first. What it costs depends on what is due
-- and on which leases ran out, never on how many promotions or leases there are.
--
-- ARGV: epoch, operation, now of the caller, seconds of the lease, the most that are wanted, how many rollbacks more.
-- Answer: promotion and token, one after the other.

local operation, now, seconds, most, kept = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local answer = key('op:' .. operation)

local function lease(promotion, line, token)
  redis.call('ZADD', key('held'), redis.call('ZSCORE', line, promotion), promotion)
  redis.call('ZREM', line, promotion)
  grant(promotion, seconds)
  redis.call('HSET', key('tokens'), promotion, token)
end

local function claim_from(line, claims, at_most)
  local wanted = math.max(at_most - #claims / 2, 0) -- below zero a LIMIT is none
  for _, promotion in ipairs(redis.call('ZRANGEBYSCORE', line, '-inf', now, 'LIMIT', 0, wanted)) do
    local token = operation .. '.' .. (#claims / 2 + 1)
    lease(promotion, line, token)
    table.insert(claims, promotion)
    table.insert(claims, token)
  end
end

-- A claim whose answer was lost is sent again: claiming anew would leave the first ones to nobody for a whole lease.
local told = redis.call('GET', answer)
if told then
  return cjson.decode(told)
end

end_leases_that_ran_out()
local claims = {}
claim_from(key('due:rollbacks'), claims, most + kept)
claim_from(key('due:others'), claims, most)
if #claims > 0 then
  redis.call('SET', answer, cjson.encode(claims), 'EX', 60)
end
return claims
