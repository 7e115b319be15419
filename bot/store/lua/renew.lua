-- Hold on to a lease.
--
-- ARGV: epoch, promotion, token, seconds from here. Answer: 1, or 0 when it was lost.

local promotion, token, seconds = ARGV[2], ARGV[3], tonumber(ARGV[4])

if token_of(promotion) ~= token then
  return 0
end
grant(promotion, seconds)
return 1
