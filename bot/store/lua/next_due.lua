-- When the next promotion is due that nobody holds, and in how many microseconds the first lease ends: whoever held
-- that one may be dead.
--
-- ARGV: epoch. Answer: the heads of the two lines and that time, each '' for none.

local function head(name)
  return redis.call('ZRANGE', key(name), 0, 0, 'WITHSCORES')[2] or ''
end

end_leases_that_ran_out()
local ends = head('leased')
return { head('due:rollbacks'), head('due:others'), ends ~= '' and whole(ends - NOW) or '' }
