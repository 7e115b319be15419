-- The document of one promotion.
--
-- ARGV: epoch, promotion.

return promotion_document(ARGV[2])
