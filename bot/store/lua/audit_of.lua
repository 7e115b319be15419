-- The newest rows of the audit chain about one subject, oldest first: by their numbers, without reading the chain.
--
-- ARGV: epoch, subject, the most that are wanted.
-- Answer: for each row the one before it and itself; the first of all has none before it.

local numbers = {}
for number in string.gmatch(redis.call('HGET', key('audit:of'), ARGV[2]) or '', '%d+') do
  table.insert(numbers, number)
end
local rows = {}
for at = math.max(1, #numbers - ARGV[3] + 1), #numbers do
  local before = string.format('%.0f', numbers[at] - 1)
  table.insert(rows, redis.call('XRANGE', key('audit'), before .. '-0', numbers[at] .. '-0'))
end
return rows
