-- Promotions that match, newest first.
--
-- ARGV: epoch, the query as JSON, the number to go down from, the most that are wanted, 'ids' or 'documents'.
-- Answer: where to go on, or '' at the end; then what was found.

local found, last = search(cjson.decode(ARGV[2]), ARGV[3], tonumber(ARGV[4]))
local answer = { last }
for _, promotion in ipairs(found) do
  table.insert(answer, ARGV[5] == 'ids' and promotion or promotion_document(promotion))
end
return answer
