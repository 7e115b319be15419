-- Give a lease back and say when the promotion is due next. One that was touched meanwhile is due at once; a lost
-- lease changes nothing, and so does giving the same one back twice.
--
-- ARGV: epoch, promotion, token, wake or '', '1' when it is settled.

local promotion, token, wake, settled = ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'

if token_of(promotion) ~= token then
  return
end
local record = stored(promotion)
local touched = redis.call('ZSCORE', key('touched'), promotion)
if settled and not touched then
  forget(promotion, record, false)
else
  set_wake(promotion, record, touched or wake ~= '' and wake or nil, false)
end
end_lease(promotion, record)
