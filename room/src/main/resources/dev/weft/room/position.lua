-- Where a room's stream ends.
-- KEYS[1]  stream of the room
-- returns  the id of its last entry; nil if there is none
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
return last and last[1]
