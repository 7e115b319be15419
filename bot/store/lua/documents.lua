-- Small documents.
--
-- ARGV: epoch, their keys.

local found = {}
for place = 2, #ARGV do
  found[place - 1] = small_document(ARGV[place])
end
return found
