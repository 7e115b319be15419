-- What one decision looks at beside its promotion, all of one moment.
--
-- ARGV: epoch, as JSON: keys of small documents, a place, queries (each with the number to go down from and the most that
-- are wanted), a promotion or ''.
-- Answer: the documents, the slot, for each query what find.lua answers, the promotion.

local wanted = cjson.decode(ARGV[2])

local function found_for(asked)
  local found, last = search(cjson.decode(asked.query), asked.before, tonumber(asked.most))
  local answer = { last }
  for _, promotion in ipairs(found) do
    table.insert(answer, promotion_document(promotion))
  end
  return answer
end

local function each(list, answer_of)
  local answers = {}
  for at, one in ipairs(list) do
    answers[at] = answer_of(one)
  end
  return answers
end

return {
  each(wanted.keys, small_document),
  slot_of(wanted.place),
  each(wanted.finds, found_for),
  promotion_document(wanted.promotion),
}
